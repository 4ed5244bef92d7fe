package callback

import (
	"encoding/json"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

var _ optim.Stateful = (*EarlyStopping)(nil)

// earlyState is the state of EarlyStopping without the kept weights.
type earlyState struct {
	// Best are the bits of the best value, which may be infinite.
	Best  uint64      `json:"best"`
	Epoch int         `json:"epoch"`
	Kept  []keptParam `json:"kept,omitempty"`
}

type keptParam struct {
	Name      string `json:"name"`
	Trainable bool   `json:"trainable"`
}

// Snapshot implements Stateful. Its tensors are the kept weights by name.
func (e *EarlyStopping) Snapshot() (optim.Snapshot, error) {
	if e == nil {
		return optim.Snapshot{}, errors.New("early stopping: it is nil")
	}
	state := earlyState{Best: math.Float64bits(e.best), Epoch: e.epoch}
	s := optim.Snapshot{Tensors: map[string]*tensor.Dense{}}
	if e.kept != nil {
		for _, p := range e.kept.All() {
			state.Kept = append(state.Kept, keptParam{p.Name, p.Trainable})
			s.Tensors[p.Name] = p.Value
		}
	}
	var err error
	s.Values, err = json.Marshal(state)
	return s, errors.Wrap(err, "early stopping")
}

// Restore implements Stateful.
func (e *EarlyStopping) Restore(s optim.Snapshot) error {
	var state earlyState
	if e == nil {
		return errors.New("early stopping: it is nil")
	}
	if err := json.Unmarshal(s.Values, &state); err != nil {
		return errors.Wrap(err, "early stopping")
	}
	var kept *nn.Params
	for _, p := range state.Kept {
		t := s.Tensors[p.Name]
		if t == nil {
			return errors.Errorf("early stopping: there is no tensor %q", p.Name)
		}
		var err error
		if kept == nil {
			if kept, err = nn.NewParams(t.Dtype(), 0); err != nil {
				return errors.Wrap(err, "early stopping")
			}
		}
		if err = kept.Add(p.Name, t.Clone().(*tensor.Dense), p.Trainable); err != nil {
			return errors.Wrap(err, "early stopping")
		}
	}
	if len(s.Tensors) != len(state.Kept) {
		return errors.Errorf("early stopping: %d tensors, want %d", len(s.Tensors), len(state.Kept))
	}
	e.best, e.epoch, e.kept = math.Float64frombits(state.Best), state.Epoch, kept
	return nil
}
