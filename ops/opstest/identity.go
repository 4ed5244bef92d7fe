package opstest

import (
	"fmt"
	"slices"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkIdentity looks for ops that Gorgonia would take for one although they are not: the op of both dtypes, its variants, and two calls of
// Build.
func checkIdentity(k *kit) *fault {
	double, f := k.build(tensor.Float64, k.c.shapes())
	if f != nil {
		return f
	}
	single, f := k.build(tensor.Float32, k.c.shapes())
	if f != nil {
		return f
	}
	if double.out.Hashcode() == single.out.Hashcode() {
		return faultf("float32 and float64 have the same hash")
	}
	if f := k.distinct(double); f != nil {
		return f
	}
	if f := k.merged(); f != nil {
		return f
	}
	if len(k.c.Variants) == 0 {
		return k.captures()
	}
	return nil
}

// distinct adds the variants to the graph of the op.
func (k *kit) distinct(p *program) *fault {
	seen := map[uint32]string{p.out.Hashcode(): "the op itself"}
	for i, build := range k.c.Variants {
		if build == nil {
			return faultf("Case.Variants[%d] is nil", i)
		}
		n, f := k.add(build, p.in)
		if f != nil {
			return f.when("in variant %d", i)
		}
		name := fmt.Sprintf("variant %d", i)
		if other, ok := seen[n.Hashcode()]; ok {
			return faultf("%s (%v) has the hash of %s: Gorgonia takes them for one node; is an attribute missing from Def.Attrs or Def.ID?", name, n.Op(), other)
		}
		seen[n.Hashcode()] = name
		if f := k.besideVariant(i); f != nil {
			return f
		}
	}
	return nil
}

// besideVariant checks that the op gives the same in a graph that holds a variant, too: their gradients may have been merged.
func (k *kit) besideVariant(variant int) *fault {
	if k.c.Random {
		return nil
	}
	shapes := k.c.shapes()
	values := k.c.values(shapes, 0)
	alone, f := k.alone(k.c.Variants[variant], values)
	if f != nil {
		return nil // found by the checks of the gradient
	}
	p, f := k.build(tensor.Float64, shapes)
	if f == nil {
		f = p.differentiate()
	}
	if f != nil {
		return nil
	}
	first := p.out
	if p.out, f = k.add(k.c.Variants[variant], p.in); f != nil || !p.out.Shape().Eq(first.Shape()) {
		return nil
	}
	var wrt G.Nodes
	for i, in := range k.c.Inputs {
		if !in.Constant {
			wrt = append(wrt, p.in[i])
		}
	}
	grads, err := G.Backpropagate(G.Nodes{p.out}, G.Nodes{p.up}, wrt)
	if err != nil {
		return nil
	}
	p.forward = p.instructions(0)
	p.bind(values)
	if f := p.run(); f != nil {
		return nil
	}
	for i, g := range append(G.Nodes{p.out}, grads...) {
		if e, differ := differs(alone[i], floats(p.values[g])); differ {
			return faultf("variant %d gives another %s in a graph with the op: %s instead of %s: is an attribute missing from a step of the gradient?",
				variant, []string{"output", "gradient"}[min(i, 1)], num(floats(p.values[g])[e]), num(alone[i][e]))
		}
	}
	return nil
}

// alone returns the output of an op and its gradients in a graph of their own.
func (k *kit) alone(build func([]*G.Node) (*G.Node, error), values [][]float64) ([][]float64, *fault) {
	c := k.c
	c.Build = build
	other := &kit{c: c, name: k.name, programs: map[string]*program{}}
	out, grads, f := other.both(tensor.Float64, c.shapes(), values, nil)
	grads = slices.DeleteFunc(grads, func(g []float64) bool { return g == nil })
	return append([][]float64{out}, grads...), f
}

// merged calls Build twice on the same inputs. If that gives one node, both calls must give the same function.
func (k *kit) merged() *fault {
	if k.c.Random {
		return nil
	}
	shapes := k.c.shapes()
	p, f := k.build(tensor.Float64, shapes)
	if f != nil {
		return f
	}
	again, f := k.add(k.c.Build, p.in)
	if f != nil {
		return f.when("in a second call of Build on one graph")
	}
	if again != p.out {
		return nil
	}
	for draw := range uint64(3) {
		values := k.c.values(shapes, draw)
		var outs [3][]float64
		for n := range outs {
			fresh, f := k.build(tensor.Float64, shapes)
			if f != nil {
				return f
			}
			fresh.bind(values)
			if f := fresh.run(); f != nil {
				return f
			}
			outs[n] = fresh.output()
		}
		for _, out := range outs[1:] {
			if e, differ := differs(outs[0], out); differ {
				a, b := nums(outs[0][e], out[e])
				return faultf("two calls of Build give one node, but different results, %s and %s: is an attribute missing from Def.Attrs or Def.ID?", a, b)
			}
		}
	}
	return nil
}

// captures looks for numbers that the functions of the op have captured, although its identity does not tell ops with other numbers apart.
func (k *kit) captures() *fault {
	for _, dtype := range dtypes {
		p, f := k.build(dtype, k.c.shapes())
		if f != nil {
			return f
		}
		p.bind(k.c.values(p.shapes, 0))
		if f := p.run(); f != nil {
			return f
		}
		for _, x := range p.forward {
			def, ok := ops.DefOf(x.node)
			if !ok || def.ID == nil || hasNumbers(def) || k.c.Random {
				continue
			}
			if number, ok := p.captured(def, x); ok {
				return faultf("a forgotten attribute: %s uses the number %s, which neither Def.Attrs nor Def.ID holds: with another number the op would have the same hash, and Gorgonia would take both for one node",
					p.role(x.node), num(number))
			}
		}
	}
	return nil
}
