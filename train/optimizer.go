package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Optimizer is a Gorgonia solver whose rate a schedule can change and whose threads can be chosen.
// The optimizers of this package also work with any Gorgonia program. One serves one network:
// it keeps its state by the position of a parameter in the list given to Step.
type Optimizer interface {
	G.Solver
	// SetScale multiplies the learning rate of the following steps; 1 at the start.
	SetScale(scale float64)
	// UseWorkers sets the pool of threads; nil, as at the start, means the caller's thread alone.
	UseWorkers(w *kernel.Workers)
}

// pace is what the optimizers of this package have in common.
type pace struct {
	scale   float64
	scaled  bool
	workers *kernel.Workers
	steps   int
	sizes   []int
}

// SetScale implements Optimizer.
func (p *pace) SetScale(scale float64) { p.scale, p.scaled = scale, true }

// UseWorkers implements Optimizer.
func (p *pace) UseWorkers(w *kernel.Workers) { p.workers = w }

func (p *pace) rate(base float64) float64 {
	if p.scaled {
		return base * p.scale
	}
	return base
}

// begin counts a step and checks that it is for the parameters of the first one.
func (p *pace) begin(model []G.ValueGrad) error {
	if p.sizes == nil {
		for _, m := range model {
			p.sizes = append(p.sizes, m.Value().Shape().TotalSize())
		}
	}
	if len(model) != len(p.sizes) {
		return errors.Errorf("optimizer: %d parameters, %d before; use one optimizer per network", len(model), len(p.sizes))
	}
	p.steps++
	return nil
}

// pair is a parameter and its gradient.
type pair[T kernel.Float] struct{ value, grad []T }

// each calls one of two functions on each parameter, by dtype.
func (p *pace) each(model []G.ValueGrad, f32 func(i int, x pair[float32]), f64 func(i int, x pair[float64])) error {
	if err := p.begin(model); err != nil {
		return err
	}
	for i, m := range model {
		grad, err := m.Grad()
		if err != nil {
			return errors.Wrapf(err, "optimizer: parameter %d", i)
		}
		value, ok1 := m.Value().(*tensor.Dense)
		slope, ok2 := grad.(*tensor.Dense)
		if !ok1 || !ok2 || value.Dtype() != slope.Dtype() || value.DataSize() != slope.DataSize() || value.DataSize() != p.sizes[i] {
			return errors.Errorf("optimizer: parameter %d is %T %v and its gradient %T %v, want dense tensors of one dtype and size",
				i, m.Value(), m.Value().Shape(), grad, grad.Shape())
		}
		switch value.Dtype() {
		case tensor.Float32:
			f32(i, pair[float32]{value.Float32s(), slope.Float32s()})
		case tensor.Float64:
			f64(i, pair[float64]{value.Float64s(), slope.Float64s()})
		default:
			return errors.Errorf("optimizer: parameter %d has dtype %v, want float32 or float64", i, value.Dtype())
		}
	}
	return nil
}

// moments is a list of buffers, one per parameter, made when first asked for.
type moments[T kernel.Float] [][]T

func (m *moments[T]) at(i, size int) []T {
	for len(*m) <= i {
		*m = append(*m, nil)
	}
	if (*m)[i] == nil {
		(*m)[i] = make([]T, size)
	}
	return (*m)[i]
}
