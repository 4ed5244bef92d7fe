package theory

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
)

// ErrNotNormalizable is the cause of the error of [Normalize] for an activation that no scale and shift make self-normalizing.
var ErrNotNormalizable = errors.New("no scale and shift make it self-normalizing")

// Rescaled is the activation A f(x + B) + C, judged.
type Rescaled struct {
	A, B, C float64
	Verdict
}

// String returns the formula and the verdict.
func (r Rescaled) String() string {
	formula := fmt.Sprintf("%.6g f(x)", r.A)
	if r.B != 0 {
		formula = fmt.Sprintf("%.6g f(x %s)", r.A, signed(r.B))
	}
	if r.C != 0 {
		formula += " " + signed(r.C)
	}
	return formula + ": " + r.Verdict.String()
}

// signed writes x as a term of a sum.
func signed(x float64) string {
	if x < 0 {
		return fmt.Sprintf("- %.6g", -x)
	}
	return fmt.Sprintf("+ %.6g", x)
}

// Normalize finds constants that make a f(x + b) + c self-normalizing with the fixed point Options.Target. For any b, dividing by the standard
// deviation of f(z + b) and subtracting its mean, where z is normal, makes Target a fixed point; whether it attracts depends
// on f. b is 0 if that attracts all starts; otherwise it is searched between -3 and 3.
//
// The errors are those of [Judge]. If nothing is found, the cause is [ErrNotNormalizable], and the result is the best that was found: its verdict
// says what is missing.
func Normalize(f, slope func(x float64) float64, o Options) (Rescaled, error) {
	c, err := newCandidate(f, slope, o)
	if err != nil {
		return Rescaled{}, err
	}
	plain, err := c.rescaled(0)
	if err != nil || plain.SelfNormalizing {
		return plain, err
	}
	best := plain
	for _, b := range c.inputs() {
		if best, err = c.rescaled(b); err != nil || best.SelfNormalizing {
			return best, err
		}
	}
	return best, errors.Wrapf(ErrNotNormalizable, "theory: a f(x + b) + c with b from -3 to 3: the best is %s", best)
}

// inputs returns the shifts of the input to try: that closest to 0 with a rate of at most 0.9, which changes f least, and that with the
// lowest rate. It leaves out rates that do not attract.
func (c candidate) inputs() (all []float64) {
	const enough = 0.9
	least, best := 1-neutral, 0.0
	for i := range 24 {
		b := 0.25 * float64(i/2+1) // 0.25, -0.25, 0.5, ...
		if i%2 == 1 {
			b = -b
		}
		a, shift, err := c.constants(b)
		if err != nil {
			continue
		}
		j, err := c.scaled(a, b, shift).layer().Jacobian(c.o.Target)
		if err != nil {
			continue
		}
		rate := j.Radius()
		if rate < least {
			least, best = rate, b
		}
		if rate <= enough && len(all) == 0 {
			all = []float64{b}
		}
	}
	if best != 0 && (len(all) == 0 || all[0] != best) {
		all = append(all, best)
	}
	return all
}

// rescaled returns a f(x + b) + c with Target as its fixed point.
func (c candidate) rescaled(b float64) (Rescaled, error) {
	a, shift, err := c.constants(b)
	if err != nil {
		return Rescaled{}, err
	}
	return Rescaled{a, b, shift, c.scaled(a, b, shift).judge()}, nil
}

// constants returns the scale and the shift that map Target to itself.
func (c candidate) constants(b float64) (a, shift float64, err error) {
	z, err := c.layer().input(c.o.Target)
	if err != nil {
		return 0, 0, err
	}
	z.Mean += b
	m, err := c.f.Moments(z)
	if err != nil {
		return 0, 0, err
	}
	if !(m.Variance > 1e-24*(1+m.Mean*m.Mean)) {
		return 0, 0, errors.Wrapf(ErrNotNormalizable, "theory: it is constant, %.4g", m.Mean)
	}
	a = math.Sqrt(c.o.Target.Variance / m.Variance)
	if shift = c.o.Target.Mean - a*m.Mean; !finite(a, shift) {
		return 0, 0, errors.Wrapf(ErrNotNormalizable, "theory: the scale overflows, the variance is %.4g", m.Variance)
	}
	if math.Abs(shift) < 1e-13*math.Sqrt(c.o.Target.Variance) {
		shift = 0 // the rounding error of an odd function
	}
	return a, shift, nil
}

// scaled returns the candidate a f(x + b) + shift.
func (c candidate) scaled(a, b, shift float64) candidate {
	f, slope := c.f.F, c.f.Slope
	c.f.F = func(x float64) float64 { return a*f(x+b) + shift }
	if slope != nil {
		c.f.Slope = func(x float64) float64 { return a * slope(x+b) }
	}
	kinks := make([]float64, len(c.f.Kinks))
	for i, k := range c.f.Kinks {
		kinks[i] = k - b
	}
	c.f.Kinks, c.o.Kinks = kinks, kinks
	return c
}
