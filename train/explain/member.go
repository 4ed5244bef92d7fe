package explain

import (
	"cmp"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// rows is the number of points that a graph computes at once.
const rows = 64

// seeded is the loss whose gradient with respect to a row of the output is the row of labels.
var seeded = graphs.Loss{Name: "seeded", Apply: func(output, seeds, _ *G.Node) (*G.Node, error) {
	product, err := ops.Mul(output, seeds)
	if err != nil {
		return nil, err
	}
	return ops.Sum(product)
}}

// member is a graph of a network with gradients of its inputs.
type member struct {
	machine *vm.Machine
	target  *target // of the call
}

func newMember(net *graphs.Network, w *kernel.Workers) (*member, error) {
	c := net.Config(graphs.Evaluate, rows)
	c.Workers, c.InputGradients = w, true
	c.Inputs = slices.Clone(c.Inputs)
	for i := range c.Inputs {
		if c.Inputs[i].Kind == batch.Sparse { // points on the line have all columns of both ends, and sparse rows have no gradient
			c.Inputs[i].Kind = batch.Dense
		}
	}
	if c.Outputs == nil {
		c.Loss = seeded
	}
	c.Outputs = slices.Clone(c.Outputs)
	for i := range c.Outputs {
		c.Outputs[i].Loss, c.Outputs[i].Weight, c.Outputs[i].Calibration = seeded, 1, nil
	}
	g, err := net.Build(c)
	if err != nil {
		return nil, err
	}
	m, err := vm.New(g)
	if err != nil {
		return nil, err
	}
	return &member{machine: m}, nil
}

// gather returns a row of the data by input, in the numbers of the network.
func gather(d data.Data, row int, net *graphs.Network) (x [][]float64, err error) {
	b, dtype := &batch.Batch{Rows: 1}, net.Params.Dtype()
	for _, in := range net.Inputs {
		t := batch.Tensor{Name: cmp.Or(in.Name, batch.X)}
		shape := []int{1, in.Width}
		switch in.Kind {
		case batch.Category:
			shape = []int{1}
		case batch.Image:
			shape = append([]int{1}, in.Shape...)
		}
		if in.Kind != batch.Sparse {
			t.Value = tensor.New(tensor.Of(dtype), tensor.WithShape(shape...))
		} else if t.Sparse, err = batch.NewCSR(dtype, in.Width); err != nil {
			return nil, err
		}
		b.Inputs = append(b.Inputs, t)
	}
	if err := data.Gather(d, []int{row}, b); err != nil {
		return nil, err
	}
	if err := data.CheckCategories([]int{row}, b, net.Inputs); err != nil {
		return nil, err
	}
	for i, in := range b.Inputs {
		values := make([]float64, 0, net.Inputs[i].Width)
		if in.Sparse != nil {
			values, err = spread(in.Sparse)
		} else {
			values, err = dense.Float64s(in.Value, values)
		}
		if err != nil {
			return nil, err
		}
		x = append(x, values)
	}
	return x, nil
}

// spread returns the only row of a sparse matrix with all its zeros.
func spread(c *batch.CSR) ([]float64, error) {
	x, err := c.Tensor()
	if err != nil {
		return nil, err
	}
	out := make([]float64, c.Width())
	_, columns := dense.CSR(x)
	for i, k := range columns {
		switch v := x.Data().(type) {
		case []float32:
			out[k] = float64(v[i])
		case []float64:
			out[k] = v[i]
		}
	}
	return out, nil
}

// place writes points on the line to the inputs: base + t (x - base), and x for categories, which have no base.
func (m *member) place(base, x [][]float64, points []point) error {
	for i, in := range m.machine.Bound.Inputs {
		to, err := dense.Elements(in.Value)
		if err != nil {
			return err
		}
		width := len(x[i])
		if to.Len() != rows*width {
			return errors.Errorf("the input %q has %d elements, want %d", in.Name, to.Len(), rows*width)
		}
		for r := range rows {
			t := points[min(r, len(points)-1)].t // the rest repeats the last one
			for j, v := range x[i] {
				if base[i] != nil && t < 1 {
					v = base[i][j] + t*(v-base[i][j])
				}
				if to.F32 != nil {
					to.F32[r*width+j] = float32(v)
				} else {
					to.F64[r*width+j] = v
				}
			}
		}
	}
	return nil
}

// outputs returns the rows of the output of the target after a run.
func (m *member) outputs() ([]float64, error) {
	z, err := dense.Float64s(m.machine.Value(m.machine.Outputs[m.target.output].Node), nil)
	if err == nil && len(z) != rows*m.target.Width {
		err = errors.Errorf("the output has %d elements, want %d", len(z), rows*m.target.Width)
	}
	return z, err
}

// seed makes the next run compute the gradients of the target for rows of the output, times a factor for each row. Without them, the factor
// is 1 and the target linear.
func (m *member) seed(z, factors []float64) error {
	width := m.target.Width
	slope, none := make([]float64, width), make([]float64, width)
	for i, labels := range m.machine.Bound.Outputs {
		to, err := dense.Elements(labels.Value)
		if err != nil {
			return err
		}
		if i != m.target.output {
			if err := dense.Fill(labels.Value, 0); err != nil {
				return err
			}
			continue
		}
		for r := range rows {
			row, factor := none, 1.0
			if z != nil {
				row, factor = z[r*width:][:width], factors[r]
			}
			m.target.slope(row, slope)
			for k, v := range slope {
				if to.F32 != nil {
					to.F32[r*width+k] = float32(factor * v)
				} else {
					to.F64[r*width+k] = factor * v
				}
			}
		}
	}
	return nil
}
