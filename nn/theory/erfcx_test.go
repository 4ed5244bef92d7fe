package theory

import (
	"math"
	"testing"
)

// The values were computed with 60 digits by mpmath.
func TestErfcx(t *testing.T) {
	for _, test := range []struct{ x, want float64 }{
		{0.0, 1.0},
		{0.3, 0.73459933456765514992},
		{0.999, 0.42785694262141683303},
		{2.0, 0.25539567631050574387},
		{5.5, 0.10096221839949908823},
		{9.999, 0.056146552603965939885},
		{10.0, 0.056140992743822585858},
		{10.5, 0.053491899746564116726},
		{26.7, 0.021115906641710220456},
		{1000.0, 0.0005641893014533876542},
		{10000000000.0, 5.6418958354775628695e-11},
		{math.Inf(1), 0},
	} {
		if got := erfcx(test.x); math.Abs(got-test.want) > 2e-15*test.want {
			t.Errorf("erfcx(%v) = %v, want %v", test.x, got, test.want)
		}
	}
}
