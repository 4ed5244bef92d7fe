package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Verdict is the answer of [Judge].
type Verdict struct {
	// SelfNormalizing means that a fixed point close to Target attracts (its mean within 0.1 standard deviations, its variance
	// within 0.8 to 1.5 times that of Target, as in Theorem 1 of the paper), and that all Starts come close to it within Layers.
	SelfNormalizing bool
	// Fixed are the fixed points found, first that which a network reaches from Target, if it reaches one (HasFixed).
	Fixed    []FixedPoint
	HasFixed bool
	// Path holds the moments from Target on, layer by layer. It ends early where they do not exist or overflow: PathErr says why.
	Path    []Moments
	PathErr error
	// Journeys say where the Starts lead.
	Journeys []Journey
	// Growth is the factor by which a layer multiplies the variance of the gradients, on their way back, at the first fixed point, and
	// TotalGrowth that of all layers of Path together. They hold for layers of equal width, and are NaN if no slope is given; Growth is also NaN
	// without a fixed point of positive variance.
	Growth, TotalGrowth float64
	// Reason is the verdict in words.
	Reason string
	// Options are those of the call, with the defaults filled in.
	Options Options
}

// Journey is a start, and where it leads after all layers. Err is the error of the layer at which it ends early.
type Journey struct {
	Start, End Moments
	Err        error
}

// String returns the verdict in words, in one line.
func (v Verdict) String() string { return v.Reason }

// Judge determines whether a network with the activation f will normalize itself, before any training: it finds the fixed points of the moment
// map with random weights (Layer.Pooled), their rates, where other moments lead, and how gradients grow (Klambauer et al. 2017). The slope is the
// derivative of f. It is compared with f; nil means that nothing is said about gradients.
//
// It returns an error if f is nil, not finite, too rough or grows too fast for its moments to exist; the cause is [ErrSlope] for a slope
// that is not that of f, and [ErrDomain] for bad options. An f that is merely unsuitable is no error: the verdict says why.
func Judge(f, slope func(x float64) float64, o Options) (Verdict, error) {
	c, err := newCandidate(f, slope, o)
	if err != nil {
		return Verdict{}, err
	}
	return c.judge(), nil
}

func (c candidate) judge() Verdict {
	v := Verdict{Options: c.o, Growth: math.NaN(), TotalGrowth: 1}
	if first, err := c.fixed(); err == nil {
		v.HasFixed, v.Fixed = true, []FixedPoint{first}
		if first.Variance > 0 {
			v.Growth = c.growth(first.Moments)
		}
	}
	v.Path, v.PathErr = c.follow(c.o.Target)
	for _, m := range v.Path[:len(v.Path)-1] {
		v.TotalGrowth *= c.growth(m)
	}
	for _, s := range c.o.Starts {
		path, err := c.follow(s)
		j := Journey{s, path[len(path)-1], err}
		v.Journeys = append(v.Journeys, j)
		if err == nil {
			v.add(c, j.End)
		}
	}
	v.SelfNormalizing, v.Reason = v.decide()
	return v
}

// fixed returns the fixed point that the network reaches from Target.
func (c candidate) fixed() (FixedPoint, error) {
	l := c.layer()
	next, err := l.Map(c.o.Target)
	if err != nil {
		return FixedPoint{}, err
	}
	// Target itself may be a fixed point that does not attract: rounding would lead away from it.
	if t := c.o.Target; next.distance(t) <= 1e-13*(math.Abs(t.Mean)+t.Variance) {
		return l.fixedAt(t)
	}
	return l.settle(c.o.Target, 8*newtonStep)
}

// follow returns the moments of all layers, at least those of the start, and the error of the layer at which they end early.
func (c candidate) follow(m Moments) ([]Moments, error) {
	path := []Moments{m}
	for i := range c.o.Layers {
		next, err := c.layer().Map(m)
		if err != nil {
			return path, errors.Wrapf(err, "theory: layer %d", i+1)
		}
		m = next
		path = append(path, m)
	}
	return path, nil
}

// add adds the fixed point that the network reaches from m, unless it is known or too far away.
func (v *Verdict) add(c candidate, m Moments) {
	const most = 4
	if len(v.Fixed) >= most || m.Variance < 1e-6*v.Options.Target.Variance {
		return
	}
	for _, f := range v.Fixed {
		if gap(m, f.Moments) < 0.1 {
			return
		}
	}
	f, err := c.layer().settle(m, newtonStep)
	if err != nil || f.Variance == 0 {
		return
	}
	for _, known := range v.Fixed {
		if gap(f.Moments, known.Moments) < 1e-6 {
			return
		}
	}
	v.Fixed = append(v.Fixed, f)
}

// gap is the distance of m from a fixed point: in the mean, relative to its standard deviation, or in the logarithm of the variance.
func gap(m, fixed Moments) float64 {
	if m.Variance == fixed.Variance {
		return math.Abs(m.Mean-fixed.Mean) / math.Sqrt(math.Max(fixed.Variance, math.SmallestNonzeroFloat64))
	}
	return math.Max(math.Abs(m.Mean-fixed.Mean)/math.Sqrt(fixed.Variance), math.Abs(math.Log(m.Variance/fixed.Variance)))
}
