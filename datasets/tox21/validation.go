package tox21

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// ValidationSplit divides the training compounds for choosing between networks: val is the official fold (0 to 4)
// and the leaderboard compounds together, fit is every other training compound whose parent does not occur in val.
// Unreadable compounds are in neither. It returns an error if the data has no such fold.
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
	return datasets.WithoutGroups(rest, val, d.Groups()), val, nil
}
