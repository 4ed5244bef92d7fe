package opstest

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkMachines runs the op on Gorgonia's tape machine, and its derivative as the Lisp machine takes it, op by op. They must give what the op
// gives on its own.
func checkMachines(k *kit) *fault {
	for _, dtype := range dtypes {
		values := k.c.values(k.c.shapes(), 0)
		p, f := k.build(dtype, k.c.shapes())
		if f == nil {
			f = p.differentiate()
		}
		if f != nil {
			return f
		}
		p.bind(values)
		for n := range p.values {
			if err := G.Let(n, p.values[n]); err != nil {
				return faultf("Gorgonia refuses a value: %v", err)
			}
		}
		if f := p.onTape(); f != nil {
			return f.when("(%s)", fieldOf(dtype))
		}
		if f := p.onDemand(); f != nil {
			return f.when("(%s)", fieldOf(dtype))
		}
	}
	return nil
}

// onTape compares a run on a tape machine with that of the program.
func (p *program) onTape() (f *fault) {
	defer p.k.watch.begin("the tape machine")()
	defer func() {
		if r := recover(); r != nil {
			f = faultf("the tape machine panics: %s", panicText(r))
		}
	}()
	m := G.NewTapeMachine(p.graph)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		return faultf("the tape machine fails: %v", err)
	}
	out := floats(p.out.Value())
	var grads [][]float64
	for _, n := range p.grads {
		if n == nil {
			grads = append(grads, nil)
		} else {
			grads = append(grads, floats(n.Value()))
		}
	}
	own, f := p.k.build(p.dtype, p.shapes)
	if f == nil {
		f = own.differentiate()
	}
	if f != nil {
		return f
	}
	own.bind(p.k.c.values(p.shapes, 0))
	if f = own.run(); f == nil {
		f = own.back()
	}
	if f != nil {
		return f
	}
	for i, want := range append([][]float64{own.output()}, own.gradients()...) {
		got := append([][]float64{out}, grads...)[i]
		if e, differ := differs(want, got); differ {
			what := "the output"
			if i > 0 {
				what = "the gradient of input " + num(float64(i-1))
			}
			return faultf("%s differs on a tape machine: element %d is %s, want %s", what, e, num(got[e]), num(want[e]))
		}
	}
	return nil
}

// onDemand compares DoDiff with the gradients of the last run. The gradients must be added to those that the inputs have.
func (p *program) onDemand() (f *fault) {
	if !p.k.whole(p) {
		return nil
	}
	role := "DoDiff"
	defer p.k.watch.begin(role)()
	defer func() {
		if r := recover(); r != nil {
			f = faultf("%s panics: %s", role, panicText(r))
		}
	}()
	const before = 3
	for i, n := range p.in {
		old := make([]float64, elements(p.shapes[i]))
		for e := range old {
			old[e] = before
		}
		G.WithGrad(newValue(p.dtype, p.shapes[i], old))(n)
	}
	G.WithGrad(p.up.Value())(p.out)
	if err := p.out.Op().(G.ADOp).DoDiff(G.ExecutionContext{}, p.in, p.out); err != nil {
		return faultf("DoDiff, which the Lisp machine calls, returns an error: %v", err)
	}
	for i, n := range p.in {
		grad, err := n.Grad()
		if err != nil {
			return faultf("input %d has no gradient after DoDiff: %v", i, err)
		}
		want := make([]float64, elements(p.shapes[i]))
		if p.grads[i] != nil {
			want = floats(p.grads[i].Value())
		}
		for e, got := range floats(grad) {
			if !near(got-before, want[e], tolerance(p.dtype)) {
				return faultf("the gradient of input %d that DoDiff adds, as the Lisp machine needs it, differs from the symbolic one: %s is %s, want %s",
					i, at(p.shapes[i], e), num(got-before), num(want[e]))
			}
		}
	}
	return nil
}

// tolerance is that of a few operations.
func tolerance(dtype tensor.Dtype) float64 {
	if dtype == tensor.Float32 {
		return 1e-5
	}
	return 1e-12
}
