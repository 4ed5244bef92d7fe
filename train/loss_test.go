package train_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/metric"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// rootMeanSquare is a loss that is no mean over the rows.
var rootMeanSquare = graphs.Loss{Name: "root mean square", Apply: func(o, y, w *G.Node) (*G.Node, error) {
	squares := G.Must(G.HadamardProd(G.Must(G.Square(G.Must(G.Sub(o, y)))), w))
	return G.Sqrt(G.Must(G.Div(G.Must(G.Sum(squares)), G.Must(G.Sum(w)))))
}}

// labelled returns random rows with labels for a loss, of which some are missing, and weights.
func labelled(loss graphs.Loss, rows, outputs int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 3))
	x := matrix(rows, 4, func(int, int) float64 { return r.NormFloat64() })
	weight := func() float64 { return math.Max(0, 3*r.Float64()-0.6) }
	if loss.Labels == graphs.ClassIndex {
		return train.Matrix{
			X: x, Y: vector(rows, func(int) float64 { return float64(r.IntN(outputs)) }), Weights: vector(rows, func(int) float64 { return weight() }),
		}
	}
	label := r.NormFloat64
	if loss.Link == graphs.Sigmoid {
		label = func() float64 { return float64(r.IntN(2)) }
	}
	d := train.Matrix{X: x}
	d.Y = matrix(rows, outputs, func(i, _ int) float64 {
		if i%7 == 3 && loss.Labels == graphs.PerOutput && r.IntN(2) == 0 {
			return math.NaN()
		}
		return label()
	})
	if loss.Labels == graphs.Distribution {
		y := d.Y.Float32s()
		for i := range rows {
			sum := float32(0)
			for j := range outputs {
				y[i*outputs+j] = r.Float32()
				sum += y[i*outputs+j]
			}
			for j := range outputs {
				y[i*outputs+j] /= sum
			}
		}
		d.Weights = vector(rows, func(int) float64 { return weight() })
		return d
	}
	d.Weights = matrix(rows, outputs, func(int, int) float64 { return weight() })
	return d
}

// Result.Loss is the loss of a training graph without dropout on the same rows, whatever the loss, the weights and the number of rows.
func TestResultLoss(t *testing.T) {
	weighted := func(l graphs.Loss, weights ...float64) graphs.Loss {
		l, err := l.WithClassWeights(weights)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for _, loss := range []graphs.Loss{
		graphs.BCE, weighted(graphs.BCE, 0.5, 2, 7), graphs.CrossEntropy, weighted(graphs.CrossEntropy, 0.5, 2, 7), graphs.SmoothedCrossEntropy(0.2),
		weighted(graphs.SmoothedCrossEntropy(0.2), 3, 1, 0.1), graphs.SoftCrossEntropy, graphs.MultiMargin, graphs.MSE, graphs.MAE, graphs.Huber(0.7),
		graphs.Quantile(0.3), graphs.Focal(2, 0.25), rootMeanSquare,
	} {
		for _, rows := range []int{1, 5, 1024, 1500} {
			net := newNetwork(t, graphs.SNN{Layers: 2, Units: 6, Outputs: 3}, 4, loss, 1, graphs.Dtype(tensor.Float64))
			d := labelled(loss, rows, 3, uint64(rows))
			g, err := net.Build(net.Config(graphs.Train, rows))
			if err != nil {
				t.Fatal(err)
			}
			m, err := vm.New(g)
			if err != nil {
				t.Fatal(err)
			}
			all := make([]int, rows)
			for i := range all {
				all[i] = i
			}
			if err := data.Gather(d, all, m.Slot(0)); err != nil {
				t.Fatal(err)
			}
			if err := data.Prepare(all, m.Slot(0), graphs.Output{Loss: loss, Width: 3}); err != nil {
				t.Fatal(err)
			}
			if err := m.Run(); err != nil {
				t.Fatal(err)
			}
			r := evaluate(t, net, d)
			if want := m.Loss(); !(math.Abs(r.Loss-want) <= 1e-6*math.Max(1, math.Abs(want))) && r.TotalWeight() > 0 {
				t.Errorf("%v, %d rows: loss %v, the graph says %v", loss, rows, r.Loss, want)
			}
			m.Close()
			if err := r.Check(); err != nil {
				t.Errorf("%v: %v", loss, err)
			}
			if v, err := metric.Loss.Compute(r); r.TotalWeight() > 0 && (err != nil || v != r.Loss) {
				t.Errorf("%v: metric loss %v (%v), want %v", loss, v, err, r.Loss)
			}
		}
	}
}

// The loss of an epoch in which nothing is dropped and nothing learned is that of the evaluation, for any size of batches that divides the rows.
func TestEpochLoss(t *testing.T) {
	d := spirals(120, 1)
	for _, batch := range []int{120, 40, 12} {
		net := newNetwork(t, graphs.SNN{Layers: 2, Units: 6, Outputs: 3}, 2, graphs.CrossEntropy, 1, graphs.Dtype(tensor.Float64))
		h := fit(t, net, d, train.Config{Batch: batch, TrainingMetrics: true, Validation: d, Metric: metric.Accuracy, Callbacks: []train.Callback{
			atStart(func(s *train.State) error { s.RateFactor = 0; return nil }),
		}})
		e := h.Epochs[0]
		if math.Abs(e.Loss-e.ValidationLoss) > 1e-9 || e.Training == nil || e.Training.Loss != e.ValidationLoss || e.Training.Metric != e.ValidationMetric {
			t.Errorf("batches of %d: training loss %v, training %+v, validation loss %v and metric %v", batch, e.Loss, e.Training, e.ValidationLoss, e.ValidationMetric)
		}
	}
}

// A loss that ignores the weights refuses data that have some, validation data before the first step.
func TestUnweightedValidation(t *testing.T) {
	plain := graphs.Loss{Name: "plain", Apply: func(o, y, _ *G.Node) (*G.Node, error) { return G.Mean(G.Must(G.Square(G.Must(G.Sub(o, y))))) }}
	d := labelled(graphs.MSE, 20, 3, 1)
	missing := d
	d.Y, d.Weights = matrix(20, 3, func(i, j int) float64 { return float64(i + j) }), nil
	missing.Weights = nil
	net := newNetwork(t, graphs.SNN{Layers: 1, Units: 6, Outputs: 3}, 4, plain, 1)
	before := net.Clone()
	_, err := train.Fit(t.Context(), net, d, train.Config{Validation: missing, Warn: func(string) {}})
	mustSay(t, "missing labels", err, `"plain"`, "validation data", "does not use the weights")
	sameBits(t, "refused", net.Params, before.Params)
}
