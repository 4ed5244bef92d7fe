package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// signals are the flags that ask what becomes of gradients, or of the difference of two rows, instead of fixed points.
type signals struct {
	gradients, correlations, learn bool
	correlation                    float64
}

// register adds the flags.
func (s *signals) register(f *flag.FlagSet) {
	f.BoolVar(&s.gradients, "gradients", false, "follow the variance of activations and of gradients through the layers, and draw gradients.svg and gradients.png")
	f.BoolVar(&s.correlations, "correlations", false, "follow the correlation of two rows and of their gradients, and draw correlations.svg and correlations.png")
	f.BoolVar(&s.learn, "learn", false, "train networks on HTRU2 with several remedies against gradients that grow")
	f.Float64Var(&s.correlation, "correlation", 0.9, "correlation of the two rows of -correlations at the inputs, in [-1, 1]")
}

// check returns an error for flags that make no sense.
func (s *signals) check() error {
	if s.gradients && s.correlations || s.learn && (s.gradients || s.correlations) {
		return errors.New("-gradients, -correlations, -learn: want one of them")
	}
	return program.CheckAll(program.Check{Flag: "correlation", OK: s.correlation >= -1 && s.correlation <= 1, Got: s.correlation, Want: "a number from -1 to 1"})
}

// asked returns the answer to the question of the flags, or nil, and the name of its picture, if it draws one.
func (s *signals) asked() (answer func(context.Context, options, io.Writer) error, picture string) {
	switch {
	case s.gradients:
		return followGradients, "gradients"
	case s.correlations:
		return followCorrelations, "correlations"
	case s.learn:
		return learn, ""
	}
	return nil, ""
}

// follow answers the question, and tries its outputs first.
func (o options) follow(ctx context.Context, answer func(context.Context, options, io.Writer) error, picture string, w io.Writer) error {
	if picture == "" {
		return answer(ctx, o, w)
	}
	var files program.Files
	files.OutFolder("-out", o.out, picture+".svg", picture+".png")
	if err := files.Try(); err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return errors.Wrap(err, "-out")
	}
	return answer(ctx, o, w)
}

// signalled is a network whose signals are followed: in training, with a dropout layer behind each activation if rate is not 0.
type signalled struct {
	network
	rate     float64
	ordinary bool // dropout, not alpha dropout
}

func (n signalled) name() string {
	switch {
	case n.rate == 0:
		return n.network.name()
	case n.ordinary:
		return fmt.Sprintf("%s, dropout %g", n.network.name(), n.rate)
	}
	return fmt.Sprintf("%s, alpha dropout %g", n.network.name(), n.rate)
}

// layer is the map of a layer, with its dropout.
func (n signalled) layer() (theory.Layer, error) {
	l := n.network.layer()
	var err error
	if n.rate > 0 && n.ordinary {
		l.Dropout, err = theory.InvertedDropout(n.rate)
	} else if n.rate > 0 {
		l.Dropout, err = theory.SELU.Dropout(n.rate, theory.Normalized)
	}
	return l, err
}

// followed are the networks whose signals are followed.
var followed = []signalled{{network: network{selu, lecun}}, {network: network{selu, lecun}, rate: criticalRate()}, {network: network{selu, lecun}, rate: 0.05},
	{network: network{selu, lecun}, rate: 0.05, ordinary: true},
	{network: network{serlu, lecun}}, {network: network{tanh, lecun}}, {network: network{tanhGPN, lecun}}, {network: network{relu, he}}}

// depth holds measurements at the outputs of a layer.
type depth struct {
	moments theory.Moments
	// gradient is the mean square of the gradients, relative to that at the last layer.
	gradient float64
	// correlation is that of the pairs of rows, and gradientCorrelation that of their gradients.
	correlation, gradientCorrelation float64
	// varianceError and gradientError are the standard errors of means over networks.
	varianceError, gradientError float64
}

// alongRandomDirections is the sum of the products of outputs and labels: its gradient at the outputs are the labels.
var alongRandomDirections = graphs.Loss{Name: "product with the labels", Apply: func(output, labels, _ *G.Node) (*G.Node, error) {
	product, err := G.HadamardProd(output, labels)
	if err != nil {
		return nil, err
	}
	return G.Sum(product)
}}

// measure runs normal inputs forward through a new network, and normal gradients back, and returns what arrives at each layer, from the inputs
// on, where there are no gradients. With pairs, each two rows have the correlation o.correlation, and equal gradients at the outputs.
func (n signalled) measure(o options, seed uint64, pairs bool) ([]depth, error) {
	params, err := nn.NewParams(tensor.Float32, seed)
	if err != nil {
		return nil, err
	}
	var model nn.Sequential
	for range o.layers {
		model = append(model, nn.Dense{Units: o.units, Activation: n.op, WeightInit: n.init})
		switch {
		case n.rate > 0 && n.ordinary:
			model = append(model, nn.Dropout{Rate: n.rate})
		case n.rate > 0:
			model = append(model, nn.AlphaDropout{Rate: n.rate})
		}
	}
	g, err := graphs.Build(model, params, graphs.Config{Batch: o.rows, Inputs: graphs.Matrix(o.units), Workers: kernel.Shared(), Seed: seed, Loss: alongRandomDirections,
		LayerGradients: true, Frozen: func(name string) bool { return !strings.HasPrefix(name, "dense1.") }}) // the other weights' gradients are not needed
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, 0))
	o.fill(r, g.X, o.start, o.correlation, pairs)
	o.fill(r, g.Labels, theory.Normalized, 1, pairs)
	vm := G.NewTapeMachine(g.G)
	defer vm.Close()
	if err := vm.RunAll(); err != nil {
		return nil, err
	}
	return o.depths(g, pairs)
}

// fill draws a matrix of normal numbers.
func (o options) fill(r *rand.Rand, n *G.Node, m theory.Moments, correlation float64, pairs bool) {
	x, sd := n.Value().Data().([]float32), math.Sqrt(m.Variance)
	rest := math.Sqrt(1 - correlation*correlation)
	for i := range x {
		z := r.NormFloat64()
		if row := i / o.units; pairs && row%2 == 1 {
			z = correlation*(float64(x[i-o.units])-m.Mean)/sd + rest*z
		}
		x[i] = float32(m.Mean + sd*z)
	}
}

// depths reads the outputs of all layers, which are the inputs of the next, and the gradients there.
func (o options) depths(g *graphs.Graph, pairs bool) ([]depth, error) {
	var outputs []*G.Node
	for _, p := range g.Probes() {
		outputs = append(outputs, p.Input)
	}
	outputs = append(outputs, g.Output)
	if len(outputs) != o.layers+1 {
		return nil, errors.Errorf("%d layers were probed, want %d", len(outputs)-1, o.layers)
	}
	all := make([]depth, len(outputs))
	for i, n := range outputs {
		x := g.Value(n).Data().([]float32)
		all[i].moments = momentsOf(x)
		if pairs {
			all[i].correlation = o.correlationOf(x)
		}
		if i == 0 {
			continue
		}
		d, ok := g.Value(n.Deriv()).(*tensor.Dense)
		if !ok {
			return nil, errors.Errorf("layer %d has no gradients", i)
		}
		dx := d.Data().([]float32)
		m := momentsOf(dx)
		all[i].gradient = m.Variance + m.Mean*m.Mean
		if pairs {
			all[i].gradientCorrelation = o.correlationOf(dx)
		}
	}
	last := all[o.layers].gradient
	for i := range all {
		all[i].gradient /= last
	}
	return all, nil
}

// momentsOf returns mean and variance of values.
func momentsOf(x []float32) theory.Moments {
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += float64(v)
	}
	mean := sum / float64(len(x))
	for _, v := range x {
		squares += (float64(v) - mean) * (float64(v) - mean)
	}
	return theory.Moments{Mean: mean, Variance: squares / float64(len(x))}
}

// correlationOf is the correlation over the units of each two rows: of the sums over all pairs.
func (o options) correlationOf(x []float32) float64 {
	product, squares := 0.0, 0.0
	for row := 0; row+1 < o.rows; row += 2 {
		a, b := x[row*o.units:][:o.units], x[(row+1)*o.units:][:o.units]
		ma, mb := momentsOf(a), momentsOf(b)
		for i := range a {
			product += (float64(a[i]) - ma.Mean) * (float64(b[i]) - mb.Mean)
		}
		squares += math.Sqrt(ma.Variance*mb.Variance) * float64(o.units)
	}
	return product / squares
}

// measureAll returns the means over o.networks networks, for each layer. Standard errors are 0 for one network.
func (n signalled) measureAll(ctx context.Context, o options, pairs bool) ([]depth, error) {
	means, variances, gradients := make([]depth, o.layers+1), make([]float64, o.layers+1), make([]float64, o.layers+1)
	for k := range o.networks {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		all, err := n.measure(o, o.seed+uint64(k), pairs)
		if err != nil {
			return nil, errors.Wrapf(err, "network of %s", n.name())
		}
		share := 1 / float64(o.networks)
		seen := float64(k)
		for i, d := range all {
			m := &means[i]
			// The sums of squares about the mean, by Welford's recurrence.
			m.varianceError, variances[i] = welford(m.varianceError, variances[i], d.moments.Variance, seen)
			m.gradientError, gradients[i] = welford(m.gradientError, gradients[i], d.gradient, seen)
			m.moments.Mean += share * d.moments.Mean
			m.moments.Variance += share * d.moments.Variance
			m.gradient += share * d.gradient
			m.correlation += share * d.correlation
			m.gradientCorrelation += share * d.gradientCorrelation
		}
	}
	for i := range means {
		m, n := &means[i], float64(o.networks)
		m.varianceError, m.gradientError = math.Sqrt(m.varianceError/n/max(1, n-1)), math.Sqrt(m.gradientError/n/max(1, n-1))
	}
	return means, nil
}

// welford adds x to the sum of squares about the mean of n numbers, and to the mean.
func welford(squares, mean, x, n float64) (float64, float64) {
	next := mean + (x-mean)/(n+1)
	return squares + (x-mean)*(x-next), next
}
