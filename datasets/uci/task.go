package uci

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// Task is a classification task. It is read-only.
type Task struct {
	Set   *datasets.Set // features and classes of all rows
	Folds int           // number of folds

	test, val []bool // rows x Folds, row after row
}

// Fold returns the rows of fold k, counted from 0: Fit to train on, Held to choose between networks, Test to report on. Together they cover
// all rows, each once. It returns an error if there is no fold k.
func (t *Task) Fold(k int) (datasets.Fold, error) {
	if t == nil || t.Set == nil {
		return datasets.Fold{}, errors.New("uci: the task is nil")
	}
	if k < 0 || k >= t.Folds {
		return datasets.Fold{}, errors.Errorf("uci: %s has no fold %d, but folds 0 to %d", t.Set.Name, k, t.Folds-1)
	}
	if n := t.Set.Len(); len(t.test) != len(t.val) || len(t.test)/t.Folds != n || len(t.test)%t.Folds != 0 {
		return datasets.Fold{}, errors.Errorf("uci: %s has %d rows, but its folds are of another set", t.Set.Name, n)
	}
	var f datasets.Fold
	for r := range t.Set.Len() {
		switch i := r*t.Folds + k; {
		case t.test[i]:
			f.Test = append(f.Test, r)
		case t.val[i]:
			f.Held = append(f.Held, r)
		default:
			f.Fit = append(f.Fit, r)
		}
	}
	return f, nil
}

// setPart marks the parts of a fold in the set.
func (t *Task) setPart(k int) error {
	f, err := t.Fold(k)
	if err != nil {
		return err
	}
	t.Set.Part = make([]datasets.Part, t.Set.Len())
	for _, r := range f.Held {
		t.Set.Part[r] = datasets.Validation
	}
	for _, r := range f.Test {
		t.Set.Part[r] = datasets.Test
	}
	return nil
}
