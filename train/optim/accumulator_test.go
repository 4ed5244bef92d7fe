package optim_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func newAccumulator(t testing.TB, batches int) *optim.Accumulator {
	t.Helper()
	a, err := optim.NewAccumulator(batches)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func add(t testing.TB, a *optim.Accumulator, model []G.ValueGrad) bool {
	t.Helper()
	ready, err := a.Add(model)
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

func means(t testing.TB, a *optim.Accumulator) (out []G.Value) {
	t.Helper()
	for _, m := range a.Mean() {
		g, err := m.Grad()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, g)
	}
	return out
}

// The mean is that of the gradients, for any number of threads to the last bit, and starts anew after each.
func TestAccumulator(t *testing.T) {
	for _, dtype := range dtypes {
		for _, batches := range []int{1, 2, 5} {
			var want []uint64
			for _, threads := range []int{1, 2, 3} {
				workers := kernel.NewWorkers(threads)
				defer workers.Close()
				a := newAccumulator(t, batches)
				a.UseWorkers(workers)
				w := newWalk(dtype, []int{211, 133}, []int{5}, []int{1})
				for range 2 {
					sum := make([]float64, 211*133)
					for b := range batches {
						model := w.model()
						if ready := add(t, a, model); ready != (b == batches-1) {
							t.Errorf("ready %v after batch %d of %d", ready, b+1, batches)
						}
						x, _ := dense.Elements(model[0].(valueGrad).grad)
						for i := range sum {
							sum[i] += x.At(i)
						}
					}
					got, _ := dense.Elements(means(t, a)[0])
					for i, s := range sum {
						if math.Abs(got.At(i)-s/float64(batches)) > 1e-6 {
							t.Fatalf("%v, %d batches: mean %v, want %v", dtype, batches, got.At(i), s/float64(batches))
						}
					}
				}
				if now := bits(means(t, a)...); want == nil {
					want = now
				} else if !slices.Equal(want, now) {
					t.Errorf("%v, %d batches: %d threads give other bits than one", dtype, batches, threads)
				}
			}
		}
	}
}

// A state restored between any two batches continues to the same bits, in an accumulator that was used before too.
func TestAccumulatorRestore(t *testing.T) {
	for before := range 8 {
		a, w := newAccumulator(t, 3), newWalk(tensor.Float32, []int{3, 4}, []int{5})
		for range before {
			add(t, a, w.model())
		}
		for _, used := range []int{0, 1, 3} {
			other, other2 := newAccumulator(t, 3), newWalk(tensor.Float32, []int{3, 4}, []int{5})
			for range used {
				add(t, other, other2.model())
			}
			if err := other.Restore(stored(t, a)); err != nil {
				t.Fatal(err)
			}
			if other.Mean() != nil || other.Pending() != before%3 {
				t.Errorf("after %d batches %d are pending", before, other.Pending())
			}
			want := newAccumulator(t, 3)
			if err := want.Restore(stored(t, a)); err != nil {
				t.Fatal(err)
			}
			one, two := w.clone(uint64(before)), w.clone(uint64(before))
			for range 3 {
				if ready := add(t, other, one.model()); add(t, want, two.model()) != ready {
					t.Error("ready at different batches")
				} else if ready && !slices.Equal(bits(means(t, want)...), bits(means(t, other)...)) {
					t.Errorf("restored after %d batches, used for %d before: other means", before, used)
				}
			}
		}
	}
}

// A run that is interrupted between two batches of a step, and resumed, has the weights of one that is not.
func TestAccumulatorResumed(t *testing.T) {
	run := func(interrupted bool) []uint64 {
		w, a, o := newWalk(tensor.Float32, []int{3, 4}), newAccumulator(t, 3), newOptimizer(t, optim.Adam{})
		for b := range 9 {
			if b == 4 && interrupted {
				state, sums := stored(t, o), stored(t, a)
				a, o = newAccumulator(t, 3), newOptimizer(t, optim.Adam{})
				if err := o.Restore(state); err != nil {
					t.Fatal(err)
				}
				if err := a.Restore(sums); err != nil {
					t.Fatal(err)
				}
			}
			if add(t, a, w.model()) {
				if err := o.Apply(a.Mean()); err != nil {
					t.Fatal(err)
				}
			}
		}
		return w.bits()
	}
	if !slices.Equal(run(false), run(true)) {
		t.Error("the interrupted run has other weights")
	}
}

func TestAccumulatorErrors(t *testing.T) {
	if _, err := optim.NewAccumulator(0); err == nil || !strings.Contains(err.Error(), "batches 0, want at least 1") {
		t.Errorf("no batches: error %v", err)
	}
	a, w := newAccumulator(t, 2), newWalk(tensor.Float32, []int{3})
	add(t, a, w.model())
	for want, model := range map[string][]G.ValueGrad{
		"parameter 0 is missing": {nil}, "2 parameters, 1 before": append(w.model(), w.model()...),
		"parameter 0 is float32 (4), float32 (3) before": newWalk(tensor.Float32, []int{4}).model(),
		"gradient of parameter 0":                        {valueGrad{w.params[0], nil}},
		"row-sparse":                                     {rowGrad{valueGrad{w.params[0], w.normal(tensor.Float32, []int{3})}, []int{2}}},
	} {
		if _, err := a.Add(model); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	three := newAccumulator(t, 3)
	add(t, three, w.model())
	add(t, three, w.model())
	if err := newAccumulator(t, 2).Restore(stored(t, three)); err == nil || !strings.Contains(err.Error(), "gradients of 2 batches, want fewer than 2") {
		t.Errorf("a state of two batches: error %v", err)
	}
	if a.Pending() != 1 {
		t.Errorf("%d batches are pending after errors, want 1", a.Pending())
	}
}

func TestAccumulatorAllocations(t *testing.T) {
	workers := kernel.NewWorkers(2)
	defer workers.Close()
	a, model := newAccumulator(t, 3), newWalk(tensor.Float32, []int{200, 200}, []int{5}).model()
	a.UseWorkers(workers)
	if n := testing.AllocsPerRun(20, func() { add(t, a, model) }); n > 0 {
		t.Errorf("%v allocations a batch", n)
	}
}
