package opstest

import (
	"math"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
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
	if !ok {
		return nil
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
		return faultf("a second run of %s on the same inputs gives another result: %s is %s, then %s: does it keep something between runs?",
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

// direct calls the function of a definition with a buffer filled with a number.
func (p *program) direct(def ops.Def, x instruction, fill float64) (out []float64, f *fault) {
	if p.dtype == tensor.Float32 {
		return call(p, def.Float32, x, fill)
	}
	return call(p, def.Float64, x, fill)
}

func call[T kernel.Float](p *program, run func(*ops.Call[T]) error, x instruction, fill float64) (out []float64, f *fault) {
	return callOn(p, run, x, p.operands(x), fill, kernel.Shared())
}

// callOn calls the function of a definition on copies of the operands. The output buffer lies between guards.
func callOn[T kernel.Float](p *program, run func(*ops.Call[T]) error, x instruction, operands []G.Value, fill float64, w *kernel.Workers) (out []float64, f *fault) {
	const guard, mark = 16, 12345
	role := p.role(x.node)
	defer p.k.watch.begin(role)()
	defer func() {
		if r := recover(); r != nil {
			out, f = nil, faultf("%s panics: %s", role, panicText(r))
		}
	}()
	c := &ops.Call[T]{Workers: w}
	for _, v := range operands {
		in := make([]T, 0, elements(v.Shape()))
		for _, e := range floats(v) {
			in = append(in, T(e))
		}
		c.In, c.Shapes = append(c.In, in), append(c.Shapes, v.Shape().Clone())
	}
	n := elements(x.node.Shape())
	buffer := make([]T, guard+n+guard)
	for i := range buffer {
		buffer[i] = mark
	}
	own := buffer[guard : guard+n : guard+n]
	for i := range own {
		own[i] = T(fill)
	}
	c.Out = own
	if err := run(c); err != nil {
		return nil, faultf("%s returns an error: %v", role, err)
	}
	if len(c.Out) != n || &c.Out[0] != &own[0] {
		return nil, faultf("%s replaces Call.Out: it must write into the slice that it gets", role)
	}
	for i := range guard {
		if buffer[i] != mark || buffer[guard+n+i] != mark {
			return nil, faultf("%s writes outside of Call.Out", role)
		}
	}
	for _, v := range own {
		out = append(out, float64(v))
	}
	return out, nil
}
