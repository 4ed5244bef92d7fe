package calibrate

import (
	"cmp"
	"math"

	"github.com/pkg/errors"
)

// Options are the settings of a fit.
type Options struct {
	// Prior is the standard deviation of the logarithm of a scale before a row is seen, and of a shift. Smaller numbers change less. 0 means
	// DefaultPrior.
	Prior float64
	// Sharpen allows temperatures below 1, which make probabilities more extreme. Leave it off for rows that have also chosen an epoch or a network: they
	// look easier than new ones.
	Sharpen bool
}

// highest is the greatest logarithm of a scale.
func (o Options) highest() float64 {
	if o.Sharpen {
		return maxLogScale
	}
	return 0
}

// DefaultPrior was chosen on tasks that the documentation's table does not contain.
const DefaultPrior = 0.5

func (o Options) prior() (float64, error) {
	p := cmp.Or(o.Prior, DefaultPrior)
	if !(p > 0 && p <= 1e3) {
		return 0, errors.Errorf("a prior of %v, want a positive number up to 1000", p)
	}
	return p, nil
}

// evidence is the gain in the sum of the log losses, in nats, below which a temperature is not believed: it would be noise on a network that is calibrated already.
const evidence = 0.5

// maxLogScale bounds the logarithm of a scale: e^3 is about 20.
const maxLogScale = 3

// Temperature returns the scaling by one factor 1/T of all columns that minimizes the sum of the log losses of the observed labels plus
// log(T)^2 / (2 Prior^2): temperature scaling (Guo et al. 2017) with a prior at T = 1, where T is at least 1 unless o.Sharpen. For several networks it takes the loss of their mean
// probabilities. Without observed labels T is 1. The order of the classes, or of the rows of a task, does not change. It returns an error for data that
// do not fit together.
func Temperature(d Data, o Options) (Scaling, error) {
	prior, err := o.prior()
	if err == nil {
		err = d.check()
	}
	if err != nil {
		return Scaling{}, errors.Wrap(err, "calibrate: temperature")
	}
	f := func(u float64) float64 {
		sum, _ := d.loss(math.Exp(u), 0)
		return sum + u*u/(2*prior*prior)
	}
	u := minimize(f, -maxLogScale, o.highest())
	if f(0)-f(u) < evidence {
		u = 0
	}
	s := Scaling{Scale: make([]float64, d.Columns)}
	for i := range s.Scale {
		s.Scale[i] = math.Exp(u)
	}
	return s, nil
}

// minimize returns the place of a minimum between lo and hi: the best of a grid, refined by golden sections. 0 is taken unless another place is better.
func minimize(f func(x float64) float64, lo, hi float64) float64 {
	const points, sections = 12, 16
	step := (hi - lo) / points
	best, least := 0.0, f(0)
	for i := range points + 1 {
		if x := lo + float64(i)*step; x != 0 {
			if v := f(x); v < least {
				best, least = x, v
			}
		}
	}
	const golden = 0.6180339887498949
	a, b := math.Max(lo, best-step), math.Min(hi, best+step)
	x, y := b-golden*(b-a), a+golden*(b-a)
	fx, fy := f(x), f(y)
	for range sections {
		if fx <= fy {
			b, y, fy = y, x, fx
			x = b - golden*(b-a)
			fx = f(x)
			continue
		}
		a, x, fx = x, y, fy
		y = a + golden*(b-a)
		fy = f(y)
	}
	if m := (a + b) / 2; f(m) < least {
		return m
	}
	return best
}
