package theory

import (
	"math"

	"github.com/pkg/errors"
)

// ErrSlope is the cause of the error for a slope that is not the derivative of the function.
var ErrSlope = errors.New("wrong slope")

// candidate is a function to judge, its slope, which may be nil, and the options.
type candidate struct {
	f     Function
	slope func(x float64) float64
	o     Options
}

func newCandidate(f, slope func(x float64) float64, o Options) (candidate, error) {
	o, err := o.complete()
	c := candidate{Function{f, o.Kinks}, slope, o}
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

// growth is the factor by which the layer multiplies the variance of the gradients on their way back, tau E[f'(z)^2], where m are the
// moments of its inputs: Klambauer et al. 2017, and Poole et al. 2016. It is NaN without a slope, and where
// that moment does not exist.
func (c candidate) growth(m Moments) float64 {
	if c.slope == nil {
		return math.NaN()
	}
	z, err := c.layer().input(m)
	if err != nil {
		return math.NaN()
	}
	s, err := c.slopes(z)
	if err != nil {
		return math.NaN()
	}
	return c.o.Weights.Tau * s[1]
}

// slopes returns E f'(z), E f'(z)^2 and E |f'(z)|.
func (c candidate) slopes(z Moments) (sums, error) {
	s := math.Sqrt(z.Variance)
	value := func(x float64) (v, size sums) {
		d := c.slope(z.Mean + s*x)
		v[0], v[1], v[2] = d, d*d, math.Abs(d)
		return v, sums{v[2] + 0.02, v[1] + 0.02, v[2] + 0.02}
	}
	if s == 0 {
		v, _ := value(0)
		return v, nil
	}
	v, err := expect(c.f.breakpoints(z.Mean, s), value)
	return v, errors.Wrapf(err, "theory: the slope at mean %v and variance %v", z.Mean, z.Variance)
}

// checkSlope compares the slope with differences of f at many points, and its mean with E[f(z) x]/s, where x = (z - m)/s, which are equal by
// integration by parts, but for the jumps of f.
func (c candidate) checkSlope(z Moments) error {
	if c.slope == nil {
		return nil
	}
	mean, err := c.slopes(z)
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
	f, d := c.f.F, c.slope(x)
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
