package search

import (
	"strconv"

	"github.com/pkg/errors"
)

// Job is a trial before it runs, as a value: all that its result depends on. Written as JSON it can go to another process, where [Serve] runs
// it; on the same kind of processor the result has the same bits.
type Job struct {
	// Key is that of the search.
	Key string `json:"key"`
	// Data is the name and a checksum of the data of the trial, empty if the search does not say; see Config.Data.
	Data string `json:"data,omitempty"`
	// Folds is a checksum of the rows of all folds of a nested cross-validation, Fold the number of the fold, from 1, and Epochs the selected
	// number of epochs of a trial on its test rows.
	Folds  string `json:"folds,omitempty"`
	Fold   int    `json:"fold,omitempty"`
	Epochs int    `json:"epochs,omitempty"`
	// Seed is that of the trial, not that of the search.
	Seed uint64 `json:"seed"`
	// Point holds the network and its hyperparameters.
	Point Point `json:"point"`
}

func (j Job) job() job { return job{j.Fold, j.Epochs, j.Point} }

// job names a trial.
type job struct {
	fold, epochs int
	point        Point
}

// key identifies a job.
func (j job) key() string {
	return strconv.Itoa(j.fold) + "/" + strconv.Itoa(j.epochs) + "/" + j.point.key()
}

// jobOf completes a job.
func (e *engine) jobOf(j job) Job {
	return Job{Key: e.Key, Data: e.dataOf(j.point), Folds: e.header.Folds, Fold: j.fold, Epochs: j.epochs, Seed: seedOf(e.Seed, j), Point: j.point}
}

// check returns an error for a job of another search, which would give wrong results here.
func (e *engine) check(j Job) error {
	if err := j.Point.check(); err != nil {
		return err
	}
	want := e.jobOf(j.job())
	switch {
	case j.Key != want.Key:
		return errors.Errorf("a trial of another search: key %q, want %q", j.Key, want.Key)
	case j.Data != want.Data:
		return errors.Errorf("trial %s has the data %q; those here are %q", j.Point, j.Data, want.Data)
	case j.Folds != want.Folds:
		return errors.Errorf("trial %s has other folds: checksum %q, want %q", j.Point, j.Folds, want.Folds)
	case j.Fold < 0 || j.Fold > e.work.folds || j.Fold == 0 && e.work.folds > 0:
		return errors.Errorf("trial %s is of fold %d of %d", j.Point, j.Fold, e.work.folds)
	case j.Epochs < 0 || j.Epochs > 0 && e.work.test == nil:
		return errors.Errorf("trial %s has %d epochs", j.Point, j.Epochs)
	case j.Seed != want.Seed:
		return errors.Errorf("trial %s has the seed %d, want %d: the searches have different seeds", j.Point, j.Seed, want.Seed)
	}
	return nil
}
