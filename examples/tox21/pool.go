package main

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
)

// defaultPool is the number of actives of a task with a share of one half, chosen on validation folds.
const defaultPool = 200

// pooling returns the calibration that mixes the log-odds of the tasks with their mean, each counted from the base rate of its task. The mean has the
// share actives / (actives + n) in a task with n actives among the compounds for training: the causes of toxicity in many assays carry over to new
// compounds better than what members have learned of one assay from few actives. It is nil for 0 actives.
func pooling(actives float64, d *tox21.Data, rows []int) (*graphs.Calibration, error) {
	rates, err := d.BaseRates(rows)
	if err != nil || actives == 0 {
		return nil, err
	}
	c := &graphs.Calibration{Pool: make([]float64, tox21.NumTasks), Shift: make([]float64, tox21.NumTasks)}
	for _, r := range rows {
		for t, y := range d.Compounds[r].Labels {
			if y > 0 {
				c.Pool[t]++
			}
		}
	}
	mean := 0.0
	for _, rate := range rates {
		mean += logOdds(rate) / tox21.NumTasks
	}
	for t, n := range c.Pool {
		c.Pool[t] = actives / (actives + n)
		c.Shift[t] = c.Pool[t] * (logOdds(rates[t]) - mean)
	}
	return c, nil
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
