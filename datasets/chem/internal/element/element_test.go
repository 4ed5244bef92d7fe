package element

import "testing"

func TestElements(t *testing.T) {
	for n := 1; n <= Max; n++ {
		e := Table[n]
		if Named(e.Symbol) != uint8(n) {
			t.Errorf("element %d: symbol %q", n, e.Symbol)
		}
		if e.Mass < 1 || e.Outer < 1 || n > 1 && e.Mass < 0.97*Table[n-1].Mass {
			t.Errorf("%s: mass %v, %d outer electrons", e.Symbol, e.Mass, e.Outer)
		}
		for k := 1; k < len(e.Valence); k++ {
			if e.Valence[k] <= e.Valence[k-1] && e.Valence[k] != -1 {
				t.Errorf("%s: valences %v", e.Symbol, e.Valence)
			}
		}
	}
	for _, s := range []string{"", "Xx", "c", "CL", "Uup", "C1", "*"} {
		if n := Named(s); n != 0 {
			t.Errorf("%q is element %d", s, n)
		}
	}
}
