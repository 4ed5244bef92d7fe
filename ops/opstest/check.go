package opstest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// check is one group of guarantees. It finds at most one fault. It runs only if the checks that it needs have run and found nothing: a
// fault is reported once, where it is simplest, and not again by its consequences.
type check struct {
	name  string
	needs string // names of checks
	run   func(k *kit) *fault
}

// Check checks every property of the op. The first line of a failure names the op and its fault: what, which input, where, and a guess at
// the cause. One fault gives one failure: what depends on it is not checked any more. A panic of the op is a failure, and so is a call
// that does not return.
func Check(t testing.TB, c Case) {
	t.Helper()
	c, err := c.normalize()
	if err != nil {
		t.Fatalf("opstest: %v", err)
	}
	k := &kit{c: c, name: c.Name, programs: map[string]*program{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.run()
	}()
	stuck := k.watch.wait(done)
	k.Lock()
	defer k.Unlock()
	for _, f := range k.faults {
		t.Errorf("%s", f.text(k.title()))
	}
	switch {
	case stuck != nil:
		t.Errorf("%s", stuck.text(k.title()))
	case !k.ended:
		t.Errorf("%s", faultf("the goroutine ended during %q: does the op call t.FailNow or runtime.Goexit?", k.current).text(k.title()))
	}
}

// run runs the checks.
func (k *kit) run() {
	passed := map[string]bool{}
	for _, c := range checks {
		if slices.ContainsFunc(strings.Fields(c.needs), func(name string) bool { return !passed[name] }) {
			continue
		}
		k.Lock()
		k.current = c.name
		k.Unlock()
		f := k.guarded(c)
		if f == nil {
			passed[c.name] = true
			continue
		}
		k.Lock()
		if f.cause == "" || !slices.ContainsFunc(k.faults, func(other *fault) bool { return other.cause == f.cause }) {
			k.faults = append(k.faults, f)
		}
		k.Unlock()
	}
	k.Lock()
	k.ended = true
	k.Unlock()
}

// guarded runs a check. A panic is a fault.
func (k *kit) guarded(c check) (f *fault) {
	defer func() {
		if r := recover(); r != nil {
			f = faultf("panic during %q: %s", c.name, panicText(r))
		}
	}()
	f = c.run(k)
	if f == nil {
		return nil
	}
	if unstable := k.stable(); unstable != nil {
		return unstable // and what was compared with earlier results says nothing
	}
	return f
}

// title is the name of the op in failures.
func (k *kit) title() string {
	if k.name == "" {
		return "the op"
	}
	return k.name
}

// known takes the name of the op from its node.
func (k *kit) known(out *G.Node) {
	if k.name != "" || out == nil || out.Op() == nil {
		return
	}
	k.Lock()
	defer k.Unlock()
	if def, ok := ops.DefOf(out); ok {
		k.name = def.Name
	} else {
		k.name = out.Op().String()
	}
}

// program returns the op on inputs of the given dtype and shapes, with its backward pass. It is the same each time, unless the op is random.
func (k *kit) program(dtype tensor.Dtype, shapes []tensor.Shape, backward bool) (*program, *fault) {
	key := dtype.String()
	for _, s := range shapes {
		key += fmt.Sprint(" ", s)
	}
	p := k.programs[key]
	if p == nil || k.c.Random {
		var f *fault
		if p, f = k.build(dtype, shapes); f != nil {
			return nil, f
		}
		k.programs[key] = p
	}
	if backward && p.grads == nil {
		if f := p.differentiate(); f != nil {
			return nil, f
		}
	}
	return p, nil
}

// forward runs the op on the given values and returns its output.
func (k *kit) forward(dtype tensor.Dtype, shapes []tensor.Shape, values [][]float64) ([]float64, *fault) {
	p, f := k.program(dtype, shapes, false)
	if f != nil {
		return nil, f
	}
	p.bind(values)
	if f := p.run(); f != nil {
		return nil, f
	}
	return p.output(), nil
}

// both runs op and backward pass. A nil u is the gradient upstream(n).
func (k *kit) both(dtype tensor.Dtype, shapes []tensor.Shape, values [][]float64, u []float64) (out []float64, grads [][]float64, f *fault) {
	p, f := k.program(dtype, shapes, true)
	if f != nil {
		return nil, nil, f
	}
	p.bind(values)
	if u == nil {
		u = upstream(elements(p.out.Shape()))
	}
	p.values[p.up] = newValue(dtype, p.out.Shape(), u)
	if f := p.run(); f != nil {
		return nil, nil, f
	}
	if f := p.back(); f != nil {
		return nil, nil, f
	}
	return p.output(), p.gradients(), nil
}
