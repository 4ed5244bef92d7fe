package onnx

import (
	"runtime/debug"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

func children(n *G.Node) []*G.Node {
	var out []*G.Node
	for _, child := range graph.NodesOf(n.Graph().From(n.ID())) {
		out = append(out, child.(*G.Node))
	}
	return out
}

// depends reports whether n depends on the input of the network.
func (e *exporter) depends(n *G.Node) bool {
	d, ok := e.dynamic[n]
	if !ok {
		for _, child := range children(n) {
			d = e.depends(child) || d
		}
		e.dynamic[n] = d
	}
	return d
}

// fold adds as a constant a node that does not depend on the input: a parameter, or a value computed from parameters alone.
func (e *exporter) fold(n *G.Node) (string, error) {
	name, ok := e.params[n]
	if !ok && n.Op() == nil {
		name = e.unique(n.Name())
	} else if !ok {
		name = e.unique(e.place(n))
	}
	v, err := e.compute(n)
	if err != nil {
		return "", errors.Wrapf(err, "constant %q", name)
	}
	values, err := rounded(v)
	if err != nil {
		return "", errors.Wrapf(err, "constant %q", name)
	}
	return e.constant(name, v.Shape(), values), nil
}

// compute returns the value of a node that does not depend on the input.
func (e *exporter) compute(n *G.Node) (v G.Value, err error) {
	defer func() { // some Gorgonia ops panic
		if r := recover(); r != nil {
			v, err = nil, errors.Errorf("panic in op %s: %v\n%s", n.Op(), r, debug.Stack())
		}
	}()
	if v, ok := e.folded[n]; ok {
		return v, nil
	}
	inputs := children(n)
	if len(inputs) == 0 {
		if n.Value() == nil {
			return nil, errors.New("it has no value")
		}
		return n.Value(), nil
	}
	values := make([]G.Value, len(inputs))
	for i, child := range inputs {
		if values[i], err = e.compute(child); err != nil {
			return nil, err
		}
	}
	v, err = n.Op().Do(values...)
	e.folded[n] = v
	return v, err
}
