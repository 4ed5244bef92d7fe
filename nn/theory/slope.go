package theory

import (
	"math"

	"github.com/pkg/errors"
)

// ErrSlope is the cause of the error for a slope that is not the derivative of the function.
var ErrSlope = errors.New("wrong slope")

// candidate is a function to judge, whose slope may be nil, and the options.
type candidate struct {
	f Function
	o Options
}

func newCandidate(f, slope func(x float64) float64, o Options) (candidate, error) {
	o, err := o.complete()
	c := candidate{Function{F: f, Kinks: o.Kinks, Slope: slope}, o}
	if err != nil {
		return c, err
	}
	z, err := c.layer().input(o.Target)
	if err != nil {
		return c, err
	}
	if z.Variance == 0 {
		return c, errors.Wrap(ErrDomain, "theory: weights with tau 0")
	}
	if _, err := c.f.Moments(z); err != nil {
		return c, err
	}
	return c, c.checkSlope(z)
}

// layer is the map of the moments in a network with random weights.
func (c candidate) layer() Layer { return Layer{Activation: c.f, Weights: c.o.Weights, Pooled: true} }

// growth is Layer.Growth. It is NaN without a slope, and where that moment does not exist.
func (c candidate) growth(m Moments) float64 {
	if c.f.Slope == nil {
		return math.NaN()
	}
	growth, err := c.layer().Growth(m)
	if err != nil {
		return math.NaN()
	}
	return growth
}

// checkSlope compares the slope with differences of f at many points, and its mean with E[f(z) x]/s, where x = (z - m)/s, which are equal by
// integration by parts, but for the jumps of f.
func (c candidate) checkSlope(z Moments) error {
	if c.f.Slope == nil {
		return nil
	}
	mean, err := c.f.slopeSums(z)
	if err != nil {
		return err
	}
	s := math.Sqrt(z.Variance)
	for i := range 161 {
		// Outward from the mean. The offset keeps away from 0 and other round numbers, where kinks are.
		x := 0.1 * float64((i+1)/2)
		if i%2 == 1 {
			x = -x
		}
		if err := c.compareSlope(z.Mean+s*(x+0.0377), mean[2]); err != nil {
			return err
		}
	}
	j, err := c.f.Jacobian(z) // its first element is the derivative of E f(z) by the mean of z
	if err != nil {
		return err
	}
	want := j[0][0]
	for _, k := range c.f.Kinks {
		d, x := 1e-9*(1+math.Abs(k)), (k-z.Mean)/s
		jump := c.f.F(k+d) - c.f.F(k-d)
		if math.Abs(jump) > 1e-6*(mean[2]+math.Abs(c.f.F(k))) {
			want -= jump * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) / s
		}
	}
	if !(math.Abs(mean[0]-want) <= 1e-6*(mean[2]+math.Abs(want))) {
		return errors.Wrapf(ErrSlope, "theory: for z with mean %.4g and variance %.4g the slope has the mean %.6g, but that of the function's changes is %.6g; does it jump at a point that Kinks lacks?",
			z.Mean, z.Variance, mean[0], want)
	}
	return nil
}

// compareSlope compares the slope at x with differences of f. Close to a kink that is not listed, it may agree with one side.
func (c candidate) compareSlope(x, typical float64) error {
	h := 1e-3 * (1 + math.Abs(x)/10)
	for _, k := range c.f.Kinks {
		if math.Abs(x-k) <= 3*h {
			return nil
		}
	}
	f, d := c.f.F, c.f.Slope(x)
	want := (8*(f(x+h)-f(x-h)) - (f(x+2*h) - f(x-2*h))) / (12 * h)
	rounding := 1e-13 * math.Abs(f(x)) / h
	if math.Abs(d-want) <= 1e-5*(math.Abs(want)+typical)+rounding {
		return nil
	}
	for _, side := range []float64{h, -h} {
		one := (-3*f(x) + 4*f(x+side) - f(x+2*side)) / (2 * side)
		other := (-3*f(x) + 4*f(x-side) - f(x-2*side)) / (-2 * side)
		if math.Abs(d-one) <= 1e-4*(math.Abs(one)+typical)+rounding && math.Abs(one-other) > 1e-2*(math.Abs(one)+typical) {
			return nil
		}
	}
	return errors.Wrapf(ErrSlope, "theory: the slope at x = %.4g is %.6g, but the function changes by %.6g per unit there", x, d, want)
}
