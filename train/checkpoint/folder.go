// Package checkpoint writes, finds and reads the files in which package train keeps the state of a run.
package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Settings determine where and when a run is saved, and whether it continues an interrupted one. A checkpoint holds the whole state of a
// run: weights, running statistics, optimizer, average, position in the data, history, and the state of all callbacks that are an
// optim.Stateful. A run that continues ends with the same bits as one that was never interrupted. Fit saves after it has called all
// callbacks: when EverySteps and EveryEpochs ask for it, at the end, and when the context is cancelled.
//
// Each checkpoint is one safetensors file, named by the number of steps, such as step-000000001200.safetensors. It appears only when it is
// complete. If a checkpoint cannot be written, the run ends with an error unless Failed takes it, and earlier checkpoints stay. graphs.Load reads the network in
// it, with the weights of that step, even in a run with an average of the weights.
type Settings struct {
	// Dir is the folder, which is created if it does not exist. A second run that uses it at the same time gets an error. If Dir is empty,
	// nothing is saved; then set From.
	Dir string
	// EverySteps and EveryEpochs are the numbers of steps and epochs from one checkpoint to the next. If both are 0, there is a
	// checkpoint after each epoch.
	EverySteps, EveryEpochs int
	// Keep is the number of newest checkpoints to keep. 0 means 3.
	Keep int
	// Best also keeps the checkpoint of the epoch with the best value of Config.Metric, as best.safetensors. It compares the values of
	// single epochs, whereas callback.EarlyStopping can smooth them.
	Best bool
	// Resume continues from the newest checkpoint in Dir, or starts from the beginning if there is none, so that you can simply start the
	// same program again. A damaged newest checkpoint is skipped with a warning. Without Resume it is an error if Dir holds checkpoints.
	Resume bool
	// From continues from this checkpoint, a file or the newest one in a folder, whatever Dir holds and whether or not Resume is set. It is
	// an error if there is none.
	From string
	// Failed is called with the error if a checkpoint cannot be written, such as on a full disk. If it returns nil the run goes on, older
	// checkpoints stay, and the next one is tried when it is due. Nil means that the run ends with the error.
	Failed func(err error) error
}

const (
	prefix = "step-"
	suffix = ".safetensors"
	best   = "best" + suffix

	lockName = "checkpoints" // what is locked, though there is no such file
)

// Check returns an error if the settings are invalid. validated reports whether the run has validation data.
func (s *Settings) Check(validated bool) error {
	switch {
	case s == nil:
		return errors.New("there are no settings")
	case s.Dir == "" && s.From == "":
		return errors.New("no folder; set Checkpoint.Dir")
	case s.EverySteps < 0 || s.EveryEpochs < 0 || s.Keep < 0:
		return errors.Errorf("every %d steps or %d epochs, keep %d", s.EverySteps, s.EveryEpochs, s.Keep)
	case s.Best && !validated:
		return errors.New("there is no best epoch without validation data; set Config.Validation")
	}
	return nil
}

// Open makes the folder and locks it until release is called. It removes temporary files left by a killed process. It returns an error if
// another run uses the folder, and if the folder holds checkpoints and the settings do not continue from one.
func (s *Settings) Open() (release func() error, err error) {
	if s == nil || s.Dir == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(s.Dir, 0o777); err != nil {
		return nil, errors.WithStack(err)
	}
	release, err = output.Lock(filepath.Join(s.Dir, lockName))
	if errors.Is(err, output.ErrLocked) {
		return nil, errors.Wrapf(err, "another run saves its checkpoints in %s", s.Dir)
	}
	if err != nil {
		return nil, err
	}
	err = output.Clean(s.Dir, func(name string) bool { return name == best || step(name) > 0 || isSegment(name) })
	if err == nil {
		var old []string
		if old, err = List(s.Dir); err == nil && len(old) > 0 && !s.Resume && s.From == "" {
			err = errors.Errorf("%s holds checkpoints of another run; set Checkpoint.Resume to continue it, or take another folder", s.Dir)
		}
	}
	if err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// Path is the file of the checkpoint after a number of steps.
func (s *Settings) Path(steps int) string {
	return s.path(fmt.Sprintf("%s%012d%s", prefix, steps, suffix))
}

// BestPath is the file of the best epoch.
func (s *Settings) BestPath() string { return s.path(best) }

func (s *Settings) path(name string) string {
	if s == nil {
		return name
	}
	return filepath.Join(s.Dir, name)
}

// StepDue reports whether there is a checkpoint after a step within an epoch.
func (s *Settings) StepDue(steps int) bool {
	return s != nil && s.Dir != "" && s.EverySteps > 0 && steps%s.EverySteps == 0
}

// EpochDue reports whether there is a checkpoint after an epoch.
func (s *Settings) EpochDue(epoch, steps int) bool {
	if s == nil {
		return false
	}
	every := s.EveryEpochs
	if every == 0 && s.EverySteps == 0 {
		every = 1
	}
	return s.Dir != "" && every > 0 && epoch%every == 0 || s.StepDue(steps)
}

// Prune removes the oldest checkpoints. Those of later steps than given, from before the run was taken back to an earlier checkpoint,
// stay until they are written anew.
func (s *Settings) Prune(steps int) error {
	if s == nil || s.Dir == "" {
		return nil
	}
	paths, err := List(s.Dir)
	if err != nil {
		return err
	}
	keep := s.Keep
	if keep == 0 {
		keep = 3
	}
	for _, path := range paths { // the newest first
		if step(path) > steps {
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

// Uses reports whether a run gives a file in its folder this name.
func Uses(name string) bool {
	return name == best || step(name) > 0 || isSegment(name) || name == lockName+".lock"
}

// List returns the paths of the numbered checkpoints of a folder, the newest first. A folder that is not there has none.
func List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return nil, errors.WithStack(err)
	}
	var paths []string
	for _, e := range entries {
		if step(e.Name()) > 0 {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return step(b) - step(a) })
	return paths, nil
}

// step is the step of a checkpoint by its name, 0 if it is none.
func step(path string) int {
	name, ok1 := strings.CutPrefix(filepath.Base(path), prefix)
	name, ok2 := strings.CutSuffix(name, suffix)
	n, err := strconv.Atoi(name)
	if !ok1 || !ok2 || err != nil {
		return 0
	}
	return n
}
