package element

import (
	"math"
	"strings"
	"testing"
)

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

// TestIsotopes: each element has isotopes, in the order of the table, whose masses are about their mass numbers.
func TestIsotopes(t *testing.T) {
	if lines := strings.Count(isotopeText, "\n"); lines != Max {
		t.Fatalf("%d lines for %d elements", lines, Max)
	}
	n := 1
	for line := range strings.Lines(isotopeText) {
		if !strings.HasPrefix(line, Table[n].Symbol+" ") {
			t.Errorf("line %d is not that of %s", n, Table[n].Symbol)
		}
		e := isotopeTable()[n]
		for k, mass := range e.masses {
			if math.Abs(mass-float64(e.lowest+k)) > 0.3 || Mass(uint8(n), uint16(e.lowest+k)) != mass {
				t.Errorf("%d%s has the mass %v", e.lowest+k, Table[n].Symbol, mass)
			}
		}
		if common := CommonMass(uint8(n)); math.Abs(common-float64(e.common)) > 0.3 {
			t.Errorf("the common isotope of %s has the mass %v, its mass number is %d", Table[n].Symbol, common, e.common)
		}
		n++
	}
	if Mass(6, 0) != Table[6].Mass || Mass(6, 200) != 200 || Mass(0, 7) != 0 || CommonMass(0) != 0 {
		t.Error("without a known isotope: want the average mass, the mass number, 0 for a wildcard")
	}
}
