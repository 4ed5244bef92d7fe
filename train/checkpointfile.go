package train

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"gorgonia.org/tensor"
)

// The names in a checkpoint file besides those of its parameters. docs/checkpoints.md describes them.
const (
	checkpointKey   = tensorfile.Reserved + "checkpoint" // metadata: a checkpoint as JSON
	historyTensor   = "selfnorm/history"                 // the History in Go's gob encoding, which unlike JSON knows NaN
	optimizerTensor = "selfnorm/optimizer/"              // and the name of the tensor in the Snapshot
	callbackTensor  = "selfnorm/callback%d/"             // so for each Stateful callback, counted from 1
)

// checkpoint is the state of a run besides its tensors.
type checkpoint struct {
	// Epochs is the number of finished epochs, Batch that of the finished batches of the next one, and LossSum their losses.
	Epochs  int     `json:"epochs"`
	Batch   int     `json:"batch"`
	LossSum float64 `json:"loss_sum"`
	// Step counts the finished steps of the run, of Steps in all. The random masks depend on it.
	Step  int `json:"step"`
	Steps int `json:"steps"`
	// Epoch is the number of the last epoch that has begun, and Loss the loss of the last step.
	Epoch      int     `json:"epoch"`
	Loss       float64 `json:"loss"`
	RateFactor float64 `json:"rate_factor"`
	// Stopped says that a callback has ended the training.
	Stopped bool `json:"stopped,omitempty"`
	// Seconds is the time since the start, without interruptions.
	Seconds float64 `json:"seconds"`
	// Kernels are those that computed the state. Others round differently.
	Kernels string `json:"kernels"`
	// Config must be that of the run that continues. Schedule are some of the factors of the learning rate.
	Config    []setting         `json:"config"`
	Schedule  []factor          `json:"schedule,omitempty"`
	Optimizer json.RawMessage   `json:"optimizer,omitempty"`
	Callbacks []json.RawMessage `json:"callbacks,omitempty"`
}

// save writes the state of the run. Weights that are not finite numbers end it instead.
func (r *run) save(path string) error {
	if err := checkFinite(r.state.Params); err != nil {
		return err
	}
	f := tensorfile.File{Params: r.state.Params, Tensors: map[string]*tensor.Dense{}, Metadata: map[string]string{}}
	c := checkpoint{
		Epochs: len(r.state.History.Epochs), Batch: r.batch, LossSum: r.sum, Step: r.state.Step, Steps: r.state.Steps, Epoch: r.state.Epoch,
		Loss: r.state.Loss, RateFactor: r.state.RateFactor, Stopped: r.stopped, Seconds: time.Since(r.begin).Seconds(),
		Kernels: kernels(), Config: r.settings, Schedule: r.factors(),
	}
	var history bytes.Buffer
	if err := gob.NewEncoder(&history).Encode(r.state.History); err != nil {
		return errors.Wrap(err, "history")
	}
	f.Tensors[historyTensor] = tensor.New(tensor.WithShape(history.Len()), tensor.WithBacking(history.Bytes()))
	s, err := r.Optimizer.(Stateful).Snapshot()
	if err != nil {
		return errors.Wrapf(err, "%T", r.Optimizer)
	}
	c.Optimizer = s.Values
	addTensors(f, optimizerTensor, s)
	for i, stateful := range r.statefuls() {
		if s, err = stateful.Snapshot(); err != nil {
			return errors.Wrapf(err, "%T", stateful)
		}
		if s.Values == nil {
			s.Values = json.RawMessage("null")
		}
		c.Callbacks = append(c.Callbacks, s.Values)
		addTensors(f, fmt.Sprintf(callbackTensor, i+1), s)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	f.Metadata[checkpointKey] = string(text)
	if spec, ok := graphs.SpecOf(r.machines.Model); ok {
		spec.Inputs, spec.Loss = r.data.Inputs(), r.Loss.Name
		if text, err = json.Marshal(spec); err != nil {
			return err
		}
		f.Metadata[graphs.SpecKey] = string(text)
	}
	return tensorfile.Write(path, f)
}

func addTensors(f tensorfile.File, prefix string, s Snapshot) {
	for name, t := range s.Tensors {
		f.Tensors[prefix+name] = t
	}
}

// statefuls are the callbacks with a state.
func (r *run) statefuls() (out []Stateful) {
	for _, c := range r.Callbacks {
		if s, ok := c.(Stateful); ok {
			out = append(out, s)
		}
	}
	return out
}

// restore takes over the state of a file whose settings have been compared.
func (r *run) restore(f tensorfile.File, c checkpoint) error {
	if err := r.state.Params.CopyFrom(f.Params); err != nil {
		return err
	}
	history := &History{}
	text := f.Tensors[historyTensor]
	if text == nil || text.Dtype() != tensor.Uint8 {
		return errors.New("there is no history")
	}
	if err := gob.NewDecoder(bytes.NewReader(text.Data().([]byte))).Decode(history); err != nil {
		return errors.Wrap(err, "history")
	}
	if len(history.Epochs) != c.Epochs {
		return errors.Errorf("the history has %d epochs, want %d", len(history.Epochs), c.Epochs)
	}
	if err := r.Optimizer.(Stateful).Restore(snapshotOf(f, optimizerTensor, c.Optimizer)); err != nil {
		return errors.Wrapf(err, "%T", r.Optimizer)
	}
	statefuls := r.statefuls()
	if len(statefuls) != len(c.Callbacks) {
		return errors.Errorf("there are %d callbacks with a state, want %d", len(c.Callbacks), len(statefuls))
	}
	for i, s := range statefuls {
		if err := s.Restore(snapshotOf(f, fmt.Sprintf(callbackTensor, i+1), c.Callbacks[i])); err != nil {
			return errors.Wrapf(err, "%T", s)
		}
	}
	history.Warnings = append(history.Warnings, r.state.History.Warnings...)
	*r.state.History = *history
	r.state.Step, r.state.Loss, r.state.RateFactor = c.Step, c.Loss, c.RateFactor
	r.state.Epoch, r.batch, r.sum, r.stopped = c.Epochs, c.Batch, c.LossSum, c.Stopped
	if c.Stopped {
		r.state.Epoch = c.Epoch
	}
	r.begin = time.Now().Add(-time.Duration(c.Seconds * float64(time.Second)))
	return nil
}

func snapshotOf(f tensorfile.File, prefix string, values json.RawMessage) Snapshot {
	s := Snapshot{Values: values, Tensors: map[string]*tensor.Dense{}}
	for name, t := range f.Tensors {
		if name, ok := strings.CutPrefix(name, prefix); ok {
			s.Tensors[name] = t
		}
	}
	return s
}
