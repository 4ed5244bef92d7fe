package train_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
	"gorgonia.org/tensor"
)

func TestFitLearns(t *testing.T) {
	for name, layer := range map[string]nn.Layer{"SNN": network, "BatchNorm": graphs.BatchNorm(graphs.Hidden{Layers: 2, Units: 48, Outputs: 3})} {
		h := fit(t, newNetwork(t, layer, 2, graphs.CrossEntropy, 1), spirals(601, 1), train.Config{
			Epochs: 30, Batch: 50, Optimizer: optim.Adam{Rate: 3e-3}, Schedule: optim.Cosine{}, Validation: spirals(200, 2), Metric: metric.Accuracy,
		})
		last := h.Last()
		if last.ValidationMetric < 0.9 || last.Loss > h.Epochs[0].Loss/2 {
			t.Errorf("%s: accuracy %.3f on new data; loss %.3f in epoch 1 and %.3f in the last", name, last.ValidationMetric, h.Epochs[0].Loss, last.Loss)
		}
	}
}

// The same seed gives bit-equal weights for any number of threads, and another seed gives others.
func TestFitReproducible(t *testing.T) {
	weights := func(seed uint64, threads int) *nn.Params {
		net := newNetwork(t, graphs.SNN{Layers: 2, Units: 300, Outputs: 3, Dropout: 0.1}, 2, graphs.CrossEntropy, seed)
		fit(t, net, spirals(403, 1), train.Config{Epochs: 3, Batch: 200, Seed: seed, Threads: threads})
		return net.Params
	}
	one := weights(1, 1)
	for threads := 2; threads <= 3; threads++ {
		sameBits(t, "another number of threads", weights(1, threads), one)
	}
	if slices.Equal(one.All()[0].Value.Float32s(), weights(2, 1).All()[0].Value.Float32s()) {
		t.Error("another seed gives the same weights")
	}
}

func TestFitCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopper := atEpoch(func(s *train.State) error {
		if s.Epoch == 2 {
			cancel()
		}
		return nil
	})
	history, err := train.Fit(ctx, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(100, 1), train.Config{Epochs: 50, Callbacks: []train.Callback{stopper}})
	if !errors.Is(err, context.Canceled) || history == nil || len(history.Epochs) != 2 {
		t.Errorf("history %+v, error %v; want two epochs and %v", history, err, context.Canceled)
	}
}

// A loss that is not finite ends the training with an error that names step and layer.
func TestFitDiverges(t *testing.T) {
	d := spirals(100, 1)
	_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), d, train.Config{
		Epochs: 200, Batch: 10, Optimizer: optim.SGD{Rate: 1e12}, Warn: func(string) {},
	})
	if !errors.Is(err, train.ErrDiverged) || !strings.Contains(err.Error(), "step") || !strings.Contains(err.Error(), "hidden") && !strings.Contains(err.Error(), "output") {
		t.Errorf("divergence gives %v", err)
	}
	root := ops.Elementwise{
		Name: "Root", F: func(x float64) float64 { return math.Sqrt(math.Max(x, 0)) },
		Slope: func(_, y float64) float64 { return 0.5 / y }, // infinite at 0, where the loss is finite
	}
	steep := nn.Sequential{nn.Dense{Units: 4, Activation: root.Apply}, nn.Dense{Units: 3}}
	_, err = train.Fit(context.Background(), newNetwork(t, steep, 2, graphs.CrossEntropy, 1), d, train.Config{
		Batch: 10, Optimizer: optim.ClipNorm{Rule: optim.SGD{Rate: 0.1}, Max: 1}, Warn: func(string) {},
	})
	if !errors.Is(err, train.ErrDiverged) || !errors.Is(err, optim.ErrNotFinite) {
		t.Errorf("a gradient whose norm is infinite gives %v", err)
	}
	d.X.Float32s()[7] = float32(math.NaN())
	_, err = train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), d, train.Config{Warn: func(string) {}})
	if err == nil || errors.Is(err, train.ErrDiverged) || !strings.Contains(err.Error(), "row 3 of the data has the feature NaN in column 1") {
		t.Errorf("a NaN feature gives %v", err)
	}
}

// Fit rejects bad arguments before the first step, and the network stays unchanged.
func TestFitErrors(t *testing.T) {
	good, badClass := spirals(20, 1), spirals(20, 1)
	badClass.Y.Float32s()[3] = 7
	wide := train.Matrix{X: matrix(20, 3, func(int, int) float64 { return 1 }), Y: good.Y}
	named := train.Matrix{X: good.X, Y: good.Y, Columns: []string{"b", "a"}}
	oneClass := train.Matrix{X: good.X, Y: vector(20, func(int) float64 { return 1 })}
	var none *train.Matrix
	for name, test := range map[string]struct {
		want   string
		data   train.Data
		config train.Config
	}{
		"no data":              {"no data", nil, train.Config{}},
		"a nil pointer":        {"no data", none, train.Config{}},
		"no rows":              {"no data", train.Matrix{}, train.Config{}},
		"class 7 of 3":         {"class 7", badClass, train.Config{}},
		"negative epochs":      {"Config.Epochs is -1", good, train.Config{Epochs: -1}},
		"huge epochs":          {"too many", good, train.Config{Epochs: math.MaxInt / 2, Batch: 2}},
		"threads":              {"Config.Threads", good, train.Config{Threads: math.MaxInt}},
		"rate":                 {"rate -1", good, train.Config{Optimizer: optim.SGD{Rate: -1}}},
		"schedule":             {"StepDecay", good, train.Config{Schedule: optim.StepDecay{}}},
		"average":              {"Config.Average", good, train.Config{Average: 1}},
		"groups":               {`"nothing*"`, good, train.Config{Groups: []optim.Group{{Match: []string{"nothing*"}, Frozen: true}}}},
		"all frozen":           {"frozen", good, train.Config{Groups: []optim.Group{{Match: []string{"*"}, Frozen: true}}}},
		"class weights":        {"2 class weights", good, train.Config{ClassWeights: []float64{1, 2}}},
		"negative weight":      {"class weight 1", good, train.Config{ClassWeights: []float64{1, -2, 1}}},
		"two kinds of weights": {"Balanced", good, train.Config{ClassWeights: []float64{1, 2, 3}, Balanced: true}},
		"columns":              {"2 columns, the data have 3", wide, train.Config{}},
		"validation columns":   {"validation data", good, train.Config{Validation: wide}},
		"validation labels":    {"class 7", good, train.Config{Validation: badClass}},
		"metric":               {"R2", good, train.Config{Validation: good, Metric: metric.R2}},
		"undefined metric":     {"ROC-AUC", good, train.Config{Validation: oneClass, Metrics: []metric.Metric{metric.MeanROCAUC}}},
		"metric without Func":  {"Func", good, train.Config{Validation: good, Metric: metric.Metric{Name: "mine"}}},
		"training metric":      {"training data", oneClass, train.Config{TrainingMetrics: true, Metric: metric.MeanROCAUC}},
		"names":                {`"a"`, named, train.Config{}},
		"a callback":           {"none of the methods", good, train.Config{Callbacks: []train.Callback{struct{}{}}}},
		"a nil callback":       {"callback is nil", good, train.Config{Callbacks: []train.Callback{(*steps)(nil)}}},
	} {
		if test.config.Warn == nil {
			test.config.Warn = func(string) {}
		}
		stepped := false
		test.config.Callbacks = append(test.config.Callbacks, atStep(func(*train.State) error { stepped = true; return nil }))
		net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
		net.Inputs[0].Columns = []string{"a", "b"}
		before := net.Clone()
		_, err := train.Fit(context.Background(), net, test.data, test.config)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, test.want)
		}
		if stepped && name != "class 7 of 3" {
			t.Errorf("%s: it trained", name)
		}
		sameBits(t, name, net.Params, before.Params)
		if net.Loss().ClassWeights != nil {
			t.Errorf("%s: the network has class weights", name)
		}
	}
	if _, err := train.Fit(context.Background(), nil, good, train.Config{}); err == nil || !strings.Contains(err.Error(), "network is nil") {
		t.Errorf("no network: %v", err)
	}
	var noContext context.Context
	if _, err := train.Fit(noContext, newNetwork(t, network, 2, graphs.CrossEntropy, 1), good, train.Config{}); err == nil || !strings.Contains(err.Error(), "no context") {
		t.Errorf("no context: %v", err)
	}
}

// A metric of classes is refused for a regression, and one of a regression for classes.
func TestFitMetricKinds(t *testing.T) {
	d := train.Matrix{X: matrix(20, 2, func(i, j int) float64 { return float64(i*j%5) - 2 }), Y: matrix(20, 1, func(i, _ int) float64 { return float64(i) })}
	net := newNetwork(t, nn.Dense{Units: 1}, 2, graphs.MSE, 1)
	before := net.Clone()
	_, err := train.Fit(context.Background(), net, d, train.Config{Validation: d, Metric: metric.Accuracy})
	if err == nil || !strings.Contains(err.Error(), "regression") || !strings.Contains(err.Error(), "RMSE") {
		t.Errorf("accuracy of a regression: error %v", err)
	}
	sameBits(t, "refused", net.Params, before.Params)
}

// Predictions do not depend on how many rows are asked for at once.
func TestPredictAnyRows(t *testing.T) {
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	all := spirals(2500, 3)
	whole, err := train.Predict(context.Background(), net, all)
	if err != nil {
		t.Fatal(err)
	}
	predictor, err := predict.New(net, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer predictor.Close()
	for _, n := range []int{1, 2, 7, 1023, 1024, 1025} {
		x := tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(slices.Clone(all.X.Float32s()[:2*n])))
		p, err := predictor.Predict(context.Background(), train.Matrix{X: x})
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
