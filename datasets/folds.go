package datasets

import (
	"cmp"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Fold is one way to divide rows, as indices.
type Fold = batch.Fold

// KFold divides rows at random into k parts of equal size (up to one row) and returns k folds, each of which holds out one part. Each row
// is held out exactly once. It returns an error unless 2 <= k <= len(rows).
func KFold(rows []int, k int, seed uint64) ([]Fold, error) {
	if k < 2 || k > len(rows) {
		return nil, errors.Errorf("datasets: %d folds of %d rows", k, len(rows))
	}
	part := make([]int, len(rows))
	for at, i := range shuffled(len(rows), seed) {
		part[i] = at % k
	}
	return folds(rows, part, k), nil
}

// StratifiedKFold is like [KFold], but all parts have the same proportions of classes, up to one row. class returns the class of a row, as
// Set.Class does. It returns the errors of KFold, and an error if class is nil.
func StratifiedKFold(rows []int, class func(row int) int, k int, seed uint64) ([]Fold, error) {
	if class == nil {
		return nil, errors.New("datasets: stratified folds need a function that returns the class of a row")
	}
	if k < 2 || k > len(rows) {
		return nil, errors.Errorf("datasets: %d folds of %d rows", k, len(rows))
	}
	order := shuffled(len(rows), seed)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(class(rows[a]), class(rows[b])) })
	part := make([]int, len(rows))
	for at, i := range order { // one class after the other, so that neither the sizes of a class nor those of the parts differ by more than one
		part[i] = at % k
	}
	return folds(rows, part, k), nil
}

// GroupKFold is like [KFold], but it never splits a group between Fit and Held. groups has one key for each row of the set, as in
// Set.Groups. It assigns groups largest first, each to the smallest part, so parts are of similar size. It returns an error unless 2 <= k
// <= number of groups, or if a row has no group key.
func GroupKFold(rows []int, groups []string, k int, seed uint64) ([]Fold, error) {
	if err := checkGroups(groups, rows); err != nil {
		return nil, err
	}
	var keys []string
	size := make(map[string]int)
	for _, i := range shuffled(len(rows), seed) {
		g := groups[rows[i]]
		if size[g] == 0 {
			keys = append(keys, g)
		}
		size[g]++
	}
	if k < 2 || k > len(keys) {
		return nil, errors.Errorf("datasets: %d folds of %d groups", k, len(keys))
	}
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(size[b], size[a]) })
	of := make(map[string]int, len(keys))
	filled := make([]int, k)
	for _, g := range keys {
		least := 0
		for p, n := range filled {
			if n < filled[least] {
				least = p
			}
		}
		of[g] = least
		filled[least] += size[g]
	}
	part := make([]int, len(rows))
	for i, r := range rows {
		part[i] = of[groups[r]]
	}
	return folds(rows, part, k), nil
}

// folds turns the part number of each row into k folds.
func folds(rows, part []int, k int) []Fold {
	out := make([]Fold, k)
	for i, r := range rows {
		for p := range out {
			if p == part[i] {
				out[p].Held = append(out[p].Held, r)
			} else {
				out[p].Fit = append(out[p].Fit, r)
			}
		}
	}
	return out
}
