package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// FixedPoint is a SELU with the mean and variance of its outputs that a network keeps from layer to layer. Give the moments, the constants, or both. The
// zero value is the SELU of the paper, with mean 0 and variance 1.
type FixedPoint struct {
	// Mean and Variance are the moments. If both are 0, they are those at which a network with the given constants and LeCun weights settles.
	Mean, Variance float64
	// Lambda and Alpha are the constants; see ops.SELUOf. If both are 0, they are those that theory.Solve finds for the moments and LeCun weights.
	Lambda, Alpha float64
}

// Complete returns the fixed point with all its numbers. The cause of the error for moments that no SELU keeps is theory.ErrDomain, and for
// constants with which moments do not settle theory.ErrNoFixedPoint.
func (f FixedPoint) Complete() (FixedPoint, error) {
	standard := FixedPoint{Variance: 1, Lambda: theory.SELU.Lambda, Alpha: theory.SELU.Alpha}
	switch {
	case f == FixedPoint{}, f == FixedPoint{Variance: 1}, f == FixedPoint{Lambda: standard.Lambda, Alpha: standard.Alpha}:
		return standard, nil
	case f.Lambda == 0 && f.Alpha == 0:
		p, err := theory.Solve(theory.Moments{Mean: f.Mean, Variance: f.Variance}, theory.LeCun)
		f.Lambda, f.Alpha = p.Lambda, p.Alpha
		return f, errors.Wrap(err, "fixed point")
	case f.Mean == 0 && f.Variance == 0:
		l := theory.Layer{Activation: theory.Params{Lambda: f.Lambda, Alpha: f.Alpha}, Weights: theory.LeCun}
		at, err := l.FixedPoint(theory.Normalized)
		f.Mean, f.Variance = at.Mean, at.Variance
		return f, errors.Wrap(err, "fixed point")
	}
	return f, nil
}

// SELU is the SELU of the fixed point, as an [Activation]: Dense{Units: 64, Activation: fixed.SELU}. x has any shape. The errors are those of Complete and
// of ops.SELUOf.
func (f FixedPoint) SELU(x *G.Node) (*G.Node, error) {
	at, err := f.Complete()
	if err != nil {
		return nil, errors.Wrap(err, "SELU")
	}
	if at.Lambda == theory.SELU.Lambda && at.Alpha == theory.SELU.Alpha {
		return ops.SELU(x)
	}
	return ops.SELUOf(x, at.Lambda, at.Alpha)
}

// SELU is the activation of a fixed point, as a layer. The zero value is ops.SELU.
type SELU struct {
	Fixed FixedPoint `json:",omitzero"`
}

// Forward adds the layer to the graph of x, of any shape.
func (s SELU) Forward(_ *Binder, x *G.Node) (*G.Node, error) { return s.Fixed.SELU(x) }
