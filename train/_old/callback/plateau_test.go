package callback_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// TestReduceOnPlateauPyTorch: the rates after each epoch are PyTorch's, also if the callback is saved and restored in
// between. testdata/torch/more.py makes the file.
func TestReduceOnPlateauPyTorch(t *testing.T) {
	var file struct {
		Cases []struct {
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
		} `json:"cases"`
	}
	oracle.ReadJSON(t, "torch/plateau.json.gz", &file)
	if len(file.Cases) == 0 {
		t.Fatal("no cases in the file")
	}
	for i, c := range file.Cases {
		for _, interrupt := range []bool{false, true} {
			fresh := func() *train.ReduceOnPlateau {
				a := c.Attrs
				return &train.ReduceOnPlateau{
					Factor: a.Factor, Patience: a.Patience, Threshold: a.Threshold, Cooldown: a.Cooldown, MinFactor: a.MinRate, Lower: a.Mode == "min",
				}
			}
			reduce, state := fresh(), &train.State{RateFactor: 1, History: &train.History{}}
			for k, value := range c.Values {
				state.Epoch = k + 1
				epoch := train.Epoch{Number: k + 1, ValidationMetric: math.NaN()}
				if value != nil {
					epoch.ValidationMetric = *value
				}
				state.History.Epochs = append(state.History.Epochs, epoch)
				if err := reduce.AfterEpoch(context.Background(), state); err != nil {
					t.Fatal(err)
				}
				if want := c.Rates[k]; math.Abs(state.RateFactor-want) > 1e-12*want {
					t.Fatalf("case %d: factor %v after epoch %d, want %v", i, state.RateFactor, k+1, want)
				}
				if interrupt {
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
		}
	}
}

// In a run the rate falls while the watched value does not get better, and the history shows it.
func TestReduceOnPlateauFit(t *testing.T) {
	history, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(40, 1), train.Config{
		Loss: graphs.CrossEntropy, Epochs: 6, Schedule: train.Constant, Callbacks: []train.Callback{
			&train.ReduceOnPlateau{Factor: 0.5, Patience: -1, Value: func(train.Epoch) float64 { return 1 }},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{1, 1, 0.5, 0.25, 0.125, 0.0625} { // the first epoch is the best; the rate is that of the epoch's last step
		if got := history.Epochs[k].Rate; got != want {
			t.Errorf("epoch %d: factor %v, want %v", k+1, got, want)
		}
	}
}

func TestReduceOnPlateauErrors(t *testing.T) {
	state := &train.State{Epoch: 1, RateFactor: 1, History: &train.History{Epochs: make([]train.Epoch, 1)}}
	for want, r := range map[string]*train.ReduceOnPlateau{
		"factor 1":             {Factor: 1},
		"threshold -1":         {Threshold: -1},
		"cooldown -1":          {Cooldown: -1},
		"smallest factor 2":    {MinFactor: 2},
		"want between 0 and 1": {Factor: math.NaN()},
	} {
		if err := r.AfterEpoch(context.Background(), state); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	r := &train.ReduceOnPlateau{}
	for _, s := range []train.Snapshot{
		{}, {Values: json.RawMessage(`{"bad":-1}`)}, {Values: json.RawMessage(`{"best":"x"}`)},
		{Values: json.RawMessage(`{}`), Tensors: map[string]*tensor.Dense{"x": nil}},
	} {
		if err := r.Restore(s); err == nil || !strings.Contains(err.Error(), "reduce on plateau") {
			t.Errorf("state %s: error %v", s.Values, err)
		}
	}
}
