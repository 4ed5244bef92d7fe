package main

import (
	"context"
	"flag"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// The values of -target-scale.
const scaleAuto, scaleLinear, scaleLog = "auto", "linear", "log"

// A trial of a scale: a small network, on at most so many rows. Logarithms are chosen if they make the RMSE, in the units of the table, smaller than this part of
// what it is without.
const (
	trialLayers, trialUnits, trialBatch, trialEpochs = 2, 64, 64, 20
	trialRows, trialGain                             = 3000, 0.97
)

func (o *options) registerScale(f *flag.FlagSet) {
	f.StringVar(&o.scale, "target-scale", scaleAuto, "scale of the target of a regression: linear, log (of 1 + value/median, for values of at least 0 with a long upper tail), or auto: log if a small network "+
		"predicts the validation rows better so")
}

func (o *options) checkScale() program.Check {
	return program.Check{Flag: "target-scale", OK: slices.Contains([]string{scaleAuto, scaleLinear, scaleLog}, o.scale), Got: o.scale, Want: "auto, linear or log"}
}

// chooseScale makes logarithms of the labels if the flag asks for them or they are better on the validation rows.
func (p *problem) chooseScale(ctx context.Context, o options) error {
	fit, validation := p.fit, p.validation
	if len(p.folds) > 0 {
		fit, validation = p.folds[0].Fit, p.folds[0].Held
	}
	skewed := p.encoder.Problem() == csv.Regression && p.table.Skewed(p.fit)
	if o.scale == scaleLinear || o.scale == scaleAuto && (!skewed || len(validation) < leastRows) {
		return nil
	}
	encoder, err := p.encoder.Log(p.table, p.fit)
	if err != nil {
		return err
	}
	logs := *p
	logs.encoder = encoder
	if logs.set, err = encoder.Set(p.table); err != nil {
		return err
	}
	if o.scale == scaleAuto {
		var rmse [2]float64
		for i, of := range []*problem{p, &logs} {
			if rmse[i], err = of.trial(ctx, o, fit, validation); err != nil {
				return err
			}
		}
		if !(rmse[1] < trialGain*rmse[0]) {
			p.note("The target has a long upper tail. A small network predicts the validation rows no better from logarithms (RMSE %.4g against %.4g): -target-scale log uses them.", rmse[1], rmse[0])
			return nil
		}
		p.note("The target has a long upper tail, and a small network predicts the validation rows better from logarithms (RMSE %.4g against %.4g): the labels are logarithms. If that is wrong, use -target-scale linear.",
			rmse[1], rmse[0])
	}
	p.encoder, p.set = encoder, logs.set
	return nil
}

// trial trains a small network, and returns its RMSE on the validation rows in the units of the table.
func (p *problem) trial(ctx context.Context, o options, fit, validation []int) (float64, error) {
	fit, validation = evenly(fit, trialRows), evenly(validation, trialRows)
	data, err := p.set.Subset(fit)
	if err != nil {
		return 0, err
	}
	held, err := p.set.Subset(validation)
	if err != nil {
		return 0, err
	}
	net, err := graphs.New(graphs.SNN{Layers: trialLayers, Units: trialUnits, Outputs: p.set.Outputs()}, p.set.Inputs(), p.loss, graphs.Seed(o.Seed))
	if err != nil {
		return 0, err
	}
	schedule, err := optim.ParseSchedule("cosine")
	if err != nil {
		return 0, err
	}
	_, err = train.Fit(ctx, net, data, train.Config{
		Epochs: trialEpochs, Batch: trialBatch, Seed: o.Seed, Threads: o.Threads, Optimizer: optim.Adam{}, Schedule: schedule, Warn: func(string) {},
	})
	if err != nil {
		return 0, err
	}
	result, err := train.Ensemble{net}.Evaluate(ctx, held, kernel.Shared())
	if err != nil {
		return 0, err
	}
	return valueOf(metric.RMSE, p.inUnits(result))
}

// evenly returns at most so many of the rows, evenly chosen.
func evenly(rows []int, most int) []int {
	n := len(rows)
	if n <= most {
		return rows
	}
	some := make([]int, most)
	for i := range some {
		some[i] = rows[i*n/most]
	}
	return some
}
