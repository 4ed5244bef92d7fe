package callback_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// deep is a SELU network of 16 layers of 256 units.
func deep(init nn.Initializer, between ...nn.Layer) nn.Layer {
	var s nn.Sequential
	for range 16 {
		s = append(append(s, nn.Dense{Units: 256, Activation: ops.SELU, WeightInit: init}), between...)
	}
	return append(s, nn.Dense{Units: 1})
}

// On real data a deep network keeps its moments near 0 and 1 while it learns, and the warnings distinguish wrong settings from right ones.
func TestProbesOnHTRU2(t *testing.T) {
	set, err := htru2.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	folds, err := htru2.Folds(set, 1)
	if err != nil {
		t.Fatal(err)
	}
	subset := func(set *datasets.Set, rows []int) *datasets.Set {
		s, err := set.Subset(rows)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	scaled, err := htru2.Scaled(set, folds[0].Fit)
	if err != nil {
		t.Fatal(err)
	}
	fit, few := subset(scaled, folds[0].Fit[:3000]), subset(scaled, folds[0].Fit[:2000])
	tests := []struct {
		name  string
		layer nn.Layer
		data  train.Data
		rate  float64
		want  string // part of the only warning
		adam  bool   // instead of plain gradient descent
	}{
		{"self-normalizing", deep(nil), fit, 0.01, "", false},
		{"alpha dropout", deep(nil, nn.AlphaDropout{Rate: 0.05}), few, 0.01, "", false},
		{"He", deep(nn.HeNormal), few, 0.01, "He initialization", false},
		{"dropout", deep(nil, nn.Dropout{Rate: 0.5}), few, 0.01, "ordinary dropout", false},
		{"not scaled", deep(nil), subset(set, folds[0].Fit[:1000]), 1e-6, "not standardized", false},
		{"Adam at its usual rate", deep(nil), fit, 0.001, "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var told []string
			var optimizer optim.Rule = optim.SGD{Rate: test.rate}
			if test.adam {
				optimizer = optim.Adam{Rate: test.rate}
			}
			h := traintest.Fit(t, traintest.Network(t, test.layer, 8, graphs.BCE, 1), test.data, train.Config{
				Epochs: 2, Optimizer: optimizer, Seed: 1, Callbacks: []train.Callback{&callback.Probes{}}, Warn: func(w string) { told = append(told, w) },
			})
			t.Logf("loss %.3f in the first epoch, %.3f in the last\n%s", h.Epochs[0].Loss, h.Epochs[1].Loss, momentTable(h))
			if test.want != "" {
				if len(told) != 1 || !strings.Contains(told[0], test.want) {
					t.Errorf("warnings %q, want one with %q", told, test.want)
				}
				return
			}
			if len(told) > 0 {
				t.Errorf("warnings %q", told)
			}
			for _, m := range h.Moments {
				if test.adam { // drives the moments away, but not so far that it needs a warning
					break
				}
				for _, l := range m.Layers[:16] {
					if math.Abs(l.Mean) > 0.25 || l.Variance < 0.5 || l.Variance > 1.7 {
						t.Errorf("step %d, %s: mean %.3f, variance %.3f", m.Step, l.Name, l.Mean, l.Variance)
					}
				}
			}
		})
	}
}

// momentTable shows mean and variance of the activations, and tau, of some layers at the first and the last probe.
func momentTable(h *train.History) string {
	var b strings.Builder
	first, last := h.Moments[0], h.Moments[len(h.Moments)-1]
	fmt.Fprintf(&b, "layer    step %4d: mean  variance    tau    step %4d: mean  variance    tau\n", first.Step, last.Step)
	for _, i := range []int{0, 1, 3, 7, 11, 15} {
		f, l := first.Layers[i], last.Layers[i]
		fmt.Fprintf(&b, "%-8s %15.3f %9.3f %6.3f %18.3f %9.3f %6.3f\n", f.Name, f.Mean, f.Variance, f.Tau, l.Mean, l.Variance, l.Tau)
	}
	return b.String()
}
