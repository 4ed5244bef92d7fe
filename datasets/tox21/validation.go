package tox21

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// ValidationSplit divides the training compounds for validation: val holds the official fold (0 to 4) and the leaderboard compounds,
// and fit all other training compounds whose parents do not occur in val. Unreadable compounds are in neither. It returns an error if the
// data has no such fold.
func (d *Data) ValidationSplit(fold int) (fit, val []int, err error) {
	if fold < 0 || fold > 4 {
		return nil, nil, errors.Errorf("tox21: fold %d is outside 0..4", fold)
	}
	var rest []int
	inFold := 0
	for _, r := range d.TrainRows() {
		c := &d.Compounds[r]
		switch {
		case c.Fold == fold:
			inFold++
			val = append(val, r)
		case c.Part == datasets.Validation:
			val = append(val, r)
		default:
			rest = append(rest, r)
		}
	}
	if inFold == 0 {
		return nil, nil, errors.Errorf("tox21: no training compound is in fold %d", fold)
	}
	fit, err = datasets.WithoutGroups(rest, val, d.Groups())
	return fit, val, err
}

// Folds returns the five official folds of the training compounds, for an ensemble in which each network omits a different fold. Fold K
// holds out its own compounds and fits on all others, including the leaderboard, whose parents are not among them. Unreadable compounds are
// in no fold. It returns an error if the data has no such folds.
func (d *Data) Folds() ([]datasets.Fold, error) {
	folds, groups := make([]datasets.Fold, 5), d.Groups()
	for k := range folds {
		var held, rest []int
		for _, r := range d.TrainRows() {
			if d.Compounds[r].Fold == k {
				held = append(held, r)
			} else {
				rest = append(rest, r)
			}
		}
		if len(held) == 0 {
			return nil, errors.Errorf("tox21: no training compound is in fold %d", k)
		}
		fit, err := datasets.WithoutGroups(rest, held, groups)
		if err != nil {
			return nil, err
		}
		folds[k] = datasets.Fold{Fit: fit, Held: held}
	}
	return folds, nil
}
