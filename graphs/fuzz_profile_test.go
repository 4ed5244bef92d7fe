package graphs_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
)

// Whatever the name of a form, what is accepted is printed as it was read.
func FuzzWidthProfile(f *testing.F) {
	for _, s := range []string{"rectangular", "conic", "diavolo", "", "Conic", "conic "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := graphs.ParseWidthProfile(text)
		if err != nil {
			return
		}
		if again, err := graphs.ParseWidthProfile(p.String()); err != nil || again != p {
			t.Errorf("%q is %v, then %v (%v)", text, p, again, err)
		}
	})
}
