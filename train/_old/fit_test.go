package train_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// spirals returns n rows of two features and three classes that no linear model separates.
func spirals(n int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, 0, 2*n), make([]float32, 0, n)
	for range n {
		class, t := r.IntN(3), r.Float64()
		angle := 2*math.Pi*(float64(class)/3+0.7*t) + 0.1*r.NormFloat64()
		x = append(x, float32(2*t*math.Cos(angle)), float32(2*t*math.Sin(angle)))
		y = append(y, float32(class))
	}
	return train.Matrix{
		X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
	}
}

func newParams(t testing.TB, seed uint64) *nn.Params {
	t.Helper()
	params, err := nn.NewParams(tensor.Float32, seed)
	if err != nil {
		t.Fatal(err)
	}
	return params
}

var (
	hidden  = graphs.Hidden{Layers: 4, Units: 48, Outputs: 3, Dropout: 0.05}
	network = graphs.SNN(hidden)
)

func TestFitLearns(t *testing.T) {
	for name, model := range map[string]nn.Layer{"SNN": network, "BatchNorm": graphs.BatchNorm(graphs.Hidden{Layers: 2, Units: 48, Outputs: 3})} {
		params := newParams(t, 1)
		history, err := train.Fit(context.Background(), model, params, spirals(601, 1), train.Config{
			Loss: graphs.CrossEntropy, Epochs: 30, Batch: 50, Optimizer: &train.Adam{Rate: 3e-3}, Schedule: train.Cosine,
			Validation: spirals(200, 2), Metric: train.Accuracy,
		})
		if err != nil {
			t.Fatal(err)
		}
		last := history.Epochs[len(history.Epochs)-1]
		if last.ValidationMetric < 0.9 || last.Loss > history.Epochs[0].Loss/2 {
			t.Errorf("%s: accuracy %.3f on new data; loss %.3f in epoch 1 and %.3f in the last", name, last.ValidationMetric, history.Epochs[0].Loss, last.Loss)
		}
	}
}

// The same seed gives bit-equal weights for any number of threads, and another seed gives others.
func TestFitReproducible(t *testing.T) {
	weights := func(seed uint64, threads int) *nn.Params {
		params := newParams(t, seed)
		wide := graphs.SNN{Layers: 2, Units: 300, Outputs: 3, Dropout: 0.1}
		if _, err := train.Fit(context.Background(), wide, params, spirals(403, 1), train.Config{
			Loss: graphs.CrossEntropy, Epochs: 3, Batch: 200, Seed: seed, Threads: threads,
		}); err != nil {
			t.Fatal(err)
		}
		return params
	}
	one := weights(1, 1)
	for threads := 2; threads <= 3; threads++ {
		other := weights(1, threads)
		for i, p := range one.All() {
			if !slices.Equal(p.Value.Float32s(), other.All()[i].Value.Float32s()) {
				t.Errorf("%s differs between 1 and %d threads", p.Name, threads)
			}
		}
	}
	if slices.Equal(one.All()[0].Value.Float32s(), weights(2, 1).All()[0].Value.Float32s()) {
		t.Error("another seed gives the same weights")
	}
}

func TestFitCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	stopper := callback(func(s *train.State) error {
		if s.Epoch == 2 {
			cancel()
		}
		return nil
	})
	history, err := train.Fit(ctx, network, newParams(t, 1), spirals(100, 1), train.Config{
		Loss: graphs.CrossEntropy, Epochs: 50, Callbacks: []train.Callback{stopper},
	})
	if !errors.Is(err, context.Canceled) || history == nil || len(history.Epochs) != 2 {
		t.Errorf("history %+v, error %v; want two epochs and %v", history, err, context.Canceled)
	}
}

// callback is a Callback made of a function.
type callback func(s *train.State) error

func (c callback) AfterEpoch(_ context.Context, s *train.State) error { return c(s) }

// Early stopping restores the weights of the best epoch of the smoothed curve.
func TestEarlyStopping(t *testing.T) {
	// The metric is made up: it rises to epoch 6 and then falls.
	evaluated := 0
	metric := train.Metric{Name: "made up", Of: func(*train.Result) (float64, error) {
		evaluated++
		return -math.Abs(float64(evaluated) - 6), nil
	}}
	params := newParams(t, 1)
	snapshots := map[int]*nn.Params{}
	history, err := train.Fit(context.Background(), network, params, spirals(100, 1), train.Config{
		Loss: graphs.CrossEntropy, Epochs: 40, Validation: spirals(50, 2), Metric: metric,
		Callbacks: []train.Callback{
			callback(func(s *train.State) error { snapshots[s.Epoch] = s.Params.Clone(); return nil }),
			&train.EarlyStopping{Window: 3, Patience: 5},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The average over three epochs is best at 5, 6, 7; five epochs without a better one end the run at 12.
	if history.Best != 7 || len(history.Epochs) != 12 {
		t.Fatalf("best epoch %d of %d, want 7 of 12", history.Best, len(history.Epochs))
	}
	for i, p := range params.All() {
		if !slices.Equal(p.Value.Float32s(), snapshots[7].All()[i].Value.Float32s()) {
			t.Errorf("%s is not that of epoch 7", p.Name)
		}
	}
}

// A loss that is not finite ends the training with an error that names step and layer.
func TestFitDiverges(t *testing.T) {
	data := spirals(100, 1)
	_, err := train.Fit(context.Background(), network, newParams(t, 1), data, train.Config{
		Loss: graphs.CrossEntropy, Epochs: 200, Batch: 10, Optimizer: &train.SGD{Rate: 1e12},
	})
	if !errors.Is(err, train.ErrDiverged) || !strings.Contains(err.Error(), "step") || !strings.Contains(err.Error(), "hidden") && !strings.Contains(err.Error(), "output") {
		t.Errorf("divergence gives %v", err)
	}
	data.X.Float32s()[7] = float32(math.NaN())
	_, err = train.Fit(context.Background(), network, newParams(t, 1), data, train.Config{Loss: graphs.CrossEntropy})
	if err == nil || !strings.Contains(err.Error(), "features") {
		t.Errorf("a NaN feature gives %v", err)
	}
}

func TestFitErrors(t *testing.T) {
	good := spirals(20, 1)
	badClass := spirals(20, 1)
	badClass.Y.Float32s()[3] = 7
	tests := []struct {
		name, want string
		model      nn.Layer
		data       train.Data
		config     train.Config
	}{
		{"no loss", "no loss", network, good, train.Config{}},
		{"no data", "no data", network, nil, train.Config{Loss: graphs.CrossEntropy}},
		{"no model", "no model", nil, good, train.Config{Loss: graphs.CrossEntropy}},
		{"class 7 of 3", "class 7", network, badClass, train.Config{Loss: graphs.CrossEntropy}},
		{"negative epochs", "epochs", network, good, train.Config{Loss: graphs.CrossEntropy, Epochs: -1}},
		{"rate", "SGD: rate -1", network, good, train.Config{Loss: graphs.CrossEntropy, Optimizer: &train.SGD{Rate: -1}}},
		{"dropout rate", "rate 1.5", graphs.SNN{Layers: 1, Units: 2, Outputs: 3, Dropout: 1.5}, good, train.Config{Loss: graphs.CrossEntropy}},
		{"no outputs", "0 outputs", graphs.SNN{Layers: 1, Units: 2}, good, train.Config{Loss: graphs.CrossEntropy}},
		{"labels of another shape", "labels", network, good, train.Config{Loss: graphs.BCE}},
	}
	for _, test := range tests {
		_, err := train.Fit(context.Background(), test.model, newParams(t, 1), test.data, test.config)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", test.name, err, test.want)
		}
	}
}

// Predictions do not depend on how many rows are asked for at once.
func TestPredictAnyRows(t *testing.T) {
	params := newParams(t, 1)
	all := spirals(2500, 3)
	whole, err := train.Predict(context.Background(), network, params, all, graphs.CrossEntropy)
	if err != nil {
		t.Fatal(err)
	}
	predictor := train.NewPredictor(network, params, graphs.CrossEntropy, nil)
	for _, n := range []int{1, 2, 7, 1023, 1024, 1025} {
		p, err := predictor.Predict(context.Background(), train.Matrix{X: head(all.X, n)})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			sum := 0.0
			for k, v := range p.Row(i) {
				sum += v
				if math.Abs(v-whole.Row(i)[k]) > 1e-6 {
					t.Fatalf("%d rows: row %d is %v, want %v", n, i, p.Row(i), whole.Row(i))
				}
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("probabilities %v do not sum to 1", p.Row(i))
			}
		}
	}
}

func head(x *tensor.Dense, n int) *tensor.Dense {
	cols := x.Shape()[1]
	return tensor.New(tensor.WithShape(n, cols), tensor.WithBacking(slices.Clone(x.Float32s()[:n*cols])))
}
