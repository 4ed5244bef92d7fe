package checkpoint

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// The names in a checkpoint file other than those of its parameters; see docs/checkpoints.md.
const (
	key             = tensorfile.Reserved + "checkpoint" // metadata: Position as JSON
	networkKey      = tensorfile.Reserved + "network"    // metadata: the description of the network, as in a file of graphs.Save
	historyTensor   = "selfnorm/history"                 // the History without its tables in Go's gob encoding, which unlike JSON knows NaN
	optimizerTensor = "selfnorm/optimizer/"              // and the name of the tensor in the Snapshot
	averageTensor   = "selfnorm/average/"                // so for the average of the weights
	callbackTensor  = "selfnorm/callback%d/"             // so for each Stateful callback, counted from 1
)

// Position is the state of a run without its tensors.
type Position struct {
	// Epochs is the number of finished epochs, Batch that of the finished batches of the next one, and LossSum the sum of their losses.
	// LossSums are those of the outputs of a network with several.
	Epochs   int       `json:"epochs"`
	Batch    int       `json:"batch"`
	LossSum  float64   `json:"loss_sum"`
	LossSums []float64 `json:"loss_sums,omitempty"`
	// Step counts the finished steps of the run, of Steps in all, and Batches the finished batches, on which the random masks depend. Version
	// 0.1 had no Batches: each batch was a step.
	Step    int  `json:"step"`
	Steps   int  `json:"steps"`
	Batches *int `json:"batches,omitempty"`
	// Epoch is the number of the last epoch that has begun, and Loss the loss of the last step.
	Epoch      int     `json:"epoch"`
	Loss       float64 `json:"loss"`
	RateFactor float64 `json:"rate_factor"`
	// Stopped means that a callback has ended the training.
	Stopped bool `json:"stopped,omitempty"`
	// Seconds is the time since the start, without interruptions.
	Seconds float64 `json:"seconds"`
	// Kernels are those that computed the state. Others round differently.
	Kernels string `json:"kernels"`
	// Config must be that of the run that continues. Schedule are some of the factors of the learning rate.
	Config   []Setting `json:"config"`
	Schedule []Factor  `json:"schedule,omitempty"`

	Optimizer json.RawMessage   `json:"optimizer,omitempty"`
	Average   json.RawMessage   `json:"average,omitempty"`
	Callbacks []json.RawMessage `json:"callbacks,omitempty"`
	// Sealed counts the rows of the history that are in other files of the folder.
	Sealed *Sealed `json:"sealed,omitempty"`
}

// Setting is a part of the configuration that must not change when a run is resumed.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Factor is the factor of the learning rate at a step, counted from 0, without State.RateFactor.
type Factor struct {
	Step   int     `json:"step"`
	Factor float64 `json:"factor"`
}

// State is the whole state of a run.
type State struct {
	Position
	// Params are the weights that are trained.
	Params *nn.Params
	// Network is the description of the network, empty if it has none.
	Network   string
	History   *callback.History
	Optimizer optim.Stateful
	// Average is nil without one.
	Average  optim.Stateful
	Stateful []optim.Stateful
	// Sealed counts the rows of the history that other checkpoints in the same folder have moved to files of their own. Write moves
	// more of them and counts them. If it is nil, all of the history is in the checkpoint.
	Sealed *Sealed
}

// Write writes a checkpoint.
func Write(path string, s State) error {
	if err := s.check(); err != nil {
		return err
	}
	f := tensorfile.File{Params: s.Params, Tensors: map[string]*tensor.Dense{}, Metadata: map[string]string{}}
	if err := addHistory(f, &s, filepath.Dir(path)); err != nil {
		return err
	}
	var err error
	if s.Position.Optimizer, err = add(f, optimizerTensor, s.Optimizer); err != nil {
		return err
	}
	if s.Average != nil {
		if s.Position.Average, err = add(f, averageTensor, s.Average); err != nil {
			return err
		}
	}
	for i, stateful := range s.Stateful {
		values, err := add(f, fmt.Sprintf(callbackTensor, i+1), stateful)
		if err != nil {
			return err
		}
		s.Position.Callbacks = append(s.Position.Callbacks, values)
	}
	text, err := json.Marshal(s.Position)
	if err != nil {
		return errors.WithStack(err)
	}
	f.Metadata[key] = string(text)
	if s.Network != "" {
		f.Metadata[networkKey] = s.Network
	}
	return tensorfile.Write(path, f)
}

// add adds the tensors of a state to a file, and returns its values.
func add(f tensorfile.File, prefix string, part optim.Stateful) (json.RawMessage, error) {
	if part == nil {
		return nil, errors.New("a part of the state is nil")
	}
	s, err := part.Snapshot()
	if err != nil {
		return nil, errors.Wrapf(err, "%T", part)
	}
	for name, t := range s.Tensors {
		f.Tensors[prefix+name] = t
	}
	if s.Values == nil {
		s.Values = json.RawMessage("null")
	}
	return s.Values, nil
}

// Parse returns the position of a checkpoint that has been read.
func Parse(f tensorfile.File) (p Position, err error) {
	text, ok := f.Metadata[key]
	if !ok {
		return p, errors.New("it holds weights, but not the state of a training")
	}
	return p, errors.WithStack(json.Unmarshal([]byte(text), &p))
}

// Restore copies a checkpoint into the parts of s and returns its history. The caller has compared the settings. On an error the parameters
// stay unchanged.
func Restore(f tensorfile.File, p Position, s State) (*callback.History, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := s.Params.Match(f.Params); err != nil {
		return nil, err
	}
	history, err := historyOf(f, p.Epochs)
	if err != nil {
		return nil, err
	}
	if err := s.Optimizer.Restore(snapshotOf(f, optimizerTensor, p.Optimizer)); err != nil {
		return nil, errors.Wrapf(err, "%T", s.Optimizer)
	}
	if s.Average != nil {
		if err := s.Average.Restore(snapshotOf(f, averageTensor, p.Average)); err != nil {
			return nil, errors.Wrapf(err, "%T", s.Average)
		}
	}
	if len(s.Stateful) != len(p.Callbacks) {
		return nil, errors.Errorf("there are %d callbacks with a state, want %d", len(s.Stateful), len(p.Callbacks))
	}
	for i, c := range s.Stateful {
		if c == nil {
			return nil, errors.Errorf("callback %d is nil", i+1)
		}
		if err := c.Restore(snapshotOf(f, fmt.Sprintf(callbackTensor, i+1), p.Callbacks[i])); err != nil {
			return nil, errors.Wrapf(err, "%T", c)
		}
	}
	return history, s.Params.CopyFrom(f.Params) // last, so that an error leaves the network as it is
}

// check returns an error if a part that every run has is missing.
func (s State) check() error {
	if s.Params == nil || s.History == nil || s.Optimizer == nil {
		return errors.New("the state of a run lacks its parameters, history or optimizer")
	}
	return nil
}

func snapshotOf(f tensorfile.File, prefix string, values json.RawMessage) optim.Snapshot {
	s := optim.Snapshot{Values: values, Tensors: map[string]*tensor.Dense{}}
	for name, t := range f.Tensors {
		if name, ok := strings.CutPrefix(name, prefix); ok {
			s.Tensors[name] = t
		}
	}
	return s
}
