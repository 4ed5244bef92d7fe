package molecular

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// The rules for the prediction of an ensemble from those of the kinds of its members: the networks, whose probabilities are averaged, and each
// other kind.
const (
	Mean = "mean"     // weighted mean of the probabilities
	Odds = "log-odds" // the probability whose log-odds are the weighted mean of those of the kinds
)

// Rules returns all rules, the usual one first.
func Rules() []string { return []string{Odds, Mean} }

// NetworksWeight is the weight of the networks if each other kind has the weight 1, chosen on validation folds.
const NetworksWeight = 2

// leastOdds is the least probability of log-odds, and 1 less it the greatest: a forest whose trees agree is not infinitely sure.
const leastOdds = 1e-4

// Combine returns the predictions of the ensemble. all holds those of each kind, in the same layout, first those of the networks, whose weight is
// given. The others have the weight 1.
func Combine(rule string, weight float64, all [][]float64) ([]float64, error) {
	if !slices.Contains(Rules(), rule) {
		return nil, errors.Errorf("the predictions are combined by %.60q; this program knows %q", rule, Rules())
	}
	if !(weight > 0 && weight < 1000) {
		return nil, errors.Errorf("the networks have the weight %v, want a positive number below 1000", weight)
	}
	if len(all) == 0 {
		return nil, errors.New("there are no predictions of the networks")
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
			if rule == Odds {
				p = LogOdds(p)
			}
			sum[i] += w * p
		}
	}
	for i := range sum {
		sum[i] /= total
		if rule == Odds {
			sum[i] = 1 / (1 + math.Exp(-sum[i]))
		}
	}
	return sum, nil
}

// LogOdds returns those of a probability within the limits.
func LogOdds(p float64) float64 {
	p = min(max(p, leastOdds), 1-leastOdds)
	return math.Log(p) - math.Log1p(-p)
}

// Pool mixes probabilities of all tasks, row after row, in place. Nil changes nothing.
func Pool(values []float64, by *graphs.Calibration) error {
	if by == nil {
		return nil
	}
	if len(values)%numTasks != 0 {
		return errors.Errorf("%d probabilities of %d tasks", len(values), numTasks)
	}
	for i := range values {
		values[i] = LogOdds(values[i])
	}
	for i := 0; i < len(values); i += numTasks {
		if err := by.Apply(values[i : i+numTasks]); err != nil {
			return err
		}
	}
	for i, z := range values {
		values[i] = 1 / (1 + math.Exp(-z))
	}
	return nil
}
