package main

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// The rules for the prediction of an ensemble from those of the kinds of its members: the networks, whose probabilities are averaged, and each
// other kind.
const (
	combineMean = "mean"     // weighted mean of the probabilities
	combineOdds = "log-odds" // the probability whose log-odds are the weighted mean of those of the kinds
)

// networksWeight is the weight of the networks if each other kind has the weight 1, chosen on validation folds.
const networksWeight = 2

var combineRules = []string{combineOdds, combineMean}

// leastOdds is the least probability of log-odds, and 1 less it the greatest: a forest whose trees agree is not infinitely sure.
const leastOdds = 1e-4

// combine returns the predictions of the ensemble. all holds those of each kind, in the same layout, first those of the networks, whose weight is
// given. The others have the weight 1.
func combine(rule string, weight float64, all [][]float64) ([]float64, error) {
	if !slices.Contains(combineRules, rule) {
		return nil, errors.Errorf("the predictions are combined by %.60q; this program knows %q", rule, combineRules)
	}
	if !(weight > 0 && weight < 1000) {
		return nil, errors.Errorf("the networks have the weight %v, want a positive number below 1000", weight)
	}
	sum, total := make([]float64, len(all[0])), weight+float64(len(all)-1)
	for k, values := range all {
		w := 1.0
		if k == 0 {
			w = weight
		}
		if len(values) != len(sum) {
			return nil, errors.Errorf("%d predictions of one kind of members, and %d of another", len(sum), len(values))
		}
		for i, p := range values {
			if rule == combineOdds {
				p = logOdds(p)
			}
			sum[i] += w * p
		}
	}
	for i := range sum {
		sum[i] /= total
		if rule == combineOdds {
			sum[i] = 1 / (1 + math.Exp(-sum[i]))
		}
	}
	return sum, nil
}
