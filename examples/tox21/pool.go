package main

import (
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
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
		mean += molecular.LogOdds(rate) / tox21.NumTasks
	}
	for t, n := range c.Pool {
		c.Pool[t] = actives / (actives + n)
		c.Shift[t] = c.Pool[t] * (molecular.LogOdds(rates[t]) - mean)
	}
	return c, nil
}
