package main

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

// Base rates stay the same. A task goes towards the mean of all, each counted from its base rate, by a share that depends on its actives.
func TestPool(t *testing.T) {
	d, rows := &tox21.Data{}, []int{}
	for i := range 100 {
		var c tox21.Compound
		for k := range c.Labels {
			if i <= 2*k {
				c.Labels[k] = 1
			}
		}
		d.Compounds, rows = append(d.Compounds, c), append(rows, i)
	}
	rates, err := d.BaseRates(rows)
	if err != nil {
		t.Fatal(err)
	}
	values := append(rates[:], rates[:]...)
	values[23] = 1 / (1 + math.Exp(-molecular.LogOdds(rates[11])-3)) // 3 above its base rate
	by, err := pooling(10, d, rows)
	if err != nil {
		t.Fatal(err)
	}
	if err := molecular.Pool(values, by); err != nil {
		t.Fatal(err)
	}
	for k, rate := range rates {
		share := 10 / (10 + 100*rate)
		above := share * 3 / 12
		if k == 11 {
			above += (1 - share) * 3
		}
		if math.Abs(values[k]-rate) > 1e-12 || math.Abs(molecular.LogOdds(values[12+k])-molecular.LogOdds(rate)-above) > 1e-12 {
			t.Errorf("task %d of base rate %v: %v and %v", k, rate, values[k], values[12+k])
		}
	}
	if by, err := pooling(0, d, rows); by != nil || err != nil {
		t.Errorf("0 actives: %v, %v", by, err)
	}
	if err := molecular.Pool(values[1:], by); err == nil {
		t.Error("no error for a part of the tasks")
	}
	if err := molecular.Pool(values, &graphs.Calibration{Shift: []float64{1}}); err == nil {
		t.Error("no error for the calibration of another number of tasks")
	}
}

func TestPoolErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-pool", "-1"}, Code: 2, Want: "-pool -1: want 0 to 1e6"},
		{Args: []string{"-pool", "NaN"}, Code: 2, Want: "-pool NaN: want 0 to 1e6"},
		{Args: []string{"-predict", "C", "-model", "m", "-pool", "0.1"}, Code: 2, Want: "-pool"},
	})
}
