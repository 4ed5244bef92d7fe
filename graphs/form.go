package graphs

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// Form determines how layer widths change with depth.
type Form int

const (
	// Rectangular layers all have the same size.
	Rectangular Form = iota
	// Conic layers fall geometrically from the first size to the size of the output.
	Conic
	// Diavolo layers fall geometrically to half the first size in the middle and rise again, as an hourglass does.
	Diavolo
)

var formNames = []string{"rectangular", "conic", "diavolo"}

func (f Form) String() string {
	if f >= 0 && int(f) < len(formNames) {
		return formNames[f]
	}
	return fmt.Sprintf("Form(%d)", int(f))
}

// ParseForm returns the form of that name, or an error that lists the names.
func ParseForm(s string) (Form, error) {
	for i, name := range formNames {
		if s == name {
			return Form(i), nil
		}
	}
	return 0, errors.Errorf("form %q, want one of %v", s, formNames)
}

// MarshalText implements encoding.TextMarshaler: a form is its name in JSON.
func (f Form) MarshalText() ([]byte, error) {
	if f < 0 || int(f) >= len(formNames) {
		return nil, errors.Errorf("%v has no name", f)
	}
	return []byte(formNames[f]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (f *Form) UnmarshalText(text []byte) (err error) {
	*f, err = ParseForm(string(text))
	return err
}

// Sizes returns the sizes of n hidden layers, the first of which has the given number of units, before an output of
// the given size. In conic form layer i of 0 ... n-1 has units (outputs/units)^(i/n), rounded. In diavolo form it has
// units 2^-d, where d falls from 1 in the middle to 0 at both ends; fewer than three layers have no middle.
// Negative n, units or outputs count as 0, and n as at most 2^20.
func (f Form) Sizes(n, units, outputs int) []int {
	sizes := make([]int, min(max(n, 0), maxLayers))
	n, units, outputs = len(sizes), max(units, 0), max(outputs, 0)
	for i := range sizes {
		sizes[i] = units
		switch f {
		case Conic:
			ratio := float64(outputs) / float64(max(units, 1))
			sizes[i] = max(1, int(math.Round(float64(units)*math.Pow(ratio, float64(i)/float64(n)))))
		case Diavolo:
			if middle := float64(n-1) / 2; n > 2 {
				depth := 1 - math.Abs(float64(i)-middle)/middle
				sizes[i] = max(1, int(math.Round(float64(units)*math.Exp2(-depth))))
			}
		}
	}
	return sizes
}
