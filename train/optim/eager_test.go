package optim_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// Updates one at a time, in any order, are those of a step to the last bit.
func TestEagerEqualsStep(t *testing.T) {
	shapes := [][]int{{7, 3}, {5}, {2, 2}}
	for name, rule := range rules {
		o := newOptimizer(t, rule)
		if !o.Eager() {
			if err := o.Open(newWalk(tensor.Float32, shapes...).model()); err == nil || !strings.Contains(err.Error(), "all gradients") {
				t.Errorf("%s: Open returns %v", name, err)
			}
			continue
		}
		want, got := newWalk(tensor.Float32, shapes...), newWalk(tensor.Float32, shapes...)
		for step := o; step.Steps() < 4; {
			model := got.model()
			if err := step.Open(model); err != nil {
				t.Fatal(err)
			}
			for _, i := range []int{2, 0, 1} {
				if err := step.Update(i, model[i]); err != nil {
					t.Fatal(err)
				}
			}
			if err := step.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for o := newOptimizer(t, rule); o.Steps() < 4; {
			want.step(t, o)
		}
		if !slices.Equal(want.bits(), got.bits()) {
			t.Errorf("%s: the parameters differ", name)
		}
	}
	if newOptimizer(t, optim.ClipNorm{Rule: optim.SGD{}, Max: 1}).Eager() {
		t.Error("clipping is eager")
	}
}

func TestEagerOutOfOrder(t *testing.T) {
	w, o := newWalk(tensor.Float64, []int{2}, []int{3}), newOptimizer(t, optim.Adam{})
	model := w.model()
	fails := func(want string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	fails("Update without Open", o.Update(0, model[0]))
	fails("Close without Open", o.Close())
	if err := o.Open(model); err != nil {
		t.Fatal(err)
	}
	fails("parameter 2 of 2", o.Update(2, model[0]))
	fails("parameter -1 of 2", o.Update(-1, model[0]))
	if err := o.Update(0, model[0]); err != nil {
		t.Fatal(err)
	}
	fails("second update of parameter 0", o.Update(0, model[0]))
	fails("use one state per network", o.Update(1, model[0]))
	fails("Close before the update of parameter", func() error {
		if err := o.Open(model); err != nil {
			return err
		}
		return o.Close()
	}())
	if o.Steps() != 0 {
		t.Errorf("%d steps are counted", o.Steps())
	}
}

// The updates of a step allocate nothing after the first.
func TestEagerAllocations(t *testing.T) {
	w, o := newWalk(tensor.Float32, []int{30, 20}, []int{5}), newOptimizer(t, optim.Adam{})
	model := w.model()
	n := testing.AllocsPerRun(20, func() {
		err := o.Open(model)
		for i, m := range model {
			if err == nil {
				err = o.Update(i, m)
			}
		}
		if err == nil {
			err = o.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	if n > 0 {
		t.Errorf("%v allocations a step", n)
	}
}
