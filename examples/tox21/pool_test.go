package main

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

// Base rates stay what they are. A task goes towards the mean of all, each counted from its base rate, by the share.
func TestPool(t *testing.T) {
	var rates [tox21.NumTasks]float64
	values := make([]float64, 2*tox21.NumTasks)
	for k := range rates {
		rates[k] = 0.02 * float64(k+1)
		values[k] = rates[k]
		values[tox21.NumTasks+k] = rates[k]
	}
	last := 2*tox21.NumTasks - 1
	values[last] = 1 / (1 + math.Exp(-logOdds(rates[11])-3)) // 3 above its base rate
	if err := pool(values, pooling(0.4, rates)); err != nil {
		t.Fatal(err)
	}
	for k, rate := range rates {
		above := 0.4 * 3 / 12
		if k == 11 {
			above += 0.6 * 3
		}
		if math.Abs(values[k]-rate) > 1e-12 || math.Abs(logOdds(values[tox21.NumTasks+k])-logOdds(rate)-above) > 1e-12 {
			t.Errorf("task %d of base rate %v: %v and %v", k, rate, values[k], values[tox21.NumTasks+k])
		}
	}
	before := slices.Clone(values)
	if err := pool(values, pooling(0, rates)); err != nil || !slices.Equal(values, before) {
		t.Errorf("a share of 0 changes %v to %v (%v)", before, values, err)
	}
	if err := pool(values[1:], pooling(0.5, rates)); err == nil {
		t.Error("no error for a part of the tasks")
	}
	if err := pool(values, &graphs.Calibration{Shift: []float64{1}}); err == nil {
		t.Error("no error for the calibration of another number of tasks")
	}
}

func TestPoolErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-pool", "1.5"}, Code: 2, Want: "-pool 1.5: want 0 to 1"},
		{Args: []string{"-pool", "NaN"}, Code: 2, Want: "-pool NaN: want 0 to 1"},
		{Args: []string{"-predict", "C", "-model", "m", "-pool", "0.1"}, Code: 2, Want: "-pool"},
	})
}
