package htru2

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// NumFolds is the number of folds of the paper's nested cross-validation.
const NumFolds = 10

// Folds divides the rows for nested ten-fold cross-validation (Klambauer et al. 2017) into ten parts with the same share of pulsars. In
// fold m, part m is Test, the previous part (the last one for the first) is Held, for validation, and the other eight are Fit. Choose
// settings for each fold separately. The same seed gives the same folds. It returns an error if there are fewer than ten rows, or the set
// is not valid.
func Folds(set *datasets.Set, seed uint64) ([]datasets.Fold, error) {
	rest := make([]int, set.Len())
	for r := range rest {
		rest[r] = r
	}
	if len(rest) < NumFolds {
		return nil, errors.Errorf("htru2: %d folds of %d rows", NumFolds, len(rest))
	}
	if err := set.Validate(); err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	part := make([]int, len(rest))
	for m := range NumFolds - 1 { // the remaining rows are the last part
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
	folds := make([]datasets.Fold, NumFolds)
	for r, p := range part {
		for m := range folds {
			switch p {
			case m:
				folds[m].Test = append(folds[m].Test, r)
			case (m + NumFolds - 1) % NumFolds:
				folds[m].Held = append(folds[m].Held, r)
			default:
				folds[m].Fit = append(folds[m].Fit, r)
			}
		}
	}
	return folds, nil
}

// Scaled returns the set with features standardized by the given rows; it shares everything else with set. It returns an error if the set
// is nil, there are no rows, or a row index is out of range.
func Scaled(set *datasets.Set, fit []int) (*datasets.Set, error) {
	if set == nil {
		return nil, errors.New("htru2: the set is nil")
	}
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
