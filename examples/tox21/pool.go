package main

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
)

// defaultPool is the share of the mean over the tasks in the log-odds of a task, chosen on validation folds.
const defaultPool = 0.3

// pooling returns the calibration that mixes the log-odds of the tasks with their mean, each counted from the base rate of its task; nil for a share of
// 0. The causes of toxicity in many assays carry over to new compounds better than those that a member has learned of one assay.
func pooling(share float64, rates [tox21.NumTasks]float64) *graphs.Calibration {
	if share == 0 {
		return nil
	}
	c := &graphs.Calibration{Pool: share, Shift: make([]float64, tox21.NumTasks)}
	mean := 0.0
	for t, rate := range rates {
		c.Shift[t] = logOdds(rate)
		mean += c.Shift[t] / tox21.NumTasks
	}
	for t, odds := range c.Shift {
		c.Shift[t] = share * (odds - mean)
	}
	return c
}

// logOdds returns those of a probability within the limits.
func logOdds(p float64) float64 {
	p = min(max(p, leastOdds), 1-leastOdds)
	return math.Log(p) - math.Log1p(-p)
}

// pool mixes probabilities of all tasks, row after row, in place.
func pool(values []float64, by *graphs.Calibration) error {
	if by == nil {
		return nil
	}
	if len(values)%tox21.NumTasks != 0 {
		return errors.Errorf("%d probabilities of %d tasks", len(values), tox21.NumTasks)
	}
	for i := range values {
		values[i] = logOdds(values[i])
	}
	for i := 0; i < len(values); i += tox21.NumTasks {
		if err := by.Apply(values[i : i+tox21.NumTasks]); err != nil {
			return err
		}
	}
	for i, z := range values {
		values[i] = 1 / (1 + math.Exp(-z))
	}
	return nil
}
