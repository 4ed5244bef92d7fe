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
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

const (
	learnRows   = 6000
	learnEpochs = 3
)

// learnRates are tried for each remedy, of plain gradient descent.
var learnRates = []float64{0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1}

// remedy is a deep network, and how it is trained.
type remedy struct {
	name   string
	layer  nn.Layer      // of a hidden layer
	behind nn.Layer      // of it, or nil
	groups []optim.Group // rate factors
}

// remedies lists what may help against gradients that grow.
func (o options) remedies() []remedy {
	dense := func(a nn.Activation) nn.Dense { return nn.Dense{Units: o.units, Activation: a} }
	growth := 1.0
	if s, err := theory.SELU.Slopes(theory.Normalized); err == nil {
		growth = s.Second
	}
	var equal []optim.Group
	for i := 1; i < o.layers; i++ {
		equal = append(equal, optim.Group{Match: []string{fmt.Sprintf("dense%d.*", i)}, RateFactor: math.Pow(growth, float64(i-o.layers)/2)})
	}
	small := dense(selu.op)
	small.WeightInit = func(r *rand.Rand, values []float64, shape tensor.Shape) {
		nn.LeCunNormal(r, values, shape)
		for i := range values {
			values[i] /= math.Sqrt(float64(o.layers))
		}
	}
	return []remedy{
		{name: "SELU", layer: dense(selu.op)},
		{name: "SELU, rates by depth", layer: dense(selu.op), groups: equal},
		{name: fmt.Sprintf("SELU, alpha dropout %g", criticalRate()), layer: dense(selu.op), behind: nn.AlphaDropout{Rate: criticalRate()}},
		{name: "SELU, alpha dropout 0.05", layer: dense(selu.op), behind: nn.AlphaDropout{Rate: 0.05}},
		{name: "SELU, residual, weights / root of the depth", layer: nn.Residual{Layer: small}},
		{name: "SERLU", layer: dense(serlu.op)},
		{name: "tanh GPN", layer: dense(tanhGPN.op)},
		{name: "tanh", layer: dense(tanh.op)},
		{name: "ReLU, He", layer: nn.Dense{Units: o.units, Activation: relu.op, WeightInit: nn.HeNormal}},
	}
}

// lesson is the outcome of a training.
type lesson struct {
	rate                  float64
	before, after         float64 // variance of the gradients at the first hidden layer, divided by that at the last
	loss, validation, auc float64
}

// learn trains deep networks on HTRU2 with each remedy and rate, and prints the best rate of each.
func learn(ctx context.Context, o options, w io.Writer) error {
	fit, rest, err := lessonRows()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Networks of %d layers of %d units, %d rows of HTRU2, %d epochs of gradient descent, best of %d rates by the loss of %d other rows\n", o.layers, o.units, fit.Len(), learnEpochs, len(learnRates), rest.Len())
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "network\tgradients in front, behind = 1\tafter training\tbest rate\tgreatest rate that learns\tloss\tvalidation\tROC-AUC")
	for _, m := range o.remedies() {
		best, greatest := lesson{validation: math.Inf(1)}, "none"
		for _, rate := range learnRates {
			l, err := o.train(ctx, m, rate, fit, rest)
			if errors.Is(err, callback.ErrDiverged) {
				continue
			}
			if err != nil {
				return errors.Wrap(err, m.name)
			}
			if l.validation < learnt {
				greatest = fmt.Sprint(rate)
			}
			if l.validation < best.validation {
				best = l
			}
		}
		if best.rate == 0 {
			fmt.Fprintf(t, "%s\t-\t-\tnone\tnone\tdiverges\t-\t-\n", m.name)
			continue
		}
		fmt.Fprintf(t, "%s\t%.3g\t%.3g\t%g\t%s\t%.3f\t%.3f\t%.3f\n", m.name, best.before, best.after, best.rate, greatest, best.loss, best.validation, best.auc)
	}
	return t.Flush()
}

// learnt is the validation loss below which a network has learned something: a constant reaches 0.31.
const learnt = 0.15

// lessonRows are rows of HTRU2 to train on and others.
func lessonRows() (fit, rest *datasets.Set, err error) {
	set, err := htru2.Embedded()
	if err != nil {
		return nil, nil, err
	}
	folds, err := htru2.Folds(set, 1)
	if err != nil {
		return nil, nil, err
	}
	f := folds[0]
	scaled, err := htru2.Scaled(set, f.Fit)
	if err != nil {
		return nil, nil, err
	}
	if fit, err = scaled.Subset(f.Fit[:learnRows]); err != nil {
		return nil, nil, err
	}
	rest, err = scaled.Subset(f.Held)
	return fit, rest, err
}

// train trains a network once.
func (o options) train(ctx context.Context, m remedy, rate float64, fit, rest *datasets.Set) (l lesson, err error) {
	var model nn.Sequential
	for i := range o.layers {
		layer := m.layer
		if _, ok := layer.(nn.Residual); ok && i == 0 { // the width changes here
			layer = nn.Dense{Units: o.units, Activation: selu.op}
		}
		if model = append(model, layer); m.behind != nil {
			model = append(model, m.behind)
		}
	}
	model = append(model, nn.Dense{Units: 1})
	net, err := graphs.New(model, graphs.Matrix(fit.Width()), graphs.BCE, graphs.Seed(o.seed))
	if err != nil {
		return l, err
	}
	h, err := train.Fit(ctx, net, fit, train.Config{
		Epochs: learnEpochs, Optimizer: optim.SGD{Rate: rate}, Seed: o.seed, Groups: m.groups, Validation: rest, Metric: metric.MeanROCAUC, ValidateEvery: learnEpochs,
		Callbacks: []train.Callback{&callback.Probes{Every: 20, Gradients: true}}, Warn: func(string) {},
	})
	if err != nil {
		return l, err
	}
	last := h.Epochs[len(h.Epochs)-1]
	l = lesson{rate: rate, loss: last.Loss, validation: last.ValidationLoss, auc: last.ValidationMetric}
	l.before, l.after = o.ratio(h.Moments[0]), o.ratio(h.Moments[len(h.Moments)-1])
	return l, nil
}

// ratio divides the variance of the gradients at the first hidden layer by that at the last.
func (o options) ratio(m callback.Moments) float64 {
	first, last := m.Layers[0], m.Layers[len(m.Layers)-2]
	return first.GradientVariance / last.GradientVariance
}
