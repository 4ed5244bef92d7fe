package callback_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// plateauCase is a curve and the rates of PyTorch after each epoch.
type plateauCase struct {
	Attrs struct {
		Mode      string  `json:"mode"`
		Factor    float64 `json:"factor"`
		Patience  int     `json:"patience"`
		Threshold float64 `json:"threshold"`
		Cooldown  int     `json:"cooldown"`
		MinRate   float64 `json:"min_lr"`
	} `json:"attrs"`
	Values []*float64 `json:"values"` // null for NaN
	Rates  []float64  `json:"rates"`
}

// TestReduceOnPlateauPyTorch: the rates after each epoch are PyTorch's, also if the callback is saved and restored in
// between, and also for the same curve with another sign or direction. testdata/torch/plateau.py makes the file.
func TestReduceOnPlateauPyTorch(t *testing.T) {
	var file struct {
		Cases []plateauCase `json:"cases"`
	}
	oracle.ReadJSON(t, "torch/plateau.json.gz", &file)
	ran := 0
	for _, c := range file.Cases {
		if *c.Values[0] < 0 { // PyTorch takes a worse value for a better one where a relative threshold is of a negative metric
			continue
		}
		ran++
		lower, t0 := c.Attrs.Mode == "min", c.Attrs.Threshold
		other := t0 / (1 - t0) // v < best (1 - t0) where 1/v > (1 + other) / best
		if !lower {
			other = t0 / (1 + t0)
		}
		for name, form := range map[string]struct {
			lower     bool
			threshold float64
			of        func(v float64) float64
		}{
			"as it is": {lower, t0, func(v float64) float64 { return v }},
			"negative": {!lower, t0, func(v float64) float64 { return -v }},
			"inverse":  {!lower, other, func(v float64) float64 { return 1 / v }},
			"both":     {lower, other, func(v float64) float64 { return -1 / v }},
		} {
			for _, interrupt := range []bool{false, true} {
				c.replay(t, name, form.lower, form.threshold, form.of, interrupt)
			}
		}
	}
	if ran == 0 {
		t.Fatal("no cases in the file")
	}
}

func (c plateauCase) replay(t *testing.T, name string, lower bool, threshold float64, of func(float64) float64, interrupt bool) {
	t.Helper()
	state := &train.State{RateFactor: 1, History: &train.History{}, Validated: true, Metric: metric.Metric{Name: "made up", Lower: lower}}
	fresh := func() *callback.ReduceOnPlateau {
		a := c.Attrs
		r := &callback.ReduceOnPlateau{Factor: a.Factor, Patience: &a.Patience, Threshold: &threshold, Cooldown: a.Cooldown, MinFactor: a.MinRate}
		if err := r.AtStart(context.Background(), state); err != nil {
			t.Fatal(err)
		}
		return r
	}
	reduce := fresh()
	for k, value := range c.Values {
		state.Epoch = k + 1
		epoch := train.Epoch{Number: k + 1, Validated: true, ValidationMetric: math.NaN()}
		if value != nil {
			epoch.ValidationMetric = of(*value)
		}
		state.History.Epochs = append(state.History.Epochs, epoch)
		if err := reduce.AfterEpoch(context.Background(), state); err != nil {
			t.Fatal(err)
		}
		if want := c.Rates[k]; math.Abs(state.RateFactor-want) > 1e-12*want {
			t.Fatalf("%s, %+v: factor %v after epoch %d, want %v", name, c.Attrs, state.RateFactor, k+1, want)
		}
		if !interrupt {
			continue
		}
		snapshot, err := reduce.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		reduce = fresh()
		if err := reduce.Restore(snapshot); err != nil {
			t.Fatal(err)
		}
	}
}

// In a run the rate falls while the watched value does not get better, and the history shows it.
func TestReduceOnPlateauFit(t *testing.T) {
	one := metric.Metric{Name: "one", Func: func(*metric.Result) (float64, error) { return 1, nil }}
	history := traintest.Fit(t, traintest.New(t), traintest.Spirals(40, 1), train.Config{
		Epochs: 6, Schedule: optim.Constant{}, Validation: traintest.Spirals(10, 2), Metrics: []metric.Metric{one},
		Callbacks: []train.Callback{&callback.ReduceOnPlateau{Metric: "one", Factor: 0.5, Patience: new(0)}},
	})
	for k, want := range []float64{1, 1, 0.5, 0.25, 0.125, 0.0625} { // the first epoch is the best; the rate is that of the epoch's last step
		if got := history.Epochs[k].Rate; got != want {
			t.Errorf("epoch %d: factor %v, want %v", k+1, got, want)
		}
	}
}

func TestReduceOnPlateauErrors(t *testing.T) {
	state := &train.State{Epoch: 1, RateFactor: 1, Validated: true, History: &train.History{Epochs: make([]train.Epoch, 1)}}
	for want, r := range map[string]*callback.ReduceOnPlateau{
		"factor 1":             {Factor: 1},
		"threshold -1":         {Threshold: new(-1.0)},
		"patience -1":          {Patience: new(-1)},
		`watches "mine"`:       {Metric: "mine"},
		"cooldown -1":          {Cooldown: -1},
		"smallest factor 2":    {MinFactor: 2},
		"want between 0 and 1": {Factor: math.NaN()},
	} {
		if err := r.AtStart(context.Background(), state); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if err := (&callback.ReduceOnPlateau{}).AtStart(context.Background(), &train.State{History: &train.History{}}); err == nil || !strings.Contains(err.Error(), "Config.Validation") {
		t.Errorf("without validation data: error %v", err)
	}
	r := &callback.ReduceOnPlateau{}
	for _, s := range []optim.Snapshot{
		{}, {Values: json.RawMessage(`{"bad":-1}`)}, {Values: json.RawMessage(`{"best":"x"}`)},
		{Values: json.RawMessage(`{}`), Tensors: map[string]*tensor.Dense{"x": nil}},
	} {
		if err := r.Restore(s); err == nil || !strings.Contains(err.Error(), "reduce on plateau") {
			t.Errorf("state %s: error %v", s.Values, err)
		}
	}
}
