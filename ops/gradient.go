package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// backwardPass returns the backward pass, nil if there is none.
func (o *op[T]) backwardPass() *Gradient {
	if o.gradient == nil && o.def.Gradient != nil {
		g := o.def.Gradient()
		o.gradient = &g
	}
	return o.gradient
}

// DiffWRT reports for each input whether the op has a gradient for it.
func (o *op[T]) DiffWRT(inputs int) []bool {
	wrt := make([]bool, inputs)
	if g := o.backwardPass(); g != nil {
		for i, step := range g.Of[:min(inputs, len(g.Of))] {
			wrt[i] = step != NoGradient
		}
	}
	return wrt
}

// SymDiff adds the backward pass to the graph and returns the gradient of each input, nil where there is none.
func (o *op[T]) SymDiff(inputs G.Nodes, output, grad *G.Node) (G.Nodes, error) {
	gradient := o.backwardPass()
	if gradient == nil {
		return nil, errors.Errorf("%s has no gradient", o.def.Name)
	}
	steps := make([]*G.Node, 0, len(gradient.Steps))
	for _, step := range gradient.Steps {
		args := make([]*G.Node, len(step.Args))
		for i, a := range step.Args {
			args[i] = pick(a, inputs, output, grad, steps)
		}
		node, err := apply(o.from, step.Def, args)
		if err != nil {
			return nil, errors.Wrapf(err, "gradient of %s", o.def.Name)
		}
		steps = append(steps, node)
	}
	grads := make(G.Nodes, len(inputs))
	for i, step := range gradient.Of {
		switch step {
		case NoGradient:
		case PassUpstream:
			grads[i] = grad
		default:
			grads[i] = steps[step]
		}
	}
	return grads, nil
}

// backward is the backward pass outside a graph, for machines that differentiate as they run.
type backward[T kernel.Float] struct {
	gradient *Gradient
	ops      []G.Op
	values   []G.Value
}

// DoDiff adds the gradients to those of the inputs, from the values and the gradient of output.
// It runs the same steps as SymDiff.
func (o *op[T]) DoDiff(_ G.ExecutionContext, inputs G.Nodes, output *G.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError("gradient of "+o.def.Name, r)
		}
	}()
	upstream, err := output.Grad()
	if err != nil {
		return errors.Wrapf(err, "gradient of %s", o.def.Name)
	}
	values := make([]G.Value, len(inputs))
	for i, n := range inputs {
		values[i] = n.Value()
	}
	if o.backward == nil {
		if err := o.makeBackward(); err != nil {
			return errors.Wrapf(err, "gradient of %s", o.def.Name)
		}
	}
	b := o.backward
	for k, step := range b.gradient.Steps {
		args := make([]G.Value, len(step.Args))
		for i, a := range step.Args {
			args[i] = pick(a, values, output.Value(), upstream, b.values)
		}
		if b.values[k], err = b.ops[k].Do(args...); err != nil {
			return errors.Wrapf(err, "gradient of %s", o.def.Name)
		}
	}
	for i, step := range b.gradient.Of {
		var value G.Value
		var rows []int
		switch step {
		case NoGradient:
			continue
		case PassUpstream:
			value = upstream
		default:
			value = b.values[step]
			rows, _ = b.ops[step].(*op[T]).touchedRows()
		}
		if err := addTo[T](inputs[i], value, rows); err != nil {
			return errors.Wrapf(err, "gradient of %s with respect to %s", o.def.Name, inputs[i].Name())
		}
	}
	return nil
}

func (o *op[T]) makeBackward() error {
	gradient := o.backwardPass()
	if gradient == nil {
		return errors.New("there is none")
	}
	b := &backward[T]{gradient: gradient}
	var shapes []tensor.Shape
	for _, step := range b.gradient.Steps {
		in := make([]tensor.Shape, len(step.Args))
		for i, a := range step.Args {
			in[i] = pick(a, o.call.Shapes, o.outShape, o.outShape, shapes)
		}
		stepOp, err := newOp(o.from, step.Def, o.dtype, in)
		if err != nil {
			return err
		}
		stepOp.(*op[T]).useWorkers(o.call.Workers)
		b.ops = append(b.ops, stepOp)
		shapes = append(shapes, stepOp.(*op[T]).outShape)
	}
	b.values = make([]G.Value, len(b.ops))
	o.backward = b
	return nil
}

// addTo adds v, of which only the given rows differ from zero unless rows is nil, to the gradient bound to n.
func addTo[T kernel.Float](n *G.Node, v G.Value, rows []int) error {
	grad, err := n.Grad()
	if err != nil {
		return err
	}
	var scratch [2]T
	src, err := elements(v, scratch[:1])
	if err != nil {
		return err
	}
	switch g := grad.(type) {
	case *G.F32:
		*g += G.F32(src[0])
		return nil
	case *G.F64:
		*g += G.F64(src[0])
		return nil
	}
	dst, err := elements(grad, scratch[1:])
	if err != nil {
		return err
	}
	if rows != nil {
		addRows(dst, src, rows, v.Shape()[0])
		return nil
	}
	for i, x := range src {
		dst[i] += x
	}
	return nil
}
