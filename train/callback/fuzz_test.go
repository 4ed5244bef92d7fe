package callback_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// Whatever the state of a callback in a checkpoint says, it is refused, or accepted again after a snapshot.
func FuzzRestore(f *testing.F) {
	fuzztest.Brief(f)
	fresh := []func() optim.Stateful{
		func() optim.Stateful { return &callback.EarlyStopping{} },
		func() optim.Stateful { return &callback.ReduceOnPlateau{Factor: 0.5} },
		func() optim.Stateful { return &callback.Probes{} },
	}
	for i, make := range fresh {
		s, err := make().Snapshot()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), []byte(s.Values), float32(1))
	}
	f.Add(uint8(0), []byte(`{"best":1,"epoch":2,"kept":[{"name":"w","trainable":true}]}`), float32(1))
	f.Fuzz(func(t *testing.T, i uint8, values []byte, x float32) {
		make := fresh[int(i)%len(fresh)]
		first, second := make(), make()
		w := tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{x}))
		if first.Restore(optim.Snapshot{Values: values, Tensors: map[string]*tensor.Dense{"w": w}}) != nil {
			return
		}
		s, err := first.Snapshot()
		if err != nil {
			t.Fatalf("%q was accepted and has no snapshot: %v", values, err)
		}
		if err := second.Restore(s); err != nil {
			t.Errorf("%q became %s: %v", values, s.Values, err)
		}
	})
}
