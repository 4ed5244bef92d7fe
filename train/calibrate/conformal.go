package calibrate

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Quantile returns the threshold of split conformal prediction: the ceil((n+1)*coverage)-th smallest of n scores (Vovk et al. 2005). The
// score of a new row is at most that with a probability of at least coverage, and below coverage + 1/(n+1) + that of a tie, if
// the rows are exchangeable. It is +Inf if there are too few scores for the promise. Scores that are NaN do not count. coverage is above 0
// and below 1.
func Quantile(scores []float64, coverage float64) (float64, error) {
	if !(coverage > 0 && coverage < 1) {
		return 0, errors.Errorf("calibrate: a coverage of %v, want a number above 0 and below 1", coverage)
	}
	var known []float64
	for _, s := range scores {
		if s == s {
			known = append(known, s)
		}
	}
	slices.Sort(known)
	k := int(math.Ceil(float64(len(known)+1)*coverage - 1e-9))
	if k > len(known) {
		return math.Inf(1), nil
	}
	return known[max(k, 1)-1], nil
}

// ClassScores returns 1 - the probability of the label, for each row of probabilities of classes or, with columns 1, of a binary task (Sadinle et al.
// 2019). The score of a missing label is NaN.
func ClassScores(probabilities []float64, columns int, labels []float64) ([]float64, error) {
	if columns < 1 || len(probabilities) != len(labels)*columns || len(probabilities)/columns != len(labels) {
		return nil, errors.Errorf("calibrate: %d probabilities of %d columns for %d labels", len(probabilities), columns, len(labels))
	}
	scores := make([]float64, len(labels))
	for r, y := range labels {
		p := probabilities[r*columns : (r+1)*columns]
		switch {
		case y != y:
			scores[r] = math.NaN()
		case columns == 1 && (y == 0 || y == 1):
			scores[r] = math.Abs(y - p[0])
		case columns > 1 && y == math.Trunc(y) && y >= 0 && y < float64(columns):
			scores[r] = 1 - p[int(y)]
		default:
			return nil, errors.Errorf("calibrate: row %d has the label %v of %d classes", r, y, max(2, columns))
		}
		if scores[r] != scores[r] && y == y {
			return nil, errors.Errorf("calibrate: row %d has a probability that is NaN", r)
		}
	}
	return scores, nil
}

// Set returns the classes whose score is at most the threshold of Quantile, in order. It may be empty: then the row is unlike all classes.
// A row of one probability is a binary task, of the classes 0 and 1.
func Set(probabilities []float64, threshold float64) (classes []int) {
	if len(probabilities) == 1 {
		probabilities = []float64{1 - probabilities[0], probabilities[0]}
	}
	for c, p := range probabilities {
		if 1-p <= threshold {
			classes = append(classes, c)
		}
	}
	return classes
}

// ValueScores returns the distances of predictions from labels, each in units of its scale; nil scales are 1. Where a network knows better on
// some rows than on others, the spread of an ensemble is such a scale (Lei et al. 2018, section 5.2). The score of a missing label is NaN.
func ValueScores(values, scales, labels []float64) ([]float64, error) {
	if len(values) != len(labels) || scales != nil && len(scales) != len(labels) {
		return nil, errors.Errorf("calibrate: %d values and %d scales for %d labels", len(values), len(scales), len(labels))
	}
	scores := make([]float64, len(labels))
	for i, y := range labels {
		if values[i]-values[i] != 0 || scales != nil && !(scales[i] > 0) {
			return nil, errors.Errorf("calibrate: row %d has the value %v, or a scale that is not positive", i, values[i])
		}
		if scores[i] = math.Abs(y - values[i]); scales != nil {
			scores[i] /= scales[i]
		}
	}
	return scores, nil
}

// Interval returns the interval around a value whose score is at most the threshold of Quantile. scale is 1 for scores without scales.
func Interval(value, scale, threshold float64) (low, high float64) {
	return value - scale*threshold, value + scale*threshold
}
