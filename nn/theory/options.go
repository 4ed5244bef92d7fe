package theory

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Options are the settings of [Judge] and [Normalize]. The zero value asks for the fixed point (0, 1) under LeCun weights.
type Options struct {
	// Weights are those of a unit, in expectation. The zero value means [LeCun].
	Weights Weights
	// Target holds the moments that the network should keep. The zero value means [Normalized].
	Target Moments
	// Layers is the depth of the network, at most 1,000. 0 means 32.
	Layers int
	// Kinks are the points where the function or its slope jumps. A jump of the function must be listed; see [Function] for the others.
	Kinks []float64
	// Starts are the moments of inputs from which the network must reach the fixed point. Nil means 25 of them: means up to one standard
	// deviation of Target from its mean, and variances from 1/4 to 4 times its variance.
	Starts []Moments
}

const maxJudged = 1000 // layers

// complete checks the options and fills in defaults.
func (o Options) complete() (Options, error) {
	if o.Weights == (Weights{}) {
		o.Weights = LeCun
	}
	if o.Target == (Moments{}) {
		o.Target = Normalized
	}
	if o.Layers == 0 {
		o.Layers = 32
	}
	if o.Layers < 1 || o.Layers > maxJudged {
		return o, errors.Wrapf(ErrDomain, "theory: %d layers, want 1 to %d", o.Layers, maxJudged)
	}
	if err := o.Target.check("the target"); err != nil {
		return o, err
	}
	if o.Target.Variance == 0 {
		return o, errors.Wrap(ErrDomain, "theory: the target has variance 0")
	}
	for _, s := range o.Starts {
		if err := s.check("a start"); err != nil {
			return o, err
		}
	}
	if len(o.Starts) > maxJudged {
		return o, errors.Wrapf(ErrDomain, "theory: %d starts, want at most %d", len(o.Starts), maxJudged)
	}
	if o.Starts == nil {
		o.Starts = around(o.Target)
	}
	o.Kinks = slices.Clone(o.Kinks)
	return o, nil
}

// around returns the default starts.
func around(m Moments) (all []Moments) {
	for _, mean := range []float64{-1, -0.5, 0, 0.5, 1} {
		for _, variance := range []float64{0.25, 0.5, 1, 2, 4} {
			all = append(all, Moments{m.Mean + mean*math.Sqrt(m.Variance), variance * m.Variance})
		}
	}
	return all
}
