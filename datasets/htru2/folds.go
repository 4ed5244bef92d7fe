package htru2

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// NumFolds is the number of folds of the paper's nested cross-validation.
const NumFolds = 10

// Fold is one way to divide the rows. Together the three parts are all rows, each once.
type Fold struct {
	Fit        []int // train on these
	Validation []int // choose between networks on these
	Test       []int // report the result on these
}

// Folds divides the rows for nested ten-fold cross-validation (Klambauer et al. 2017): they are dealt into ten parts
// with the same share of pulsars; part m tests fold m, the part before it (the last one for the first) validates, and the
// other eight are fitted on. Settings are to be chosen for each fold by itself. The same seed gives the same folds.
// It returns an error if there are less than ten rows.
func Folds(set *datasets.Set, seed uint64) ([]Fold, error) {
	rest := make([]int, set.Len())
	for r := range rest {
		rest[r] = r
	}
	if len(rest) < NumFolds {
		return nil, errors.Errorf("htru2: %d folds of %d rows", NumFolds, len(rest))
	}
	part := make([]int, len(rest))
	for m := range NumFolds - 1 { // what is left at the end is the last part
		var chosen []int
		var err error
		rest, chosen, err = datasets.StratifiedSplit(rest, set.Class, 1/float64(NumFolds-m), seed+uint64(m))
		if err != nil {
			return nil, errors.Wrap(err, "htru2")
		}
		for _, r := range chosen {
			part[r] = m + 1
		}
	}
	folds := make([]Fold, NumFolds)
	for r, p := range part {
		for m := range folds {
			switch p {
			case m:
				folds[m].Test = append(folds[m].Test, r)
			case (m + NumFolds - 1) % NumFolds:
				folds[m].Validation = append(folds[m].Validation, r)
			default:
				folds[m].Fit = append(folds[m].Fit, r)
			}
		}
	}
	return folds, nil
}

// Scaled returns the set with features standardized by the given rows; everything else is shared with set.
// It returns an error if there are no rows, or a row number is out of range.
func Scaled(set *datasets.Set, fit []int) (*datasets.Set, error) {
	scaler, err := datasets.FitScaler(datasets.Standardize, 0, set.Features, fit)
	if err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	scaled := *set
	if scaled.Features, err = scaler.Apply(set.Features); err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	return &scaled, nil
}
