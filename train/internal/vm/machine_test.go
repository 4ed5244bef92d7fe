package vm_test

import (
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// machine returns a training machine of a layer with two columns and one output.
func machine(t *testing.T, layer nn.Layer, rows int) *vm.Machine {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(2), graphs.MSE, graphs.Dtype(tensor.Float64))
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Build(net.Config(graphs.Train, rows))
	if err != nil {
		t.Fatal(err)
	}
	m, err := vm.New(g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// fill sets the features, labels and weights of a batch.
func fill(b *batch.Batch, x, y float64) {
	labels, weights := b.Labels(batch.Y)
	for i := range labels.Float64s() {
		labels.Float64s()[i], weights.Float64s()[i] = y, 1
	}
	for i := range b.Input(batch.X).Float64s() {
		b.Input(batch.X).Float64s()[i] = x
	}
}

// A run reads the set of inputs that is bound, and gives the loss and the gradients of that.
func TestSlots(t *testing.T) {
	m := machine(t, nn.Dense{Units: 1, WeightInit: nn.Constant(1)}, 3)
	fill(m.Slot(0), 1, 0) // output 2, loss 4
	fill(m.Slot(1), 2, 1) // output 4, loss 9
	for _, slot := range []int{0, 1, 1, 0} {
		if err := m.Bind(slot); err != nil {
			t.Fatal(err)
		}
		if err := m.Run(); err != nil {
			t.Fatal(err)
		}
		if want := []float64{4, 9}[slot]; math.Abs(m.Loss()-want) > 1e-12 {
			t.Errorf("slot %d: loss %v, want %v", slot, m.Loss(), want)
		}
		gradients := map[bool]float64{}
		for _, u := range m.Updates {
			g, err := u.Grad()
			if err != nil {
				t.Fatal(err)
			}
			gradients[u.Value().Shape().Dims() == 2] = g.(*tensor.Dense).Float64s()[0]
		}
		if want := []float64{4, 12}[slot]; math.Abs(gradients[true]-want) > 1e-12 { // 2 (output - label) x
			t.Errorf("slot %d: gradient %v, want %v", slot, gradients[true], want)
		}
	}
}

// The error of an op keeps its cause and loses the machine's addresses; a panic is an error, and the machine goes on.
func TestRunErrors(t *testing.T) {
	cause := errors.New("no more ink")
	var failure func() error
	printer := ops.Def{
		Name:     "Printer",
		Shape:    func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32:  func(*ops.Call[float32]) error { return failure() },
		Float64:  func(*ops.Call[float64]) error { return failure() },
		Gradient: func() ops.Gradient { return ops.Gradient{Of: []int{ops.PassUpstream}} },
	}
	m := machine(t, nn.Sequential{nn.Dense{Units: 1}, nn.Func(func(x *G.Node) (*G.Node, error) { return ops.Apply(printer, x) })}, 2)
	fill(m.Slot(0), 1, 1)
	failure = func() error { return cause }
	if err := m.Run(); !errors.Is(err, cause) || strings.Contains(err.Error(), "PC ") || strings.Contains(err.Error(), "CPU") || !strings.Contains(err.Error(), "Printer") {
		t.Errorf("error %v", err)
	}
	failure = func() error { panic("on fire") }
	if err := m.Run(); err == nil || !strings.Contains(err.Error(), "on fire") {
		t.Errorf("a panic gives %v", err)
	}
	failure = func() error { return nil }
	if err := m.Run(); err != nil {
		t.Errorf("after errors: %v", err)
	}
}
