package theory_test

import (
	"math"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// Forward, the signals are those of the moment map. Backward, in equal layers, the gradients grow by Growth, layer by layer.
func TestSignals(t *testing.T) {
	d, err := theory.SELU.Dropout(0.05, theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	l, start := theory.Layer{Weights: theory.LeCun, Pooled: true, Dropout: d}, theory.Moments{Mean: 0.5, Variance: 2}
	n := theory.Deep(l, 8)
	all, err := n.Signals(start)
	if err != nil || len(all) != 9 {
		t.Fatalf("%d signals, %v", len(all), err)
	}
	path, err := l.Iterate(start, 8)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if all[i].Output != path[i] {
			t.Errorf("layer %d: %+v, want %+v", i, all[i].Output, path[i])
		}
		if i == 8 {
			break
		}
		growth, err := l.Growth(path[i])
		if err != nil || !near(all[i].OutputGradient, growth*all[i+1].OutputGradient, 1e-13, 0) {
			t.Errorf("layer %d: the gradients become %v from %v, want a factor of %v, %v", i, all[i].OutputGradient, all[i+1].OutputGradient, growth, err)
		}
	}
	if last := all[8]; last.OutputGradient != 1 || !near(last.Gradient, d.Gradient(), 1e-15, 0) || all[0].WeightGradient != 0 {
		t.Errorf("the last layer has %+v, the inputs %+v", last, all[0])
	}
}

// From one layer to another of a different width, gradients change by the ratio of the widths, and back again.
func TestSignalsOfWidths(t *testing.T) {
	l := theory.Layer{Weights: theory.LeCun, Pooled: true}
	narrow := theory.Network{Inputs: 10, Layers: []theory.NetworkLayer{{Layer: l, Units: 40}, {Layer: l}, {Layer: l, Units: 20}}}
	all, err := narrow.Signals(theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	growth, err := l.Growth(theory.Normalized)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{4 * math.Pow(growth, 3) / 2, growth * growth / 2, growth / 2, 1} {
		if !near(all[i].OutputGradient, want, 1e-13, 0) {
			t.Errorf("layer %d: %v, want %v", i, all[i].OutputGradient, want)
		}
	}
	if w := all[2]; !near(w.WeightGradient, w.PreGradient, 1e-13, 0) || !near(w.PreGradient, w.Gradient*growth, 1e-13, 0) {
		t.Errorf("inputs of mean square 1 and pre-activations: %+v", w)
	}
	for name, n := range map[string]theory.Network{
		"negative units":  {Layers: []theory.NetworkLayer{{Layer: l, Units: -1}}},
		"negative inputs": {Inputs: -1, Layers: []theory.NetworkLayer{{Layer: l}}},
		"no slope":        theory.Deep(theory.Layer{Activation: theory.Function{F: math.Tanh}, Weights: theory.LeCun}, 1),
		"overflow":        theory.Deep(theory.Layer{Activation: theory.Params{Lambda: 1, Alpha: 1}, Weights: theory.Weights{Tau: 1e200}}, 3),
	} {
		if all, err := n.Signals(theory.Normalized); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
	}
}

// Two rows of a network follow the map of correlations, and their gradients its backward factor.
func TestRows(t *testing.T) {
	l, start := theory.Layer{Weights: theory.LeCun, Pooled: true}, theory.Moments{Mean: 0.2, Variance: 0.7}
	rows, err := theory.Deep(l, 3).Rows(start, 0.8)
	if err != nil || len(rows) != 4 || rows[3].Gradient != 1 {
		t.Fatalf("%+v, %v", rows, err)
	}
	m, gradient := start, 1.0
	for i := range 3 {
		c, err1 := l.Correlation(m, rows[i].Correlation)
		factor, err2 := l.GradientCorrelation(m, rows[i].Correlation)
		next, err3 := l.Map(m)
		if err1 != nil || err2 != nil || err3 != nil || c != rows[i+1].Correlation {
			t.Errorf("layer %d: %v, want %v; %v, %v, %v", i+1, rows[i+1].Correlation, c, err1, err2, err3)
		}
		gradient *= factor
		m = next
	}
	if !near(rows[0].Gradient, gradient, 1e-13, 0) {
		t.Errorf("the gradients at the inputs have the correlation %v, want %v", rows[0].Gradient, gradient)
	}
	if _, err := theory.Deep(l, 3).Rows(start, 2); !errors.Is(err, theory.ErrDomain) {
		t.Errorf("correlation 2: %v", err)
	}
}
