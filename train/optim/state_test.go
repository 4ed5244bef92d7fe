package optim_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An optimizer with the state of another continues as that one, whether it has seen a step before or not.
func TestOptimizerRestore(t *testing.T) {
	for name, rule := range rules {
		for _, dtype := range dtypes {
			for _, before := range []int{0, 1, 4} {
				for _, used := range []bool{false, true} {
					w, o := newWalk(dtype, []int{3, 4}, []int{5}, []int{1}), newOptimizer(t, rule)
					for range before {
						w.step(t, o)
					}
					snapshot := stored(t, o)
					other := newOptimizer(t, rule)
					if used {
						newWalk(dtype, []int{3, 4}, []int{5}, []int{1}).step(t, other)
					}
					if err := other.Restore(snapshot); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					for _, x := range snapshot.Tensors { // a state is copied
						x.Zero()
					}
					resumed := w.clone(3)
					for range 3 {
						w.step(t, o)
						resumed.step(t, other)
					}
					if !slices.Equal(w.bits(), resumed.bits()) || o.Steps() != other.Steps() {
						t.Errorf("%s, %v, restored after %d steps, used before: %v: continues differently", name, dtype, before, used)
					}
				}
			}
		}
	}
}

// stored is a copy of a state, as a file keeps it.
func stored(t testing.TB, o optim.Stateful) optim.Snapshot {
	t.Helper()
	s, err := o.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	out := optim.Snapshot{Values: slices.Clone(s.Values), Tensors: map[string]*tensor.Dense{}}
	for name, x := range s.Tensors {
		out.Tensors[name] = x.Clone().(*tensor.Dense)
	}
	return out
}

// The form in which checkpoints keep a state does not change: files of version 0.1 have it too.
func TestSnapshotForm(t *testing.T) {
	o := newOptimizer(t, optim.Adam{})
	w := newWalk(tensor.Float32, []int{3, 4}, []int{5})
	w.step(t, o)
	s := stored(t, o)
	if diff := cmp.Diff(`{"optimizer":"adam","steps":1,"parameters":[{"dtype":"float32","shape":[3,4]},{"dtype":"float32","shape":[5]}]}`, string(s.Values)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"adam.m.0", "adam.m.1", "adam.v.0", "adam.v.1"}, slices.Sorted(maps.Keys(s.Tensors))); diff != "" {
		t.Error(diff)
	}
	if shape := s.Tensors["adam.m.0"].Shape(); !shape.Eq(tensor.Shape{3, 4}) {
		t.Errorf("the buffer of a 3 x 4 parameter has shape %v", shape)
	}
	for kind, rule := range map[string]optim.Rule{
		"sgd velocity": optim.SGD{Momentum: 0.5}, "sgd": optim.SGD{}, "adamw m v": optim.AdamW{}, "adamax m u": optim.AdaMax{}, "adagrad sum": optim.AdaGrad{},
		"adadelta gradients updates": optim.AdaDelta{}, "rmsprop square": optim.RMSProp{}, "rmsprop square velocity": optim.RMSProp{Momentum: 0.5},
		"rmsprop square mean": optim.RMSProp{Centered: true}, "rmsprop square mean velocity": optim.RMSProp{Centered: true, Momentum: 0.5},
	} {
		if got := strings.Join(append([]string{rule.Name()}, rule.Buffers()...), " "); got != kind {
			t.Errorf("%T: name and buffers %q, want %q", rule, got, kind)
		}
	}
}

// A state that does not fit is refused with an error that says why, and changes nothing.
func TestRestoreErrors(t *testing.T) {
	stepped := func(rule optim.Rule, shapes ...[]int) *optim.Optimizer {
		o := newOptimizer(t, rule)
		newWalk(tensor.Float32, shapes...).step(t, o)
		return o
	}
	adam := func(edit func(s *optim.Snapshot)) optim.Snapshot {
		s := stored(t, stepped(optim.Adam{}, []int{3, 4}, []int{5}))
		edit(&s)
		return s
	}
	values := func(v string) func(*optim.Snapshot) {
		return func(s *optim.Snapshot) { s.Values = json.RawMessage(v) }
	}
	fresh := func() *optim.Optimizer { return newOptimizer(t, optim.Adam{}) }
	for _, test := range []struct {
		name     string
		o        *optim.Optimizer
		snapshot optim.Snapshot
		want     []string
	}{
		{"nothing", fresh(), optim.Snapshot{}, []string{"adam", "reading the state"}},
		{"no JSON", fresh(), adam(values("{")), []string{"adam", "reading the state"}},
		{"other kind", newOptimizer(t, optim.AdamW{}), adam(func(*optim.Snapshot) {}), []string{"adamw", `"adam"`}},
		{"negative steps", fresh(), adam(values(`{"optimizer":"adam","steps":-1}`)), []string{"-1 steps"}},
		{"missing", fresh(), adam(func(s *optim.Snapshot) { delete(s.Tensors, "adam.v.1") }), []string{"no adam.v.1"}},
		{"nil", fresh(), adam(func(s *optim.Snapshot) { s.Tensors["adam.v.1"] = nil }), []string{"no adam.v.1"}},
		{"empty", fresh(), adam(func(s *optim.Snapshot) { s.Tensors["adam.v.1"] = &tensor.Dense{} }), []string{"adam.v.1 is an empty tensor"}},
		{"surplus", fresh(), adam(func(s *optim.Snapshot) { s.Tensors["adam.w.1"] = s.Tensors["adam.v.1"] }), []string{"surplus adam.w.1"}},
		{"shape", fresh(), adam(func(s *optim.Snapshot) { s.Tensors["adam.v.0"] = s.Tensors["adam.v.1"] }), []string{"adam.v.0", "(5)", "want float32 (3, 4)"}},
		{"dtype", fresh(), adam(func(s *optim.Snapshot) {
			s.Tensors["adam.v.1"] = tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(5))
		}), []string{"adam.v.1", "float64", "want float32 (5)"}},
		{"no momentum before", newOptimizer(t, optim.SGD{Momentum: 0.9}), stored(t, stepped(optim.SGD{}, []int{3, 4}, []int{5})), []string{"no sgd.velocity.0", "no sgd.velocity.1"}},
		{"no momentum now", newOptimizer(t, optim.SGD{}), stored(t, stepped(optim.SGD{Momentum: 0.9}, []int{3, 4}, []int{5})), []string{"surplus sgd.velocity.0"}},
		{"other parameters", stepped(optim.Adam{}, []int{3, 4}, []int{6}), adam(func(*optim.Snapshot) {}), []string{"parameter 1 is float32 (5)", "float32 (6)"}},
		{"fewer parameters", stepped(optim.Adam{}, []int{3, 4}), adam(func(*optim.Snapshot) {}), []string{"2 parameters", "the network 1"}},
	} {
		before := stored(t, test.o)
		err := test.o.Restore(test.snapshot)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one with %q", test.name, err, want)
			}
		}
		if after := stored(t, test.o); string(before.Values) != string(after.Values) {
			t.Errorf("%s: state %s, before %s", test.name, after.Values, before.Values)
		}
	}
	// Errors that only the first step can report.
	restored := fresh()
	if err := restored.Restore(adam(func(*optim.Snapshot) {})); err != nil {
		t.Fatal(err)
	}
	p := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(4, 3))
	q := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(5))
	err := restored.Step([]G.ValueGrad{valueGrad{p, p}, valueGrad{q, q}})
	if err == nil || !strings.Contains(err.Error(), "parameter 0 is float32 (4, 3), float32 (3, 4) before") {
		t.Errorf("a step with other parameters than those of the state gives error %v", err)
	}
}

// FuzzRestore: what is accepted is given back, and nothing panics.
func FuzzRestore(f *testing.F) {
	fuzztest.Brief(f)
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		o := newOptimizer(f, rules[name])
		newWalk(tensor.Float32, []int{2}, []int{1, 3}).step(f, o)
		f.Add([]byte(stored(f, o).Values))
	}
	f.Add([]byte(`{"optimizer":"sgd","steps":3,"parameters":[{"dtype":"float32","shape":[-1,9223372036854775807]}]}`))
	f.Fuzz(func(t *testing.T, values []byte) {
		for _, name := range slices.Sorted(maps.Keys(rules)) {
			o := newOptimizer(t, rules[name])
			newWalk(tensor.Float32, []int{2}, []int{1, 3}).step(t, o)
			s := stored(t, o)
			s.Values = values
			fresh := newOptimizer(t, rules[name])
			if fresh.Restore(s) != nil {
				continue
			}
			again := stored(t, fresh)
			if err := newOptimizer(t, rules[name]).Restore(again); err != nil {
				t.Errorf("%s: what was accepted is refused the second time: %v", name, err)
			}
		}
	})
}
