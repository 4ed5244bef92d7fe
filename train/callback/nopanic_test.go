package callback_test

import (
	"math"
	"os"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func surface(t *testing.T) traintest.Surface {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { null.Close() })
	var real callback.State
	c := traintest.Config()
	c.Callbacks = []train.Callback{traintest.AtEpoch(func(s *train.State) error { real = *s; return nil })}
	net := traintest.New(t)
	traintest.Fit(t, net, traintest.Rows(), c)
	absurd := &callback.State{
		Epoch: math.MaxInt, Epochs: -1, Step: math.MinInt, Steps: math.MaxInt, Validated: true, ValidateEvery: -1, Params: &nn.Params{}, Graph: nil,
		History: &callback.History{Epochs: []callback.Epoch{{Validated: true, ValidationMetric: math.NaN()}, {}}, Metrics: []string{"a"}},
	}
	resumed := &callback.State{Resumed: true, Validated: true, History: &callback.History{}}
	return traintest.Surface{
		Functions: map[string]any{"Check": callback.Check, "WithChecks": callback.WithChecks, "WantGradients": callback.WantGradients, "Finite": callback.Finite,
			"DescribeDistribution": callback.DescribeDistribution, "DistributionsOf": callback.DistributionsOf},
		Receivers: map[string][]any{
			"EarlyStopping":   {(*callback.EarlyStopping)(nil), &callback.EarlyStopping{}, &callback.EarlyStopping{Window: -1, Patience: math.MinInt, MinDelta: math.NaN()}, &callback.EarlyStopping{Window: math.MaxInt, Patience: math.MaxInt, Metric: callback.TrainingLoss}},
			"ReduceOnPlateau": {(*callback.ReduceOnPlateau)(nil), &callback.ReduceOnPlateau{}, &callback.ReduceOnPlateau{Factor: math.NaN(), Patience: new(-1), Threshold: new(math.Inf(1))}},
			"NaNWatch":        {(*callback.NaNWatch)(nil), &callback.NaNWatch{}, &callback.NaNWatch{Every: math.MinInt}, &callback.NaNWatch{Every: math.MaxInt}},
			"Probes":          {(*callback.Probes)(nil), &callback.Probes{}, &callback.Probes{Every: math.MinInt}, &callback.Probes{Every: math.MaxInt}},
			"Progress":        {(*callback.Progress)(nil), &callback.Progress{File: null}},
			"State":           {(*callback.State)(nil), &callback.State{}, absurd},
			"Epoch":           {(*callback.Epoch)(nil), &callback.Epoch{}, &callback.Epoch{Outputs: &callback.OutputLosses{Training: []float64{1}}}},
			"Moments":         {(*callback.Moments)(nil), &callback.Moments{}, &callback.Moments{Layers: make([]callback.LayerMoments, 1)}},
			"History":         {(*callback.History)(nil), &callback.History{}},

			"DensityProbes": {(*callback.DensityProbes)(nil), &callback.DensityProbes{}}, "LayerDistribution": {callback.LayerDistribution{}},
		},
		Odd: []any{
			&callback.State{}, absurd, resumed, &real, []callback.Callback{nil, 7}, callback.NaNWatch{}, (*callback.Probes)(nil), &tensor.Dense{}, (*tensor.Dense)(nil),
			tensor.New(tensor.Of(tensor.Int), tensor.WithShape(2)), G.NewF64(math.NaN()), optim.Snapshot{Values: []byte(`{"Every":-1}`)},
			optim.Snapshot{Values: []byte(`{"epoch":-5,"kept":[{"name":""}]}`), Tensors: map[string]*tensor.Dense{"": nil}}, optim.Snapshot{Values: []byte(`{}`)},
		},
	}
}

func TestNoPanics(t *testing.T)           { surface(t).NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface(t).Complete(t) }
