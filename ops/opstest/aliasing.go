package opstest

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkAliasing does to the memory of the op what Gorgonia does: it is overwritten after its last use, and one node may be several inputs.
func checkAliasing(k *kit) *fault {
	if k.c.Random {
		return nil
	}
	for _, dtype := range dtypes {
		for _, check := range []func(tensor.Dtype) *fault{k.keepsNothing, k.twoNodes, k.sameNode} {
			if f := check(dtype); f != nil {
				return f.when("(%s)", fieldOf(dtype))
			}
		}
	}
	return nil
}

// keepsNothing overwrites inputs and output between the forward and the backward pass, which gets copies.
func (k *kit) keepsNothing(dtype tensor.Dtype) *fault {
	shapes := k.c.shapes()
	values := k.c.values(shapes, 0)
	_, want, f := k.both(dtype, shapes, values, nil)
	if f != nil {
		return f
	}
	p, f := k.build(dtype, shapes)
	if f == nil {
		f = p.differentiate()
	}
	if f != nil {
		return f
	}
	p.bind(values)
	if f := p.run(); f != nil {
		return f
	}
	for n, v := range p.values {
		if n == p.up {
			continue
		}
		p.values[n] = newValue(dtype, n.Shape(), floats(v))
		garbage := make([]float64, elements(n.Shape()))
		for e := range garbage {
			garbage[e] = math.NaN()
		}
		write(v, garbage)
	}
	if f := p.back(); f != nil {
		return f.when("after the memory of inputs and output was overwritten")
	}
	for i, got := range p.gradients() {
		if e, differ := differs(want[i], got); differ {
			return faultf("the gradient of input %d uses memory of the forward pass that Gorgonia may overwrite: %s is %s, want %s; take it as an operand of the step",
				i, at(shapes[i], e), num(got[e]), num(want[i][e]))
		}
	}
	return nil
}

// twoNodes puts the op into a graph twice, on different inputs, as a network with two layers does: first both run forward, then the
// gradient of the first is computed.
func (k *kit) twoNodes(dtype tensor.Dtype) *fault {
	shapes := k.c.shapes()
	a, b := k.c.values(shapes, 0), k.c.values(shapes, 4)
	want, wantGrads, f := k.both(dtype, shapes, a, nil)
	if f != nil {
		return f
	}
	p, f := k.build(dtype, shapes)
	if f == nil {
		f = p.differentiate()
	}
	if f != nil {
		return f
	}
	var in []*G.Node
	for i, s := range shapes {
		in = append(in, inputNode(p.graph, dtype, s, "second"+inputName(i)))
	}
	before := len(p.graph.AllNodes())
	if _, f := k.add(k.c.Build, in); f != nil {
		return f.when("in a graph that holds the op already")
	}
	p.forward = append(p.forward, p.instructions(before)...)
	p.bind(a)
	for i, n := range in {
		p.values[n] = newValue(dtype, shapes[i], b[i])
	}
	if f := p.run(); f != nil {
		return f
	}
	out := p.output()
	if e, differ := differs(want, out); differ {
		return faultf("the output is wrong when the graph holds two nodes of the op: %s is %s, want %s: do they share a buffer?",
			at(k.jacobian.shape, e), num(out[e]), num(want[e]))
	}
	if f := p.back(); f != nil {
		return f
	}
	for i, got := range p.gradients() {
		if e, differ := differs(wantGrads[i], got); differ {
			return faultf("the gradient of input %d is wrong when the graph holds two nodes of the op: %s is %s, want %s: do they share a buffer?",
				i, at(shapes[i], e), num(got[e]), num(wantGrads[i][e]))
		}
	}
	return nil
}

// sameNode gives the op one node as two inputs.
func (k *kit) sameNode(dtype tensor.Dtype) *fault {
	shapes := k.c.shapes()
	for i := range shapes {
		for j := range i {
			if !shapes[i].Eq(shapes[j]) || k.c.Inputs[i].Values != nil || k.c.Inputs[j].Values != nil || k.c.Inputs[i].Constant || k.c.Inputs[j].Constant {
				continue
			}
			if f := k.sameInputs(dtype, j, i); f != nil {
				return f.when("when one node is inputs %d and %d", j, i)
			}
		}
	}
	return nil
}

// sameInputs compares the op on one node as inputs i and j with the op on two nodes of the same values.
func (k *kit) sameInputs(dtype tensor.Dtype, i, j int) *fault {
	shapes := k.c.shapes()
	values := k.c.values(shapes, 0)
	values[j] = values[i]
	want, grads, f := k.both(dtype, shapes, values, nil)
	if f != nil {
		return f
	}
	c := k.c
	c.Build = func(in []*G.Node) (*G.Node, error) {
		in[j] = in[i]
		return k.c.Build(in)
	}
	c.Inputs = append([]Input(nil), c.Inputs...)
	c.Inputs[j].Constant = true
	other := &kit{c: c, name: k.name, programs: map[string]*program{}}
	got, both, f := other.both(dtype, shapes, values, nil)
	if f != nil {
		if f.refused {
			return nil
		}
		return f
	}
	if e, differ := differs(want, got); differ {
		return faultf("the output differs: %s is %s, want %s", at(k.jacobian.shape, e), num(got[e]), num(want[e]))
	}
	for e, g := range both[i] {
		if sum := grads[i][e] + grads[j][e]; !near(g, sum, 10*tolerance(dtype)) {
			return faultf("the gradient differs: %s is %s, want the sum of both, %s", at(shapes[i], e), num(g), num(sum))
		}
	}
	return nil
}
