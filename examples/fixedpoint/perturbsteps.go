package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
)

// overSteps holds the difference of the variance by step and layer, of two networks that are trained alike.
type overSteps struct {
	rate     float64
	steps    []int
	variance [][]float64 // by step, then by layer from 1
}

// stepsPerturbation is the perturbation whose traces are followed through trainings at these rates.
var (
	stepsPerturbation = perturbations[1]
	stepsRates        = []float64{0.005, trainedRate}
)

// followSteps trains networks on HTRU2 and the same networks with a perturbed first layer, on the same batches, and compares their layers.
func (o options) followSteps(ctx context.Context, w io.Writer) (all []overSteps, err error) {
	set, folds, err := pulsars(ctx, o)
	if err != nil {
		return nil, err
	}
	scaled, err := htru2.Scaled(set, folds[0].Fit)
	if err != nil {
		return nil, err
	}
	fit, err := scaled.Subset(o.some(folds[0].Fit))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "\nThrough a training on HTRU2: %d layers of %d units, plain gradient descent; %s in layer 1 before the first step: difference of the variance\n",
		trainedLayers, trainedUnits, stepsPerturbation.name)
	for _, rate := range stepsRates {
		plain, err := o.watched(ctx, fit, rate, nil)
		if err != nil {
			return nil, err
		}
		perturbed, err := o.watched(ctx, fit, rate, &stepsPerturbation)
		if err != nil {
			return nil, err
		}
		s, err := compareSteps(rate, plain, perturbed)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(w, "rate %g, loss of the last epoch %.4f unperturbed, %.4f perturbed\n", rate, plain.Epochs[len(plain.Epochs)-1].Loss, perturbed.Epochs[len(perturbed.Epochs)-1].Loss)
		if err := s.print(w); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// compareSteps subtracts the variances of two trainings.
func compareSteps(rate float64, plain, perturbed *train.History) (overSteps, error) {
	s := overSteps{rate: rate}
	for i, m := range plain.Moments {
		if i >= len(perturbed.Moments) || perturbed.Moments[i].Step != m.Step || len(perturbed.Moments[i].Layers) != len(m.Layers) {
			return s, errors.Errorf("the two runs were probed in different steps, of which %d is the first", m.Step)
		}
		var row []float64
		for k := range trainedLayers {
			row = append(row, perturbed.Moments[i].Layers[k].Variance-m.Layers[k].Variance)
		}
		s.steps, s.variance = append(s.steps, m.Step), append(s.variance, row)
	}
	return s, nil
}

// watched trains a network, perturbed or not, and keeps the moments of about 50 steps.
func (o options) watched(ctx context.Context, fit *datasets.Set, rate float64, p *perturbation) (*train.History, error) {
	net, err := graphs.New(selfNormalizing(nil), fit.Inputs(), graphs.BCE, graphs.Seed(o.seed))
	if err != nil {
		return nil, err
	}
	if p != nil {
		params := net.Params.All()
		if err := p.apply(params[0].Value, params[1].Value, rand.New(rand.NewPCG(o.seed, 1))); err != nil {
			return nil, err
		}
	}
	const batch = 128
	epochs := orElse(o.epochs, 2)
	steps := epochs * ((fit.Len() + batch - 1) / batch)
	return train.Fit(ctx, net, fit, train.Config{Epochs: epochs, Batch: batch, Seed: o.seed, Optimizer: optim.SGD{Rate: rate},
		Callbacks: []train.Callback{&callback.Probes{Every: max(1, steps/50)}}, Warn: func(string) {}})
}

// print prints a row for some steps.
func (s overSteps) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "step")
	for k := 1; k <= trainedLayers; k *= 2 {
		fmt.Fprintf(t, "\tlayer %d", k)
	}
	fmt.Fprintln(t, "\tlargest from layer 9 on")
	const rows = 6
	for r := range min(rows, len(s.steps)) {
		i := r * (len(s.steps) - 1) / max(1, min(rows, len(s.steps))-1)
		fmt.Fprint(t, s.steps[i])
		for k := 1; k <= trainedLayers; k *= 2 {
			fmt.Fprintf(t, "\t%+.3f", s.variance[i][k-1])
		}
		most := 0.0
		for _, v := range s.variance[i][trainedLayers/2:] {
			most = math.Max(most, math.Abs(v))
		}
		fmt.Fprintf(t, "\t%.3f\n", most)
	}
	return t.Flush()
}
