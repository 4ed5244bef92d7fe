package opstest

import (
	"runtime/debug"

	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// program is a graph of the op, its inputs and its gradients, bound to values.
type program struct {
	graph    *G.ExprGraph
	in       []*G.Node
	bound    []*tensor.Dense
	out      *G.Node
	upstream *G.Node
	grads    []*G.Node // nil for constant inputs
}

// program builds the op on the given values, with its backward pass if upstream is not nil. A panic is an error.
func (c Case) program(dtype tensor.Dtype, values [][]float64, upstream []float64) (p *program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, errors.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	p = &program{graph: G.NewGraph()}
	for i, in := range c.Inputs {
		t := dense(dtype, in.Shape, values[i])
		p.bound = append(p.bound, t)
		p.in = append(p.in, inputNode(p.graph, dtype, in.Shape, inputName(i), t))
	}
	if p.out, err = c.Build(p.in); err != nil {
		return nil, err
	}
	if p.out == nil {
		return nil, errors.New("no node and no error")
	}
	shape := p.out.Shape()
	if _, ok := size(shape); !ok {
		return nil, errors.Errorf("output of shape %v, want 1 to %d elements", shape, maxElements)
	}
	if upstream == nil {
		return p, nil
	}
	if len(upstream) != max(1, shape.TotalSize()) {
		upstream = spread(upstream, max(1, shape.TotalSize()))
	}
	p.upstream = inputNode(p.graph, dtype, shape, "upstream", nil)
	if err := G.Let(p.upstream, value(dtype, shape, upstream)); err != nil {
		return nil, err
	}
	var wrt G.Nodes
	for i, in := range c.Inputs {
		if !in.Constant {
			wrt = append(wrt, p.in[i])
		}
	}
	grads, err := G.Backpropagate(G.Nodes{p.out}, G.Nodes{p.upstream}, wrt)
	if err != nil {
		return nil, errors.Wrap(err, "symbolic gradient")
	}
	for _, in := range c.Inputs {
		if in.Constant {
			p.grads = append(p.grads, nil)
			continue
		}
		p.grads = append(p.grads, grads[0])
		grads = grads[1:]
	}
	return p, nil
}

// run runs the program once on a tape machine.
func (p *program) run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("panic: %v", r)
		}
	}()
	m := G.NewTapeMachine(p.graph)
	defer m.Close()
	return m.RunAll()
}

// ran builds the op with its backward pass and runs it once.
func (c Case) ran(dtype tensor.Dtype, values [][]float64) (*program, error) {
	p, err := c.program(dtype, values, upstream)
	if err != nil {
		return nil, err
	}
	return p, p.run()
}

// gradients returns copies of the gradients after a run, nil for constant inputs.
func (p *program) gradients() [][]float64 {
	out := make([][]float64, len(p.grads))
	for i, n := range p.grads {
		if n != nil {
			out[i] = floats(n.Value())
		}
	}
	return out
}

// forward builds and runs the op and returns its output.
func (c Case) forward(dtype tensor.Dtype, values [][]float64) ([]float64, error) {
	p, err := c.program(dtype, values, nil)
	if err != nil {
		return nil, err
	}
	if err := p.run(); err != nil {
		return nil, err
	}
	return floats(p.out.Value()), nil
}

func inputName(i int) string { return string(rune('a' + i)) }

// inputNode adds an input with room for a scalar, vector, matrix or tensor.
func inputNode(g *G.ExprGraph, dtype tensor.Dtype, shape tensor.Shape, name string, t *tensor.Dense) *G.Node {
	opts := []G.NodeConsOpt{G.WithName(name)}
	if shape.IsScalar() {
		return G.NewScalar(g, dtype, opts...)
	}
	opts = append(opts, G.WithShape(shape...))
	if t != nil {
		opts = append(opts, G.WithValue(t))
	}
	return G.NewTensor(g, dtype, shape.Dims(), opts...)
}

// dense returns a tensor of the given elements.
func dense(dtype tensor.Dtype, shape tensor.Shape, x []float64) *tensor.Dense {
	if dtype == tensor.Float64 {
		return tensor.New(tensor.WithShape(shape.Clone()...), tensor.WithBacking(append([]float64(nil), x...)))
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return tensor.New(tensor.WithShape(shape.Clone()...), tensor.WithBacking(y))
}

// value is dense, or a Gorgonia scalar for the scalar shape.
func value(dtype tensor.Dtype, shape tensor.Shape, x []float64) G.Value {
	switch {
	case !shape.IsScalar():
		return dense(dtype, shape, x)
	case dtype == tensor.Float64:
		return G.NewF64(x[0])
	default:
		return G.NewF32(float32(x[0]))
	}
}

// floats returns a copy of the elements of a value.
func floats(v G.Value) []float64 {
	switch v := v.(type) {
	case *G.F64:
		return []float64{float64(*v)}
	case *G.F32:
		return []float64{float64(*v)}
	}
	switch data := v.Data().(type) {
	case []float64:
		return append([]float64(nil), data...)
	case []float32:
		out := make([]float64, len(data))
		for i, x := range data {
			out[i] = float64(x)
		}
		return out
	}
	return nil
}

// spread repeats x up to n elements.
func spread(x []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x[i%len(x)]
	}
	return out
}
