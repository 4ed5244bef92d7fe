package metric_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
	"pgregory.net/rapid"
)

var kinds = []metric.Kind{metric.Binary, metric.Classes, metric.Values, metric.Distributions}

// metricsOf are the metrics of this package that are for a kind.
func metricsOf(kind metric.Kind) (out []metric.Metric) {
	all := []metric.Metric{metric.TopK(1), metric.TopK(2), metric.Pinball(0.1)}
	for _, name := range metric.Names() {
		if m, _ := metric.ByName(name); m.Defined != nil {
			all = append(all, m)
		}
	}
	for _, m := range all {
		if m.CheckKind(kind) == nil && m.Name != metric.Loss.Name {
			out = append(out, m)
		}
	}
	return out
}

// drawResult draws a result with ties, missing labels and small integer weights.
func drawResult(t *rapid.T) *metric.Result {
	kind := rapid.SampledFrom(kinds).Draw(t, "kind")
	rows, outputs := rapid.IntRange(0, 12).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "outputs")
	r := &metric.Result{Predictions: metric.Predictions{Rows: rows, Outputs: outputs}, Kind: kind}
	sixths := rapid.IntRange(0, 6)
	value := func() float64 { return float64(sixths.Draw(t, "value")) / 6 }
	label := func() float64 {
		y := sixths.Draw(t, "label")
		switch {
		case y == 0 && rapid.Bool().Draw(t, "missing"):
			return math.NaN()
		case kind == metric.Classes:
			return float64(y % outputs)
		case kind == metric.Binary:
			return float64(y / 4)
		}
		return float64(y)
	}
	weights := 0
	for range rows {
		for range outputs {
			r.Values = append(r.Values, value())
		}
		switch kind {
		case metric.Classes:
			r.Labels = append(r.Labels, label())
			weights++
		case metric.Distributions:
			row := make([]float64, outputs)
			k, q := rapid.IntRange(0, outputs-1).Draw(t, "class"), value()
			row[k] += q
			row[0] += 1 - q
			if rapid.IntRange(0, 9).Draw(t, "missing row") == 0 {
				row[outputs-1] = math.NaN()
			}
			r.Labels = append(r.Labels, row...)
			weights++
		default:
			for range outputs {
				r.Labels = append(r.Labels, label())
				weights++
			}
		}
	}
	if rapid.Bool().Draw(t, "weighted") {
		r.Weights = make([]float64, 0, weights)
		for range weights {
			r.Weights = append(r.Weights, float64(rapid.IntRange(0, 3).Draw(t, "weight")))
		}
	}
	return r
}

// rowsOf returns a result with these rows, in this order.
func rowsOf(r *metric.Result, rows []int) *metric.Result {
	out := &metric.Result{Predictions: metric.Predictions{Rows: len(rows), Outputs: r.Outputs}, Kind: r.Kind}
	labels, weights := 1, 1
	if r.Kind != metric.Classes {
		labels = r.Outputs
	}
	if r.Kind == metric.Binary || r.Kind == metric.Values {
		weights = r.Outputs
	}
	for _, i := range rows {
		out.Values = append(out.Values, r.Row(i)...)
		out.Labels = append(out.Labels, r.Labels[i*labels:(i+1)*labels]...)
		if r.Weights != nil {
			out.Weights = append(out.Weights, r.Weights[i*weights:(i+1)*weights]...)
		}
	}
	if r.Weights != nil && out.Weights == nil {
		out.Weights = []float64{}
	}
	return out
}

// equal compares two computations of a metric: close values, or errors both.
func equal(a float64, aErr error, b float64, bErr error) bool {
	if aErr != nil || bErr != nil {
		return aErr != nil && bErr != nil && errors.Is(aErr, metric.ErrUndefined) == errors.Is(bErr, metric.ErrUndefined)
	}
	return math.Abs(a-b) <= 1e-9*(1+math.Abs(a))
}

// eachMetric computes all metrics of two results, which must agree.
func eachMetric(t *rapid.T, a, b *metric.Result) {
	for _, m := range metricsOf(a.Kind) {
		x, xErr := m.Compute(a)
		y, yErr := m.Compute(b)
		if !equal(x, xErr, y, yErr) {
			t.Fatalf("%s: %v (%v) and %v (%v) of\n%+v\n%+v", m.Name, x, xErr, y, yErr, a, b)
		}
	}
}

// The order of the rows does not matter, unless it decides ties in the sums' last bits.
func TestPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		seed := rapid.Uint64().Draw(t, "seed")
		eachMetric(t, r, rowsOf(r, rand.New(rand.NewPCG(seed, 0)).Perm(r.Rows)))
	})
}

// An integer weight k equals k repetitions with weight 1; weight 0 equals no label.
func TestWeightsAreRepetitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		if r.Weights == nil {
			return
		}
		var rows, copyOf []int // copy c of row i counts for the labels with a weight above c
		for i := range r.Rows {
			for c := range 3 {
				rows, copyOf = append(rows, i), append(copyOf, c)
			}
		}
		repeated := rowsOf(r, rows)
		perRow := 1
		if len(rows) > 0 {
			perRow = len(repeated.Weights) / len(rows)
		}
		for k, w := range repeated.Weights {
			repeated.Weights[k] = 0
			if w > float64(copyOf[k/perRow]) {
				repeated.Weights[k] = 1
			}
		}
		eachMetric(t, r, repeated)
		if a, b := r.TotalWeight(), repeated.TotalWeight(); a != b {
			t.Fatalf("total weights %v and %v", a, b)
		}
	})
}

// All metrics stay the same if all weights are multiplied, and without weights if all are 1.
func TestWeightScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		c := *r
		scale := rapid.Float64Range(1e-3, 1e3).Draw(t, "scale")
		n := r.Rows
		if r.Kind == metric.Binary || r.Kind == metric.Values {
			n *= r.Outputs
		}
		c.Weights = slices.Repeat([]float64{scale}, n)
		for k, w := range r.Weights {
			c.Weights[k] *= w
		}
		eachMetric(t, r, &c)
	})
}

// The predictions of missing labels do not matter.
func TestMissingPredictions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		c := *r
		c.Values = slices.Clone(r.Values)
		for i := range r.Rows {
			for k := range r.Outputs {
				at, weight := i*r.Outputs+k, 1.0
				missing := false
				switch r.Kind {
				case metric.Classes:
					missing = math.IsNaN(r.Labels[i])
				case metric.Distributions:
					missing = slices.ContainsFunc(r.Labels[i*r.Outputs:(i+1)*r.Outputs], math.IsNaN)
				default:
					missing = math.IsNaN(r.Labels[at])
				}
				if r.Weights != nil && (r.Kind == metric.Classes || r.Kind == metric.Distributions) {
					weight = r.Weights[i]
				} else if r.Weights != nil {
					weight = r.Weights[at]
				}
				if missing || weight == 0 {
					c.Values[at] = math.NaN()
				}
			}
		}
		eachMetric(t, r, &c)
	})
}

// Metrics have bounds, and perfect predictions have the best value.
func TestBounds(t *testing.T) {
	unit := [2]float64{0, 1}
	bounds := map[string][2]float64{"MCC": {-1, 1}, "Brier score": {0, 8}, "R2": {math.Inf(-1), 1}}
	for _, name := range []string{"ROC-AUC", "PR-AUC", "accuracy", "balanced accuracy", "F1", "micro F1", "precision", "recall",
		"top-1 accuracy", "top-2 accuracy", "top-5 accuracy", "calibration error"} {
		bounds[name] = unit
	}
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		for _, m := range metricsOf(r.Kind) {
			if m.Name == metric.MeanDeltaPRAUC.Name {
				continue // negative for scores that rank worse than random ones
			}
			b, ok := bounds[m.Name]
			if !ok {
				b = [2]float64{0, math.Inf(1)}
			}
			if v, err := m.Compute(r); err == nil && !(v >= b[0]-1e-12 && v <= b[1]+1e-12) {
				t.Fatalf("%s is %v, want %v", m.Name, v, b)
			}
		}
		perfect := *r
		if r.Kind == metric.Binary || r.Kind == metric.Values {
			perfect.Values = r.Labels
		} else {
			perfect.Values = make([]float64, r.Rows*r.Outputs)
			for i := range r.Rows {
				if r.Kind == metric.Distributions {
					copy(perfect.Row(i), r.Labels[i*r.Outputs:])
				} else if y := r.Labels[i]; !math.IsNaN(y) {
					perfect.Row(i)[int(y)] = 1
				}
			}
		}
		for _, m := range metricsOf(r.Kind) {
			if r.Kind == metric.Distributions && (m.Name == metric.LogLoss.Name || m.Name == metric.CalibrationError.Name ||
				m.Name == metric.MeanROCAUC.Name || m.Name == metric.MeanPRAUC.Name) {
				continue // the entropy of the labels remains
			}
			want := 1.0
			if m.Lower {
				want = 0
			}
			if m.Name == metric.MeanDeltaPRAUC.Name {
				continue // the share of negatives
			}
			if v, err := m.Compute(&perfect); err == nil && math.Abs(v-want) > 1e-9 {
				t.Fatalf("%s of perfect predictions is %v, want %v", m.Name, v, want)
			}
		}
	})
}

// Check accepts labels exactly if the metric can be computed, whatever the predictions, and needs no predictions.
func TestCheckIsCompute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		labels := *r
		labels.Values = nil
		for _, m := range append(metricsOf(r.Kind), metric.Loss) {
			want := m.Check(&labels)
			bare := metric.Metric{Name: m.Name, Kinds: m.Kinds, Func: m.Func} // with made-up predictions
			tried := bare.Check(&labels)
			_, err := m.Compute(r)
			if (want == nil) != (err == nil) || (want == nil) != (tried == nil) || errors.Is(want, metric.ErrUndefined) != errors.Is(err, metric.ErrUndefined) {
				t.Fatalf("%s: Check: %v; without Defined: %v; Compute: %v", m.Name, want, tried, err)
			}
		}
	})
}

// slowROCAUC counts every pair.
func slowROCAUC(scores, labels []float64) float64 {
	wins, pairs := 0.0, 0.0
	for i, p := range labels {
		for j, n := range labels {
			if p < 0.5 || n > 0.5 {
				continue
			}
			pairs++
			switch {
			case scores[i] > scores[j]:
				wins++
			case scores[i] == scores[j]:
				wins += 0.5
			}
		}
	}
	return wins / pairs
}

func TestROCAUC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		scores := rapid.SliceOfN(rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) }), n, n).Draw(t, "scores")
		labels := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 1), func(i int) float64 { return float64(i) }), n, n).Draw(t, "labels")
		got, err := metric.ROCAUC(scores, labels, nil)
		want := slowROCAUC(scores, labels)
		if math.IsNaN(want) {
			if !errors.Is(err, metric.ErrUndefined) {
				t.Fatalf("error %v, want %v", err, metric.ErrUndefined)
			}
			return
		}
		if err != nil || math.Abs(got-want) > 1e-12 {
			t.Fatalf("ROC-AUC %v (%v), want %v", got, err, want)
		}
		for i := range scores { // it depends on the order alone
			scores[i] = math.Exp(scores[i])
		}
		if again, _ := metric.ROCAUC(scores, labels, nil); again != got {
			t.Fatalf("a monotone map of the scores changes ROC-AUC from %v to %v", got, again)
		}
	})
}

// The area under the ROC curve is ROC-AUC, and that of steps under precision and recall is PR-AUC, with weights.
func TestAreas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		for task := range r.Tasks() {
			one, err := r.Task(task)
			if err != nil {
				t.Fatal(err)
			}
			x, y, _, err := metric.ROCCurve(one.Values, one.Labels, one.Weights)
			want, wantErr := metric.ROCAUC(one.Values, one.Labels, one.Weights)
			area := 0.0
			for i := 1; i < len(x); i++ {
				area += (x[i] - x[i-1]) * (y[i] + y[i-1]) / 2
			}
			if !equal(area, err, want, wantErr) {
				t.Fatalf("area %v (%v), ROC-AUC %v (%v)", area, err, want, wantErr)
			}
			precision, recall, _, err := metric.PRCurve(one.Values, one.Labels, one.Weights)
			want, wantErr = metric.PRAUC(one.Values, one.Labels, one.Weights)
			area = 0
			for i := 1; i < len(recall); i++ {
				area += (recall[i-1] - recall[i]) * precision[i-1]
			}
			if !equal(area, err, want, wantErr) {
				t.Fatalf("area %v (%v), PR-AUC %v (%v)", area, err, want, wantErr)
			}
		}
	})
}

// The bins of a reliability curve hold every label once: their means are those of all labels.
func TestReliabilityHoldsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		one, err := r.Task(0)
		if err != nil || one.Kind != metric.Binary || one.Rows == 0 {
			return
		}
		bins, err := metric.Reliability(one.Values, one.Labels, one.Weights, rapid.IntRange(1, 20).Draw(t, "bins"))
		if err != nil {
			t.Fatal(err)
		}
		var n, p, y float64
		for i, b := range bins {
			n, p, y = n+b.Weight, p+b.Weight*b.Predicted, y+b.Weight*b.Observed
			if b.Predicted > b.High+1e-12 || b.Predicted < b.Low-1e-12 || i > 0 && b.Low < bins[i-1].High {
				t.Fatalf("bins %+v", bins)
			}
		}
		for i, w := range one.Weights {
			n, p, y = n-w, p-w*one.Values[i], y-w*one.Labels[i]
		}
		if math.Abs(n)+math.Abs(p)+math.Abs(y) > 1e-9 {
			t.Fatalf("sums differ by %v, %v and %v", n, p, y)
		}
	})
}
