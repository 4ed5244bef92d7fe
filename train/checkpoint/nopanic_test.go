package checkpoint_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

func surface(t *testing.T) traintest.Surface {
	dir := traintest.Interrupted(t)
	good, err := tensorfile.Read(dir + "/step-000000000008.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	optimizer, err := optim.New(optim.Adam{})
	if err != nil {
		t.Fatal(err)
	}
	state := checkpoint.State{Params: traintest.New(t).Params, History: &callback.History{}, Optimizer: optimizer}
	odd := state
	odd.Stateful = []optim.Stateful{nil, (*callback.Probes)(nil)}
	return traintest.Surface{
		Functions: map[string]any{"List": checkpoint.List, "Write": checkpoint.Write, "Parse": checkpoint.Parse, "Restore": checkpoint.Restore, "Uses": checkpoint.Uses},
		Receivers: map[string][]any{"Settings": {
			(*checkpoint.Settings)(nil), &checkpoint.Settings{}, &checkpoint.Settings{Dir: "new", Keep: -1, EverySteps: math.MinInt, EveryEpochs: math.MinInt},
			&checkpoint.Settings{From: "none"}, &checkpoint.Settings{Dir: "a\x00b", Resume: true}, &checkpoint.Settings{Dir: dir, Resume: true, EverySteps: math.MaxInt, Keep: math.MaxInt},
		}},
		Odd: []any{
			state, odd, checkpoint.State{Params: &nn.Params{}}, good, tensorfile.File{Metadata: map[string]string{"selfnorm.checkpoint": "{"}},
			tensorfile.File{Params: state.Params, Tensors: map[string]*tensor.Dense{"selfnorm/history": nil}}, checkpoint.Position{Epochs: math.MinInt},
		},
	}
}

func TestNoPanics(t *testing.T)           { surface(t).NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface(t).Complete(t) }
