package theory

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
)

// JudgeOp is [Judge] for your own op, by its F and Slope, or by its Fast64 if it lacks them.
func JudgeOp(op *ops.Elementwise, o Options) (Verdict, error) {
	f, slope, err := functionsOf(op)
	if err != nil {
		return Verdict{}, err
	}
	v, err := Judge(f, slope, o)
	return v, errors.Wrap(err, op.Name)
}

// NormalizeOp is [Normalize] for your own op with F and Slope. It returns the op a f(x + b) + c, which has the same name with "Normalized" before
// it, and the parameters a, b and c after those of the op. With an error whose cause is [ErrNotNormalizable] it returns the best that was
// found, but no op.
func NormalizeOp(op *ops.Elementwise, o Options) (*ops.Elementwise, Rescaled, error) {
	if op == nil || op.F == nil || op.Slope == nil {
		return nil, Rescaled{}, errors.Wrap(ErrDomain, "theory: NormalizeOp needs an op with F and Slope")
	}
	f, slope, err := functionsOf(op)
	if err != nil {
		return nil, Rescaled{}, err
	}
	r, err := Normalize(f, slope, o)
	if err != nil {
		return nil, r, errors.Wrap(err, op.Name)
	}
	return r.apply(*op), r, nil
}

// apply returns the op a f(x + b) + c.
func (r Rescaled) apply(op ops.Elementwise) *ops.Elementwise {
	var id any
	if op.ID != nil {
		id = rescaledID{op.ID}
	}
	return &ops.Elementwise{
		Name:  "Normalized" + op.Name,
		ID:    id,
		Attrs: append(append([]any(nil), op.Attrs...), r.A, r.B, r.C),
		F:     func(x float64) float64 { return r.A*op.F(x+r.B) + r.C },
		Slope: func(x, _ float64) float64 {
			// f(x + b) anew, because (y - c)/a would lose digits where y is close to c.
			return r.A * op.Slope(x+r.B, op.F(x+r.B))
		},
	}
}

// rescaledID is the ID of the rescaled form of an op with an ID: equal ops have equal rescaled forms.
type rescaledID struct{ id any }

// functionsOf returns formula and slope as functions of x.
func functionsOf(op *ops.Elementwise) (f, slope func(x float64) float64, err error) {
	switch {
	case op == nil:
		return nil, nil, errors.Wrap(ErrDomain, "theory: no op")
	case op.F != nil && op.Slope != nil:
		return op.F, func(x float64) float64 { return op.Slope(x, op.F(x)) }, nil
	case op.Fast64 == nil || op.Fast64.F == nil || op.Fast64.Grad == nil && op.Fast64.GradAt == nil:
		return nil, nil, errors.Wrapf(ErrDomain, "theory: %s has neither F and Slope nor Fast64", op.Name)
	}
	in, y, out, one := make([]float64, 1), make([]float64, 1), make([]float64, 1), []float64{1}
	f = func(x float64) float64 {
		in[0] = x
		op.Fast64.F(nil, y, in)
		return y[0]
	}
	return f, func(x float64) float64 {
		if f(x); op.Fast64.GradAt != nil {
			op.Fast64.GradAt(nil, out, one, in)
		} else {
			op.Fast64.Grad(nil, out, one, y)
		}
		return out[0]
	}, nil
}
