package ops

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// FixedPoint is a SELU and the mean and variance of its outputs that alpha dropout keeps; theory.Solve gives Lambda and Alpha.
type FixedPoint struct{ Mean, Variance, Lambda, Alpha float64 }

// AlphaDropoutOf is [AlphaDropout] for any fixed point. It sets each element of x to α' = -λ α, where the SELU saturates, with probability rate, and
// then applies the affine map a x + b that keeps mean μ and variance ν of the fixed point.
//
// Derivation (Klambauer et al. 2017, section "New Dropout Technique", for μ = 0 and ν = 1): let d be 1 with probability q = 1 - rate, else 0. The mean of
// x d + α' (1 - d) is q μ + rate α', and its variance
//
//	q (ν + μ²) + rate α'² - (q μ + rate α')² = q ν + q rate (α' - μ)²,
//
// so a² times this is ν, and a (q μ + rate α') + b is μ:
//
//	a = sqrt(ν / (q (ν + rate (α' - μ)²))),  b = μ - a (q μ + rate α').
//
// x has any shape and the result has the same. rate is in [0, 1): rate 0 returns x itself, any other rate is an error with cause [ErrRate]. The
// variance is positive, and Lambda and Alpha are those of [SELUOf]. The mask changes with every step of noise. Use it in training graphs only.
func AlphaDropoutOf(x *G.Node, rate float64, at FixedPoint, noise *Noise) (*G.Node, error) {
	d, err := at.dropping(rate)
	switch {
	case err != nil:
		return nil, errors.Wrap(err, "AlphaDropoutOf")
	case x == nil:
		return nil, errors.New("AlphaDropoutOf: input 0 is nil")
	case rate == 0:
		return x, nil
	case noise == nil:
		return nil, errors.New("AlphaDropoutOf: no source of noise")
	}
	s := noise.Stream()
	def := Def{
		Name:    "AlphaDropoutOf",
		Attrs:   []any{rate, at.Mean, at.Variance, at.Lambda, at.Alpha, noise.seed},
		ID:      ownNoise{s},
		Shape:   SameShape,
		Float32: dropNext[float32](d, s),
		Float64: dropNext[float64](d, s),
	}
	grad := def // the output is an operand so that the forward pass, which chooses the step, runs first
	grad.Name, grad.Shape, grad.Float32, grad.Float64 = def.Name+"Grad", ShapeOf(0), dropNow[float32](d, s), dropNow[float64](d, s)
	def.Gradient = func() Gradient {
		return Gradient{Steps: []Step{{grad, []Arg{Upstream, Output}}}, Of: []int{0}}
	}
	return Apply(def, x)
}

// dropping returns the affine map and the value of dropped elements after it.
func (f FixedPoint) dropping(rate float64) (kernel.Dropping, error) {
	if err := CheckRate(rate); err != nil {
		return kernel.Dropping{}, err
	}
	q, saturation := 1-rate, -f.Lambda*f.Alpha
	gap := saturation - f.Mean
	a := math.Sqrt(f.Variance / (q * (f.Variance + rate*gap*gap)))
	b := f.Mean - a*(q*f.Mean+rate*saturation)
	if !(f.Lambda > 0 && f.Alpha >= 0 && f.Variance > 0 && a > 0) || !representable(a) || !representable(b) || !representable(a*saturation+b) {
		return kernel.Dropping{}, errors.Errorf("fixed point %+v, want finite numbers, a positive variance, Lambda > 0 and Alpha >= 0", f)
	}
	return kernel.Dropping{Rate: rate, Scale: a, Shift: b, Dropped: a*saturation + b}, nil
}

// ownNoise is the ID of an op of this package with noise.
type ownNoise struct{ *Stream }

func dropNext[T kernel.Float](d kernel.Dropping, s *Stream) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.Drop(c.Workers, c.Out, c.In[0], d, s.Next())
		return nil
	}
}

func dropNow[T kernel.Float](d kernel.Dropping, s *Stream) func(*Call[T]) error {
	return func(c *Call[T]) error {
		kernel.DropGrad(c.Workers, c.Out, c.In[0], d, s.Now())
		return nil
	}
}
