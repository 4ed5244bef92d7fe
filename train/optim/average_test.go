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

func newAverage(t testing.TB, decay float64) *optim.Average {
	t.Helper()
	a, err := optim.NewAverage(decay)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// averaged returns a copy of the average.
func averaged(t testing.TB, a *optim.Average, like []G.Value) (out []G.Value) {
	t.Helper()
	for _, v := range like {
		out = append(out, v.(*tensor.Dense).Clone().(*tensor.Dense))
	}
	ok(t, a.CopyTo(out))
	return out
}

// The average is the recursion, for any number of threads to the last bit.
func TestAverage(t *testing.T) {
	const decay = 0.7
	for _, dtype := range dtypes {
		var want []uint64
		for _, threads := range []int{1, 2, 3} {
			workers := kernel.NewWorkers(threads)
			defer workers.Close()
			a, w, o := newAverage(t, decay), newWalk(dtype, []int{211, 133}, []int{5}, []int{1}), newOptimizer(t, optim.Adam{Rate: 0.1})
			a.UseWorkers(workers)
			ok(t, a.Start(w.values()))
			ema, err := dense.Float64s(w.params[0], nil)
			ok(t, err)
			for range 4 {
				w.step(t, o)
				ok(t, a.Update(w.values()))
				x, _ := dense.Elements(w.params[0])
				for i := range ema {
					ema[i] = decay*ema[i] + (1-decay)*x.At(i)
				}
			}
			got := averaged(t, a, w.values())
			x, _ := dense.Elements(got[0])
			for i, e := range ema {
				if math.Abs(x.At(i)-e) > 1e-5 {
					t.Fatalf("%v: average %v, want %v", dtype, x.At(i), e)
				}
			}
			if want == nil {
				want = bits(got...)
			} else if !slices.Equal(want, bits(got...)) {
				t.Errorf("%v: %d threads give other bits than one", dtype, threads)
			}
		}
	}
}

// Swapped twice, weights and average are as before; in between the network has the average.
func TestAverageSwap(t *testing.T) {
	a, w, o := newAverage(t, 0.5), newWalk(tensor.Float32, []int{4}, []int{1}), newOptimizer(t, optim.SGD{Rate: 1})
	ok(t, a.Start(w.values()))
	w.step(t, o)
	ok(t, a.Update(w.values()))
	weights, average := w.bits(), bits(averaged(t, a, w.values())...)
	ok(t, a.Swap(w.values()))
	if !slices.Equal(w.bits(), average) {
		t.Error("the network has not the average")
	}
	for name, err := range map[string]error{
		"Update": a.Update(w.values()), "CopyTo": a.CopyTo(w.values()), "Restore": a.Restore(optim.Snapshot{}),
		"Snapshot": func() error { _, err := a.Snapshot(); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), "averaged weights") {
			t.Errorf("%s between two swaps: error %v", name, err)
		}
	}
	ok(t, a.Swap(w.values()))
	if !slices.Equal(w.bits(), weights) || !slices.Equal(bits(averaged(t, a, w.values())...), average) {
		t.Error("weights or average differ after two swaps")
	}
}

func TestAverageRestore(t *testing.T) {
	for _, dtype := range dtypes {
		for _, used := range []bool{false, true} {
			a, w, o := newAverage(t, 0.9), newWalk(dtype, []int{3, 4}, []int{5}), newOptimizer(t, optim.Adam{})
			ok(t, a.Start(w.values()))
			w.step(t, o)
			ok(t, a.Update(w.values()))
			other := newAverage(t, 0.9)
			if used {
				ok(t, other.Start(w.values()))
			}
			ok(t, other.Restore(stored(t, a)))
			if !other.Started() || other.Updates() != 1 {
				t.Errorf("started %v, %d updates", other.Started(), other.Updates())
			}
			for range 3 {
				w.step(t, o)
				ok(t, a.Update(w.values()))
				ok(t, other.Update(w.values()))
			}
			if !slices.Equal(bits(averaged(t, a, w.values())...), bits(averaged(t, other, w.values())...)) {
				t.Errorf("%v, used before: %v: continues differently", dtype, used)
			}
		}
	}
}

// A scalar of Gorgonia has an average too.
func TestAverageScalar(t *testing.T) {
	a, x := newAverage(t, 0.5), []G.Value{G.NewF64(1)}
	ok(t, a.Start(x))
	*x[0].(*G.F64) = 3
	ok(t, a.Update(x))
	ok(t, a.CopyTo(x))
	if got := float64(*x[0].(*G.F64)); got != 2 {
		t.Errorf("average %v of 1 and 3", got)
	}
}

func TestAverageErrors(t *testing.T) {
	for _, decay := range []float64{-0.1, 1, math.NaN()} {
		if _, err := optim.NewAverage(decay); err == nil {
			t.Errorf("decay %v: no error", decay)
		}
	}
	w := newWalk(tensor.Float32, []int{3})
	a := newAverage(t, 0.9)
	for name, err := range map[string]error{"Update": a.Update(w.values()), "Swap": a.Swap(w.values()), "CopyTo": a.CopyTo(w.values())} {
		if err == nil || !strings.Contains(err.Error(), "call Start") {
			t.Errorf("%s before Start: error %v", name, err)
		}
	}
	ok(t, a.Start(w.values()))
	for want, err := range map[string]error{
		"started already": a.Start(w.values()), "0 parameters, 1 before": a.Update(nil), "parameter 0: no value": a.Swap([]G.Value{nil}),
		"parameter 0 is float32 (4)": a.CopyTo(newWalk(tensor.Float32, []int{4}).values()),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestAverageAllocations(t *testing.T) {
	workers := kernel.NewWorkers(2)
	defer workers.Close()
	a, weights := newAverage(t, 0.9), newWalk(tensor.Float32, []int{200, 200}, []int{5}).values()
	a.UseWorkers(workers)
	ok(t, a.Start(weights))
	if n := testing.AllocsPerRun(20, func() { ok(t, a.Update(weights)) }); n > 0 {
		t.Errorf("%v allocations an update", n)
	}
}
