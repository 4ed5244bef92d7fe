package main

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/calibrate"
)

// conformalKey is the name of the scores among the texts of saved networks.
const conformalKey = "conformal"

// maxScores bounds the scores of a target that are saved. Among more, evenly spaced ones are: that enlarges sets and intervals by a tenth of a percent of
// coverage at most.
const maxScores = 1000

// conformal holds the sorted scores of split conformal prediction of rows that did not train the networks, for each target; one list for classes.
// Those of a regression are in the units of the table.
type conformal struct {
	Scores [][]float64 `json:"scores"`
}

// newConformal sorts the scores of a result in the units of the table.
func newConformal(problem csv.Problem, r *train.Result) (*conformal, error) {
	all, err := scoresOf(problem, r)
	for i := range all {
		all[i] = thin(all[i])
	}
	return &conformal{all}, err
}

// scoresOf returns the scores of a result by target; NaN for a label that is missing.
func scoresOf(problem csv.Problem, r *train.Result) (all [][]float64, err error) {
	if problem == csv.Classes {
		scores, err := calibrate.ClassScores(r.Values, r.Outputs, observed(r))
		return [][]float64{scores}, err
	}
	for t := range r.Outputs {
		one, err := r.Task(t)
		if err != nil {
			return nil, err
		}
		var scores []float64
		if problem == csv.Regression {
			scores, err = calibrate.ValueScores(one.Values, nil, observed(one))
		} else {
			scores, err = calibrate.ClassScores(one.Values, 1, observed(one))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, scores)
	}
	return all, nil
}

// observed returns the labels, NaN for those without weight.
func observed(r *train.Result) []float64 {
	labels := slices.Clone(r.Labels)
	for i := range labels {
		if r.Weights != nil && r.Weights[i] == 0 {
			labels[i] = math.NaN()
		}
	}
	return labels
}

// thin returns the sorted scores that are known, at most maxScores of them.
func thin(scores []float64) []float64 {
	scores = slices.DeleteFunc(scores, math.IsNaN)
	slices.Sort(scores)
	n := len(scores)
	if n <= maxScores {
		return scores
	}
	var kept []float64
	for k := 1; k <= maxScores; k++ {
		kept = append(kept, scores[(k*n+maxScores-1)/maxScores-1])
	}
	return kept
}

// thresholds returns the threshold of each target for a coverage.
func (c *conformal) thresholds(coverage float64) (all []float64, err error) {
	for _, scores := range c.Scores {
		t, err := calibrate.Quantile(scores, coverage)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// conformalOf reads the scores that were saved with networks for an encoder.
func conformalOf(path string, networks train.Ensemble, e *csv.Encoder) (*conformal, error) {
	text := networks[0].Metadata[conformalKey]
	if text == "" {
		return nil, errors.Errorf("-coverage: %s has no scores of rows that did not train the networks; train with -validation-share above 0, or -ensemble folds", path)
	}
	c := &conformal{}
	if err := json.Unmarshal([]byte(text), c); err != nil {
		return nil, errors.Wrapf(err, "%s: conformal scores", path)
	}
	want := len(e.Tasks())
	if e.Problem() == csv.Classes {
		want = 1
	}
	if len(c.Scores) != want {
		return nil, errors.Errorf("%s: conformal scores of %d targets, want %d", path, len(c.Scores), want)
	}
	for _, scores := range c.Scores {
		if !slices.IsSorted(scores) || len(scores) > 0 && scores[0] < 0 {
			return nil, errors.Errorf("%s: conformal scores are negative or not sorted", path)
		}
	}
	return c, nil
}

// covered returns the share of the observed labels of a result that their sets or intervals hold, and the mean number of classes of a set, or width of
// an interval. Both are NaN without labels.
func (c *conformal) covered(problem csv.Problem, r *train.Result, coverage float64) (share, size float64, err error) {
	own, err := scoresOf(problem, r)
	if err != nil {
		return 0, 0, err
	}
	thresholds, err := c.thresholds(coverage)
	if err != nil {
		return 0, 0, err
	}
	hits, n, rows := 0.0, 0.0, 0.0
	for t, scores := range own {
		for _, s := range scores {
			if s == s {
				n++
				if s <= thresholds[t] {
					hits++
				}
			}
		}
	}
	for i := range r.Rows {
		for t, threshold := range thresholds {
			rows++
			switch {
			case problem == csv.Regression:
				size += 2 * threshold
			case problem == csv.Classes:
				size += float64(len(calibrate.Set(r.Row(i), threshold)))
			default:
				size += float64(len(calibrate.Set(r.Row(i)[t:t+1], threshold)))
			}
		}
	}
	return hits / n, size / rows, nil
}

// setNames are the names of the columns of setValues.
func setNames(e *csv.Encoder) (names []string) {
	for _, t := range e.Tasks() {
		switch e.Problem() {
		case csv.Classes:
			for _, c := range e.Classes() {
				names = append(names, t+" in set="+c)
			}
		case csv.Binary:
			names = append(names, t+" in set=0", t+" in set=1")
		default:
			names = append(names, t+" low", t+" high")
		}
	}
	return names
}

// setValues returns 1 for each class that is in the set of a row, else 0, or the ends of intervals.
func setValues(e *csv.Encoder, row, thresholds []float64) (values []float64) {
	members := func(n int, set []int) {
		for c := range n {
			member := 0.0
			if slices.Contains(set, c) {
				member = 1
			}
			values = append(values, member)
		}
	}
	if e.Problem() == csv.Classes {
		members(len(row), calibrate.Set(row, thresholds[0]))
		return values
	}
	for t, v := range row {
		if e.Problem() == csv.Binary {
			members(2, calibrate.Set(row[t:t+1], thresholds[t]))
			continue
		}
		low, high := calibrate.Interval(e.Value(t, v), 1, thresholds[t])
		values = append(values, low, high)
	}
	return values
}
