package main

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// The rules for the prediction of an ensemble from those of the kinds of its members: the networks, whose probabilities are averaged, and each
// other kind, all with the same weight.
const (
	combineMean = "mean"     // mean of the probabilities
	combineOdds = "log-odds" // the probability whose log-odds are the mean of those of the kinds
)

var combineRules = []string{combineOdds, combineMean}

// leastOdds is the least probability of log-odds, and 1 less it the greatest: a forest whose trees agree is not infinitely sure.
const leastOdds = 1e-4

// combine returns the predictions of the ensemble. all holds those of each kind, in the same layout.
func combine(rule string, all [][]float64) ([]float64, error) {
	if !slices.Contains(combineRules, rule) {
		return nil, errors.Errorf("the predictions are combined by %.60q; this program knows %q", rule, combineRules)
	}
	sum := make([]float64, len(all[0]))
	for _, values := range all {
		if len(values) != len(sum) {
			return nil, errors.Errorf("%d predictions of one kind of members, and %d of another", len(sum), len(values))
		}
		for i, p := range values {
			if rule == combineOdds {
				p = min(max(p, leastOdds), 1-leastOdds)
				p = math.Log(p) - math.Log1p(-p)
			}
			sum[i] += p
		}
	}
	for i := range sum {
		sum[i] /= float64(len(all))
		if rule == combineOdds {
			sum[i] = 1 / (1 + math.Exp(-sum[i]))
		}
	}
	return sum, nil
}
