package opstest

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// checkBuffer runs the op with an output buffer that holds something: the output of a previous run, or of another op that Gorgonia has given
// the memory to.
func checkBuffer(k *kit) *fault {
	for _, dtype := range dtypes {
		p, f := k.build(dtype, k.c.shapes())
		if f != nil {
			return f
		}
		p.bind(k.c.values(p.shapes, 0))
		for _, x := range p.forward {
			if f := p.dirty(x); f != nil {
				return f
			}
			if p.values[x.node], f = p.step(x, p.operands(x)); f != nil {
				return f
			}
		}
	}
	return nil
}

// dirty runs one op of this project with three different contents of its buffer.
func (p *program) dirty(x instruction) *fault {
	def, ok := ops.DefOf(x.node)
	if !ok || def.RowSparse {
		return nil // the package clears the rows that a run leaves out, and only in the buffer that it has made
	}
	var outs [4][]float64
	fill := []float64{0, 7, math.NaN(), 0}
	shape := x.node.Shape()
	for i := range outs {
		var f *fault
		if outs[i], f = p.direct(def, x, fill[i]); f != nil {
			return f
		}
	}
	if e, differ := differs(outs[0], outs[3]); differ && !p.k.c.Random {
		a, b := nums(outs[0][e], outs[3][e])
		return faultf("a second run of %s on the same inputs gives another result: %s is %s, then %s: does it keep something between runs, or draw noise (Case.Random)?",
			p.role(x.node), at(shape, e), a, b)
	}
	for k := range outs[0] {
		clean, seven, nan := outs[0][k], outs[1][k], outs[2][k]
		random := p.k.c.Random
		switch where := at(shape, k); {
		case clean == 0 && seven == 7 && nan != nan && !random || random && nan != nan:
			return faultf("%s does not write %s of its output: the buffer still holds the last run there", p.role(x.node), where)
		case random:
		case near(seven-clean, 7, 1e-4) && nan != nan:
			return faultf("%s adds to its output buffer instead of overwriting it: %s is %s if the buffer holds 0, and %s if it holds 7",
				p.role(x.node), where, num(clean), num(seven))
		case !equal(clean, seven) || !equal(clean, nan):
			return faultf("the output of %s depends on what its buffer held before: %s is %s if the buffer holds 0, %s if 7, and %s if NaN",
				p.role(x.node), where, num(clean), num(seven), num(nan))
		}
	}
	return nil
}

// direct runs a copy of an op of this project once, on the values of its operands, with an output buffer that holds a number and lies between
// guards.
func (p *program) direct(def ops.Def, x instruction, fill float64) (out []float64, f *fault) {
	problem := ""
	def.Float32 = probed(def.Float32, fill, &problem)
	def.Float64 = probed(def.Float64, fill, &problem)
	if out, f = p.again(def, x); f == nil && problem != "" {
		return nil, faultf("%s %s", p.role(x.node), problem)
	}
	return out, f
}

// again adds an op with a changed definition to the graph, on the operands of an instruction, and runs it.
func (p *program) again(def ops.Def, x instruction) (out []float64, f *fault) {
	def.ID, def.Gradient = nil, nil
	n, err := ops.Apply(def, x.operands...)
	if err != nil {
		return nil, faultf("%s cannot be applied again: %v", p.role(x.node), err)
	}
	v, f := p.stepAs(n.Op(), x, p.operands(x))
	return floats(v), f
}

// probed runs a function of a definition on a buffer filled with a number, and describes what it does wrong with it.
func probed[T kernel.Float](run func(*ops.Call[T]) error, fill float64, problem *string) func(*ops.Call[T]) error {
	const guard, mark = 16, 12345
	return func(c *ops.Call[T]) error {
		given := c.Out
		if len(given) == 0 {
			return run(c)
		}
		defer func() { c.Out = given }()
		n := len(given)
		buffer := make([]T, guard+n+guard)
		for i := range buffer {
			buffer[i] = mark
		}
		own := buffer[guard : guard+n : guard+n]
		for i := range own {
			own[i] = T(fill)
		}
		c.Out = own
		shapes := fmt.Sprint(c.Shapes)
		if err := run(c); err != nil {
			return err
		}
		if after := fmt.Sprint(c.Shapes); after != shapes {
			*problem = fmt.Sprintf("changes Call.Shapes: they were %s and are %s", shapes, after)
		}
		if len(c.Out) != n || &c.Out[0] != &own[0] {
			*problem = "replaces Call.Out: it must write into the slice that it gets"
		}
		for i := range guard {
			if buffer[i] != mark || buffer[guard+n+i] != mark {
				*problem = "writes outside of Call.Out"
			}
		}
		copy(given, own)
		return nil
	}
}
