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

// Fold returns the rows of fold k, counted from 0: those to fit on, those to choose between networks, and those to test.
// Together they are all rows, each once. It returns an error if there is no fold k.
func (t *Task) Fold(k int) (fit, val, test []int, err error) {
	if k < 0 || k >= t.Folds {
		return nil, nil, nil, errors.Errorf("uci: %s has no fold %d, but folds 0 to %d", t.Set.Name, k, t.Folds-1)
	}
	for r := range t.Set.Len() {
		switch i := r*t.Folds + k; {
		case t.test[i]:
			test = append(test, r)
		case t.val[i]:
			val = append(val, r)
		default:
			fit = append(fit, r)
		}
	}
	return fit, val, test, nil
}

// setPart marks the parts of a fold in the set.
func (t *Task) setPart(k int) error {
	_, val, test, err := t.Fold(k)
	if err != nil {
		return err
	}
	t.Set.Part = make([]datasets.Part, t.Set.Len())
	for _, r := range val {
		t.Set.Part[r] = datasets.Validation
	}
	for _, r := range test {
		t.Set.Part[r] = datasets.Test
	}
	return nil
}
