package train

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// prepare opens the folder for checkpoints and takes over the one to resume from, if the run has to do with checkpoints.
func (r *run) prepare() error {
	for _, c := range r.Callbacks {
		if c, ok := c.(*Checkpoint); ok {
			if r.checkpoint != nil {
				return errors.New("there are two Checkpoint callbacks; a run has one")
			}
			r.checkpoint = c
		}
	}
	if r.checkpoint == nil && r.Resume == "" {
		return nil
	}
	if _, ok := r.Optimizer.(Stateful); !ok {
		return errors.Errorf("checkpoint: the state of a %T cannot be saved; use an optimizer of package train", r.Optimizer)
	}
	if r.checkpoint != nil {
		if err := r.checkpoint.open(r); err != nil {
			return errors.Wrap(err, "checkpoint")
		}
	}
	first := batches(r.data.Len(), r.Batch)[0]
	m, err := r.machines.get(graphs.Train, first[1]-first[0]) // makes the parameters
	if err == nil {
		r.settings, err = r.describe(m)
	}
	if err != nil || r.Resume == "" {
		return err
	}
	return errors.Wrap(r.resume(), "resume")
}

// resume takes over the checkpoint of Config.Resume, if there is one.
func (r *run) resume() error {
	path, f, err := r.find()
	if err != nil || path == "" {
		return err
	}
	var c checkpoint
	text, ok := f.Metadata[checkpointKey]
	if !ok {
		return errors.Errorf("%s: it holds weights, but not the state of a training", path)
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return errors.Wrap(err, path)
	}
	if err := r.compatible(c); err != nil {
		return errors.Wrap(err, path)
	}
	if err := r.restore(f, c); err != nil {
		return errors.Wrap(err, path)
	}
	r.saved = moment{c.Step, c.Epochs, c.Stopped}
	if now := kernels(); now != c.Kernels {
		r.state.Warn(fmt.Sprintf("resumed at step %d with the kernels %s after %s: the results are not bit-equal to those of an uninterrupted run",
			c.Step, now, c.Kernels))
	}
	return nil
}

// find reads the checkpoint to resume from: a file, or the newest of a folder that is not damaged. path is empty if there is none.
func (r *run) find() (path string, f tensorfile.File, err error) {
	info, err := os.Stat(r.Resume)
	if err == nil && !info.IsDir() || err != nil && strings.HasSuffix(r.Resume, checkpointSuffix) {
		f, err = tensorfile.Read(r.Resume)
		return r.Resume, f, err
	}
	paths, err := checkpointsIn(r.Resume)
	if err != nil {
		return "", f, err
	}
	var damage []string
	for _, path := range paths {
		f, err := tensorfile.Read(path)
		if err == nil {
			for _, d := range damage {
				r.state.Warn(fmt.Sprintf("resumed from the older checkpoint %s: %s", path, d))
			}
			return path, f, nil
		}
		if !errors.Is(err, graphs.ErrDamaged) {
			return "", f, err
		}
		damage = append(damage, err.Error())
	}
	if damage != nil {
		return "", f, errors.Wrapf(graphs.ErrDamaged, "no checkpoint of %s can be read: %s", r.Resume, strings.Join(damage, "; "))
	}
	return "", f, nil
}

// compatible returns an error if this run, uninterrupted, would not have come to the checkpoint.
func (r *run) compatible(c checkpoint) error {
	if err := compare(r.settings, c.Config); err != nil {
		return err
	}
	n := len(batches(r.data.Len(), r.Batch))
	if c.Epochs < 0 || c.Batch < 0 || c.Batch > n || c.Step != c.Epochs*n+c.Batch && !c.Stopped {
		return errors.Errorf("step %d is not batch %d of %d after %d epochs", c.Step, c.Batch, n, c.Epochs)
	}
	if c.Step > r.state.Steps {
		return errors.Errorf("the checkpoint is of step %d, but %d epochs have %d steps; set Config.Epochs to more", c.Step, r.Epochs, r.state.Steps)
	}
	for _, f := range c.Schedule {
		if r.Schedule == nil {
			return errors.New("the checkpoint has factors of a schedule, this run has no schedule")
		}
		if f.Step >= c.Step && c.Steps != r.state.Steps {
			continue // of the future, which another number of epochs may change
		}
		if now := r.Schedule(f.Step, r.state.Steps); now != f.Factor {
			return errors.Errorf("the schedule has the factor %v at step %d of %d, the checkpoint was made with %v (of %d)",
				now, f.Step, r.state.Steps, f.Factor, c.Steps)
		}
	}
	return nil
}

// factor is the factor of the learning rate at a step, counted from 0, without State.RateFactor.
type factor struct {
	Step   int     `json:"step"`
	Factor float64 `json:"factor"`
}

// factors are samples of the schedule: of the past, which has made the weights, and of the whole run.
func (r *run) factors() (out []factor) {
	if r.Schedule == nil {
		return nil
	}
	const samples = 32
	for _, end := range []int{r.state.Step, r.state.Steps} {
		last := -1
		for i := range samples {
			if step := i * (end - 1) / (samples - 1); step > last {
				out = append(out, factor{step, r.Schedule(step, r.state.Steps)})
				last = step
			}
		}
	}
	return out
}

// interrupted saves a last checkpoint of a run that ends with an error between two steps.
func (r *run) interrupted(err error) error {
	if failure := r.checkpoint.save(r); failure != nil {
		return fmt.Errorf("%w; the last steps are not saved: %w", err, failure)
	}
	return err
}
