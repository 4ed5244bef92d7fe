package training

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
)

func meterNetwork(t *testing.T) *graphs.Network {
	t.Helper()
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 32, Outputs: 1}, graphs.Matrix(5), graphs.BCE)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func normal(rows, cols int, mean, sd float64) []float32 {
	r, x := rand.New(rand.NewPCG(1, 2)), make([]float32, rows*cols)
	for i := range x {
		x[i] = float32(mean + sd*r.NormFloat64())
	}
	return x
}

// The moments of rows do not depend on how many come at once, those of the inputs are right, and shifted inputs show in all layers.
func TestMeter(t *testing.T) {
	net := meterNetwork(t)
	m, err := NewMeter(net)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if got := m.Moments(); got.Rows != 0 || got.Layers != nil {
		t.Errorf("without rows: %+v", got)
	}
	x := normal(200, 5, 0.5, 2)
	for i := range 200 {
		if err := m.Add(x[5*i:][:5]); err != nil {
			t.Fatal(err)
		}
	}
	one := m.Moments()
	m.Reset()
	if err := m.Add(x); err != nil {
		t.Fatal(err)
	}
	all := m.Moments()
	if one.Rows != 192 || len(all.Layers) != 4 || all.Layers[0].Name != "input" {
		t.Fatalf("%+v", all)
	}
	for i, l := range all.Layers {
		if l != one.Layers[i] || !(l.Variance > 0) {
			t.Errorf("layer %d: %+v, row by row %+v", i, l, one.Layers[i])
		}
	}
	if l := all.Layers[0]; math.Abs(l.Mean-0.5) > 0.3 || math.Abs(l.Variance-4) > 0.6 {
		t.Errorf("inputs: %+v", l)
	}
	if err := m.Add(x[:3]); err == nil || !strings.Contains(err.Error(), "3 elements") {
		t.Error(err)
	}
}

// The moments of training rows come back from the metadata of a network.
func TestMomentsOf(t *testing.T) {
	net := meterNetwork(t)
	if _, ok := MomentsOf(net); ok {
		t.Error("moments of a network that has none")
	}
	features, err := datasets.NewDense(30, 5, normal(30, 5, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, 30)
	for i := range rows {
		rows[i] = i
	}
	net.Metadata = map[string]string{momentsKey: momentsText(net, &datasets.Set{Features: features}, rows)}
	if m, ok := MomentsOf(net); !ok || m.Rows != MeterRows || len(m.Layers) != 4 {
		t.Errorf("%+v, %v", m, ok)
	}
	net.Metadata[momentsKey] = "{"
	if _, ok := MomentsOf(net); ok {
		t.Error("moments of damaged text")
	}
	if _, err := NewMeter(nil); err == nil {
		t.Error("a meter of no network")
	}
}
