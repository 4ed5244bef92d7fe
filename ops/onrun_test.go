package ops_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func TestOnRun(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(1, 2),
		G.WithValue(tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float64{1, -1}))))
	y, err := ops.ReLU(x)
	if err != nil {
		t.Fatal(err)
	}
	z, err := ops.SELU(y)
	if err != nil {
		t.Fatal(err)
	}
	var log []string
	note := func(name string, want float64) func(G.Value) error {
		return func(v G.Value) error {
			if got := v.Data().([]float64)[0]; got != want {
				t.Errorf("%s: output %v, want %v", name, got, want)
			}
			log = append(log, name)
			return nil
		}
	}
	fail := false
	last := func(G.Value) error {
		if fail {
			return errors.New("no more")
		}
		return nil
	}
	if !ops.OnRun(z, note("z", 1.0507009873554805)) || !ops.OnRun(y, note("y", 1)) || !ops.OnRun(y, note("y again", 1)) || !ops.OnRun(z, last) {
		t.Error("ops of this package are not watched")
	}
	if ops.OnRun(x, last) {
		t.Error("an input is watched, though it has no op")
	}
	vm := G.NewTapeMachine(g)
	defer vm.Close()
	for range 2 {
		vm.Reset()
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(log, ", "); got != "y, y again, z, y, y again, z" {
		t.Errorf("calls of %s", got)
	}
	fail = true
	vm.Reset()
	if err := vm.RunAll(); err == nil || !strings.Contains(err.Error(), "after SELU: no more") {
		t.Errorf("error %v, want that of the function", err)
	}
}
