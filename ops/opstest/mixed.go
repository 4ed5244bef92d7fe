package opstest

import (
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkMixed runs the op in a program of Gorgonia's own ops, on its tape machine and on its Lisp machine: inputs come from ops that lend their
// memory, and the output goes to one that may take it over. The gradients must be those of the op on its own.
func checkMixed(k *kit) *fault {
	shapes := k.c.shapes()
	values := k.c.values(shapes, 0)
	_, want, f := k.both(tensor.Float64, shapes, values, nil)
	if f != nil {
		return f
	}
	for _, m := range []struct {
		name string
		lisp bool
	}{{"a tape machine", false}, {"a Lisp machine", true}} {
		got, f := k.mixed(values, m.lisp)
		if f != nil {
			return f.when("among ops of Gorgonia on %s", m.name)
		}
		for i := range got {
			for e, v := range got[i] {
				if !near(v/2, want[i][e], 1e-10) {
					return faultf("the gradient of input %d is wrong among ops of Gorgonia on %s: %s is %s, want %s",
						i, m.name, at(shapes[i], e), num(v/2), num(want[i][e]))
				}
			}
		}
	}
	return nil
}

// mixed returns the gradients of the sum of upstream times the op of x/2 + x/2. It returns nothing if Gorgonia cannot build such a program, as
// for tensors of some shapes.
func (k *kit) mixed(values [][]float64, lisp bool) (grads [][]float64, f *fault) {
	defer k.watch.begin("the op among ops of Gorgonia")()
	g, in, cost, ok := k.mixture(values)
	if !ok {
		return nil, nil
	}
	defer func() {
		if r := recover(); r != nil {
			grads, f = nil, faultf("the machine panics: %s", panicText(r))
		}
	}()
	var wrt G.Nodes
	for i, n := range in {
		if !k.c.Inputs[i].Constant {
			wrt = append(wrt, n)
		}
	}
	var m G.VM
	var results G.Nodes
	if lisp {
		if !plain(g) {
			return nil, nil
		}
		m = G.NewLispMachine(g)
	} else {
		var err error
		if results, err = G.Grad(cost, wrt...); err != nil {
			return nil, faultf("Gorgonia cannot build the gradient: %v", err)
		}
		m = G.NewTapeMachine(g)
	}
	defer m.Close()
	if err := m.RunAll(); err != nil {
		return nil, faultf("the machine fails: %v", err)
	}
	for i, n := range in {
		switch {
		case k.c.Inputs[i].Constant:
			grads = append(grads, nil)
		case lisp:
			v, err := n.Grad()
			if err != nil {
				return nil, faultf("input %d has no gradient: %v", i, err)
			}
			grads = append(grads, floats(v))
		default:
			grads, results = append(grads, floats(results[0].Value())), results[1:]
		}
	}
	return grads, nil
}

// plain reports whether all values of a graph are dense: the Lisp machine panics on others, on a goroutine of its own.
func plain(g *G.ExprGraph) bool {
	for _, n := range g.AllNodes() {
		if v := n.Value(); v != nil && floats(v) == nil {
			return false
		}
	}
	return true
}

// mixture builds the program.
func (k *kit) mixture(values [][]float64) (g *G.ExprGraph, in G.Nodes, cost *G.Node, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			ok = false
		}
	}()
	g = G.NewGraph()
	let := func(n *G.Node, x []float64) {
		if err := G.Let(n, newValue(tensor.Float64, n.Shape(), x)); err != nil {
			panic(err)
		}
	}
	var operands G.Nodes
	for i, s := range k.c.shapes() {
		n := inputNode(g, tensor.Float64, s, inputName(i))
		x := slices.Clone(values[i])
		for e := range x {
			if !k.c.Inputs[i].Constant {
				x[e] /= 2
			}
		}
		let(n, x)
		in = append(in, n)
		if !k.c.Inputs[i].Constant {
			n = G.Must(G.Add(n, n))
		}
		operands = append(operands, n)
	}
	out, f := k.add(k.c.Build, operands)
	if f != nil {
		return nil, nil, nil, false
	}
	up := inputNode(g, tensor.Float64, out.Shape(), "upstream")
	let(up, upstream(elements(out.Shape())))
	cost = G.Must(G.HadamardProd(out, up))
	if !out.Shape().IsScalar() {
		cost = G.Must(G.Sum(cost))
	}
	return g, in, cost, true
}
