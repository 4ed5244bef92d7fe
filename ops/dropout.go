package ops

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// ErrRate is the cause of the error for a dropout rate outside [0, 1).
var ErrRate = errors.New("dropout rate outside [0, 1)")

// AlphaDropout sets each element of x to α' = -λ α with probability rate and then applies the affine map a x + b that
// keeps mean 0 and variance 1, with q = 1 - rate:
//
//	a = (q + α'^2 q rate)^(-1/2),  b = -a rate α'
//
// (Klambauer et al. 2017, section "New Dropout Technique"). x has any shape and the result has the same. rate is in [0, 1): rate 0 returns
// x itself, any other rate is an error with cause [ErrRate]. Rates of 0.05 to 0.1 work best. The mask changes with every step of noise. Use
// it in training graphs only.
func AlphaDropout(x *G.Node, rate float64, noise *Noise) (*G.Node, error) {
	const saturation = -kernel.Lambda * kernel.Alpha
	q := 1 - rate
	a := 1 / math.Sqrt(q+saturation*saturation*q*rate)
	b := -a * rate * saturation
	return drop("AlphaDropout", x, kernel.Dropping{Rate: rate, Scale: a, Shift: b, Dropped: a*saturation + b}, noise)
}

// Dropout sets each element of x to 0 with probability rate and divides the others by 1 - rate, which keeps the mean
// (Srivastava et al. 2014, in the inverted form). x has any shape and the result has the same.
// rate is in [0, 1): rate 0 returns x itself, any other rate is an error with cause [ErrRate].
// It does not keep the variance; use AlphaDropout with SELU.
func Dropout(x *G.Node, rate float64, noise *Noise) (*G.Node, error) {
	return drop("Dropout", x, kernel.Dropping{Rate: rate, Scale: 1 / (1 - rate)}, noise)
}

// CheckRate returns an error with cause [ErrRate] unless rate is in [0, 1).
func CheckRate(rate float64) error {
	if rate >= 0 && rate < 1 {
		return nil
	}
	return errors.Wrapf(ErrRate, "rate %v", rate)
}

func drop(name string, x *G.Node, d kernel.Dropping, noise *Noise) (*G.Node, error) {
	if err := CheckRate(d.Rate); err != nil {
		return nil, errors.Wrap(err, name)
	}
	if x == nil {
		return nil, errors.Errorf("%s: input 0 is nil", name)
	}
	if d.Rate == 0 {
		return x, nil
	}
	if noise == nil {
		return nil, errors.Errorf("%s: no source of noise", name)
	}
	s := noise.stream()
	attrs := []any{d.Rate, noise.seed}
	return applyBuiltin(Def{
		Name:    name,
		Attrs:   attrs,
		ID:      s,
		Shape:   SameShape,
		Float32: dropForward[float32](d, s),
		Float64: dropForward[float64](d, s),
		Gradient: func() Gradient {
			// The output is an operand so that the forward pass, which chooses the step, runs first.
			grad := Def{
				Name:    name + "Grad",
				Attrs:   attrs,
				ID:      s,
				Shape:   SameShape,
				Float32: dropBackward[float32](d, s),
				Float64: dropBackward[float64](d, s),
			}
			return Gradient{Steps: []Step{{grad, []Arg{Upstream, Output}}}, Of: []int{0}}
		},
	}, x)
}

func dropForward[T kernel.Float](d kernel.Dropping, s *stream) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.Drop(c.Workers, c.Out, c.In[0], d, s.next())
		return nil
	}
}

func dropBackward[T kernel.Float](d kernel.Dropping, s *stream) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.DropGrad(c.Workers, c.Out, c.In[0], d, s.now())
		return nil
	}
}
