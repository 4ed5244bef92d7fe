package train_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An optimizer with the state of another goes on as that one, whether it has seen a step before or not.
func TestOptimizerRestore(t *testing.T) {
	for name, make := range optimizers {
		for _, dtype := range dtypes {
			for _, before := range []int{0, 1, 4} {
				for _, used := range []bool{false, true} {
					w, o := newWalk(dtype, []int{3, 4}, []int{5}, []int{1}), make()
					for range before {
						w.step(t, o)
					}
					snapshot := stored(t, o)
					other := make()
					if used {
						newWalk(dtype, []int{3, 4}, []int{5}, []int{1}).step(t, other)
					}
					if err := other.(train.Stateful).Restore(snapshot); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					for _, x := range snapshot.Tensors { // a state is copied
						x.Zero()
					}
					resumed := &walk{random: rand.New(rand.NewPCG(3, 4))}
					for _, p := range w.params {
						resumed.params = append(resumed.params, p.Clone().(*tensor.Dense))
					}
					w.random = rand.New(rand.NewPCG(3, 4))
					for range 3 {
						w.step(t, o)
						resumed.step(t, other)
					}
					if !slices.Equal(w.bits(), resumed.bits()) {
						t.Errorf("%s, %v, restored after %d steps, used before: %v: goes on differently", name, dtype, before, used)
					}
				}
			}
		}
	}
}

// stored is a copy of the state of an optimizer, as a file keeps it.
func stored(t testing.TB, o train.Optimizer) train.Snapshot {
	t.Helper()
	s, err := o.(train.Stateful).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	out := train.Snapshot{Values: slices.Clone(s.Values), Tensors: map[string]*tensor.Dense{}}
	for name, x := range s.Tensors {
		out.Tensors[name] = x.Clone().(*tensor.Dense)
	}
	return out
}

func TestOptimizerSnapshotNames(t *testing.T) {
	o := &train.Adam{}
	newWalk(tensor.Float32, []int{3, 4}, []int{5}).step(t, o)
	s := stored(t, o)
	names := slices.Sorted(maps.Keys(s.Tensors))
	if diff := cmp.Diff([]string{"adam.m.0", "adam.m.1", "adam.v.0", "adam.v.1"}, names); diff != "" {
		t.Error(diff)
	}
	if shape := s.Tensors["adam.m.0"].Shape(); !shape.Eq(tensor.Shape{3, 4}) {
		t.Errorf("the buffer of a 3 x 4 parameter has shape %v", shape)
	}
}

// A state that does not fit is refused with an error that says why, and changes nothing.
func TestOptimizerRestoreErrors(t *testing.T) {
	adam := func(edit func(s *train.Snapshot)) train.Snapshot {
		o := &train.Adam{}
		newWalk(tensor.Float32, []int{3, 4}, []int{5}).step(t, o)
		s := stored(t, o)
		edit(&s)
		return s
	}
	values := func(v string) func(*train.Snapshot) {
		return func(s *train.Snapshot) { s.Values = json.RawMessage(v) }
	}
	momentum := &train.SGD{Momentum: 0.9}
	newWalk(tensor.Float32, []int{3, 4}, []int{5}).step(t, momentum)
	plain := &train.SGD{}
	newWalk(tensor.Float32, []int{3, 4}, []int{5}).step(t, plain)
	used := &train.Adam{}
	newWalk(tensor.Float32, []int{3, 4}, []int{6}).step(t, used)
	fewer := &train.Adam{}
	newWalk(tensor.Float32, []int{3, 4}).step(t, fewer)
	for _, test := range []struct {
		name     string
		o        train.Optimizer
		snapshot train.Snapshot
		want     []string
	}{
		{"no JSON", &train.Adam{}, adam(values("{")), []string{"adam", "reading the state"}},
		{"other kind", &train.AdamW{}, adam(func(*train.Snapshot) {}), []string{"adamw", `"adam"`}},
		{"negative steps", &train.Adam{}, adam(values(`{"optimizer":"adam","steps":-1}`)), []string{"-1 steps"}},
		{"missing", &train.Adam{}, adam(func(s *train.Snapshot) { delete(s.Tensors, "adam.v.1") }), []string{"no adam.v.1"}},
		{"nil", &train.Adam{}, adam(func(s *train.Snapshot) { s.Tensors["adam.v.1"] = nil }), []string{"no adam.v.1"}},
		{"surplus", &train.Adam{}, adam(func(s *train.Snapshot) { s.Tensors["adam.w.1"] = s.Tensors["adam.v.1"] }), []string{"surplus adam.w.1"}},
		{"shape", &train.Adam{}, adam(func(s *train.Snapshot) { s.Tensors["adam.v.0"] = s.Tensors["adam.v.1"] }), []string{"adam.v.0", "(5)", "want float32 (3, 4)"}},
		{"dtype", &train.Adam{}, adam(func(s *train.Snapshot) {
			s.Tensors["adam.v.1"] = tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(5))
		}), []string{"adam.v.1", "float64", "want float32 (5)"}},
		{"no momentum before", &train.SGD{Momentum: 0.9}, stored(t, plain), []string{"no sgd.velocity.0", "no sgd.velocity.1"}},
		{"no momentum now", &train.SGD{}, stored(t, momentum), []string{"surplus sgd.velocity.0"}},
		{"other parameters", used, adam(func(*train.Snapshot) {}), []string{"parameter 1 is float32 (5)", "float32 (6)"}},
		{"fewer parameters", fewer, adam(func(*train.Snapshot) {}), []string{"2 parameters", "seen 1"}},
	} {
		before := stored(t, test.o)
		err := test.o.(train.Stateful).Restore(test.snapshot)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", test.name, err, want)
			}
		}
		if after := stored(t, test.o); string(before.Values) != string(after.Values) {
			t.Errorf("%s: state %s, before %s", test.name, after.Values, before.Values)
		}
	}
	// What only the first step can tell.
	fresh := &train.Adam{}
	if err := fresh.Restore(adam(func(*train.Snapshot) {})); err != nil {
		t.Fatal(err)
	}
	p := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(4, 3))
	q := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(5))
	err := fresh.Step([]G.ValueGrad{valueGrad{p, p}, valueGrad{q, q}})
	if err == nil || !strings.Contains(err.Error(), "parameter 0 is float32 (4, 3), float32 (3, 4) before") {
		t.Errorf("a step with other parameters than those of the state gives error %v", err)
	}
}

// FuzzOptimizerRestore: what is accepted is given back, and nothing panics.
func FuzzOptimizerRestore(f *testing.F) {
	for name := range optimizers {
		o := optimizers[name]()
		newWalk(tensor.Float32, []int{2}, []int{1, 3}).step(f, o)
		f.Add([]byte(stored(f, o).Values))
	}
	f.Add([]byte(`{"optimizer":"sgd","steps":3,"parameters":[{"dtype":"float32","shape":[-1,9223372036854775807]}]}`))
	f.Fuzz(func(t *testing.T, values []byte) {
		for _, name := range slices.Sorted(maps.Keys(optimizers)) {
			o := optimizers[name]()
			newWalk(tensor.Float32, []int{2}, []int{1, 3}).step(t, o)
			s := stored(t, o)
			s.Values = values
			fresh := optimizers[name]()
			if fresh.(train.Stateful).Restore(s) != nil {
				continue
			}
			again := stored(t, fresh)
			if err := optimizers[name]().(train.Stateful).Restore(again); err != nil {
				t.Errorf("%s: what was accepted is refused the second time: %v", name, err)
			}
		}
	})
}
