package graphs

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// WidthProfile determines how layer widths change with depth.
type WidthProfile int

const (
	// Rectangular layers all have the same width.
	Rectangular WidthProfile = iota
	// Conic widths fall geometrically from the first width to that of the output.
	Conic
	// Diavolo widths fall geometrically to half the first width in the middle and rise again, like an hourglass.
	Diavolo
)

var profileNames = []string{"rectangular", "conic", "diavolo"}

func (p WidthProfile) String() string {
	if p >= 0 && int(p) < len(profileNames) {
		return profileNames[p]
	}
	return fmt.Sprintf("WidthProfile(%d)", int(p))
}

// ParseWidthProfile returns the profile of that name, or an error that lists the names.
func ParseWidthProfile(s string) (WidthProfile, error) {
	for i, name := range profileNames {
		if s == name {
			return WidthProfile(i), nil
		}
	}
	return 0, errors.Errorf("width profile %q, want one of %v", s, profileNames)
}

// MarshalText implements encoding.TextMarshaler: a profile is its name in JSON.
func (p WidthProfile) MarshalText() ([]byte, error) {
	if p < 0 || int(p) >= len(profileNames) {
		return nil, errors.Errorf("%v has no name", p)
	}
	return []byte(profileNames[p]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *WidthProfile) UnmarshalText(text []byte) (err error) {
	*p, err = ParseWidthProfile(string(text))
	return err
}

// Sizes returns the widths of n hidden layers, given the width of the first, units, and of the output. In the conic profile, layer
// i of 0 ... n-1 has the width units (outputs/units)^(i/n), rounded. In the diavolo profile it has the width units 2^-d, where d falls
// linearly from 1 in the middle to 0 at both ends; fewer than three layers are rectangular. Negative arguments count as 0, and n is
// limited to 2^14.
func (p WidthProfile) Sizes(n, units, outputs int) []int {
	sizes := make([]int, min(max(n, 0), maxLayers))
	n, units, outputs = len(sizes), max(units, 0), max(outputs, 0)
	for i := range sizes {
		sizes[i] = units
		switch p {
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
