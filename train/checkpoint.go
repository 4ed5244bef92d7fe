package train

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Checkpoint is a Callback that saves the whole state of a run to a folder, so that Config.Resume continues it exactly: weights,
// running statistics, optimizer, position in the data, history, and the state of all callbacks that are Stateful.
// It saves after all other callbacks, at the moments asked for, at the end, and when the context is cancelled.
// A run has at most one, and its optimizer must be Stateful. It is an error if the folder holds checkpoints already and Config.Resume
// is empty. A checkpoint that cannot be written ends the run with an error and leaves those before it.
//
// Each is one safetensors file, named by the number of steps, such as step-000000001200.safetensors. It appears when it is complete.
// graphs.Load and LoadWeights read the network in it.
type Checkpoint struct {
	// Dir is the folder. It is made if it does not exist. One run at a time may use it.
	Dir string
	// EverySteps and EveryEpochs are the numbers of steps and epochs from one checkpoint to the next. 0 means that steps
	// or epochs do not count. If both are 0, there is one after each epoch.
	EverySteps, EveryEpochs int
	// Keep is the number of newest checkpoints that are kept. 0 means 3.
	Keep int
	// Best also keeps that of the epoch with the best Metric of the validation data, as best.safetensors. It is the metric as it
	// is; EarlyStopping smooths it.
	Best bool
}

const (
	checkpointPrefix = "step-"
	checkpointSuffix = ".safetensors"
	bestCheckpoint   = "best" + checkpointSuffix
)

// AfterEpoch implements Callback. It does nothing: Fit saves when all callbacks have been called.
func (c *Checkpoint) AfterEpoch(context.Context, *State) error { return nil }

// open checks the settings and prepares the folder.
func (c *Checkpoint) open(r *run) error {
	switch {
	case c.Dir == "":
		return errors.New("no folder; set Checkpoint.Dir")
	case c.EverySteps < 0 || c.EveryEpochs < 0 || c.Keep < 0:
		return errors.Errorf("every %d steps or %d epochs, keep %d", c.EverySteps, c.EveryEpochs, c.Keep)
	case c.Best && r.Validation == nil:
		return errors.New("there is no best epoch without validation data; set Config.Validation")
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return errors.WithStack(err)
	}
	// Remove temporary files left by a killed process.
	err := output.Clean(c.Dir, func(name string) bool { return name == bestCheckpoint || checkpointStep(name) > 0 })
	if err != nil {
		return err
	}
	old, err := checkpointsIn(c.Dir)
	if err == nil && len(old) > 0 && r.Resume == "" {
		return errors.Errorf("%s holds checkpoints of another run; set Config.Resume to continue it, or take another folder", c.Dir)
	}
	return err
}

// afterStep saves if it is time; n is the number of batches of the epoch. A checkpoint at the end of an epoch waits for afterEpoch.
func (c *Checkpoint) afterStep(r *run, n int) error {
	if c == nil || c.EverySteps == 0 || r.state.Step%c.EverySteps != 0 || r.batch == n {
		return nil
	}
	return c.save(r)
}

// afterEpoch saves if it is time.
func (c *Checkpoint) afterEpoch(r *run) error {
	if c == nil {
		return nil
	}
	if c.Best && isBest(r.state.History.Epochs, r.Metric.Lower) {
		if err := r.save(filepath.Join(c.Dir, bestCheckpoint)); err != nil {
			return errors.Wrap(err, "checkpoint")
		}
	}
	every := c.EveryEpochs
	if every == 0 && c.EverySteps == 0 {
		every = 1
	}
	if every > 0 && r.state.Epoch%every == 0 || c.EverySteps > 0 && r.state.Step%c.EverySteps == 0 {
		return c.save(r)
	}
	return nil
}

// isBest says that the last epoch has the best value of the metric so far.
func isBest(epochs []Epoch, lower bool) bool {
	last := epochs[len(epochs)-1].ValidationMetric
	for _, e := range epochs[:len(epochs)-1] {
		if v := e.ValidationMetric; v == last || (v < last) == lower && !math.IsNaN(v) {
			return false
		}
	}
	return !math.IsNaN(last)
}

// save writes a checkpoint if there is none of this moment, and removes the oldest ones.
func (c *Checkpoint) save(r *run) error {
	now := moment{r.state.Step, len(r.state.History.Epochs), r.stopped}
	if c == nil || r.state.Step == 0 || r.saved == now {
		return nil
	}
	name := fmt.Sprintf("%s%012d%s", checkpointPrefix, r.state.Step, checkpointSuffix)
	if err := r.save(filepath.Join(c.Dir, name)); err != nil {
		return errors.Wrap(err, "checkpoint")
	}
	r.saved = now
	return errors.Wrap(c.prune(r.state.Step), "checkpoint")
}

// moment tells checkpoints of a run apart.
type moment struct {
	step, epochs int
	stopped      bool
}

// prune removes the oldest checkpoints. Those of later steps, from before the run was taken back to an earlier checkpoint, stay until
// they are written anew.
func (c *Checkpoint) prune(step int) error {
	paths, err := checkpointsIn(c.Dir)
	if err != nil {
		return err
	}
	keep := c.Keep
	if keep == 0 {
		keep = 3
	}
	for _, path := range paths { // the newest first
		if checkpointStep(path) > step {
			continue
		}
		if keep--; keep < 0 {
			if err := os.Remove(path); err != nil {
				return errors.WithStack(err)
			}
		}
	}
	return nil
}

// checkpointsIn returns the paths of the numbered checkpoints of a folder, the newest first. A folder that is not there has none.
func checkpointsIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, errors.WithStack(err)
	}
	var paths []string
	for _, e := range entries {
		if checkpointStep(e.Name()) > 0 {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return checkpointStep(b) - checkpointStep(a) })
	return paths, nil
}

// checkpointStep is the step of a checkpoint by its name, 0 if it is none.
func checkpointStep(path string) int {
	name, ok1 := strings.CutPrefix(filepath.Base(path), checkpointPrefix)
	name, ok2 := strings.CutSuffix(name, checkpointSuffix)
	step, err := strconv.Atoi(name)
	if !ok1 || !ok2 || err != nil {
		return 0
	}
	return step
}
