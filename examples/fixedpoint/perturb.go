package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// perturbation changes the first layer of a network: it shifts the pre-activations, scales the weights by the root of tau, and adds independent noise
// of variance noise/fan-in to them.
type perturbation struct {
	name              string
	shift, tau, noise float64
}

var perturbations = []perturbation{
	{"mean + 0.3", 0.3, 1, 0},
	{"variance x 1.5", 0, 1.5, 0},
	{"weights + 10 % noise", 0, 1, 0.1},
}

// apply changes the weight and the bias of a layer.
func (p perturbation) apply(weight, bias *tensor.Dense, r *rand.Rand) error {
	w, err := dense.Typed[float32](weight)
	if err != nil {
		return err
	}
	b, err := dense.Typed[float32](bias)
	if err != nil {
		return err
	}
	sd := math.Sqrt(p.noise / float64(weight.Shape()[0]))
	for i, x := range w {
		w[i] = float32(math.Sqrt(p.tau)*float64(x) + sd*r.NormFloat64())
	}
	for i := range b {
		b[i] += float32(p.shift)
	}
	return nil
}

// deviation holds how far a perturbed network is from the unperturbed one, by layer from 0, the inputs.
type deviation struct {
	mean, variance []float64
	// distance is the root mean square of the differences of activations, over the standard deviation of the unperturbed ones.
	distance []float64
}

// followPerturbations shows what becomes of perturbations of the first layer, from layer to layer and from step to step.
func followPerturbations(ctx context.Context, o options, w io.Writer) error {
	fmt.Fprintf(w, "Perturbations of layer 1, from mean 0 and variance 1: difference to the unperturbed network, mean of %d networks of %d units on %d rows\n", o.networks, o.units, o.rows)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "network\tperturbation\tlayer\tmean by the map\tin networks\tvariance by the map\tin networks\tactivations differ by")
	var drawn []perturbedNetwork
	for _, n := range []network{{selu, lecun}, {relu, he}} {
		for _, p := range perturbations {
			f, err := o.disturb(ctx, n, p)
			if err != nil {
				return errors.Wrapf(err, "%s, %s", n.name(), p.name)
			}
			for layer := 1; layer <= o.layers; layer *= 2 {
				if 2*layer > o.layers {
					layer = o.layers
				}
				fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%.3f sd\n", n.name(), p.name, layer, number(f.byMap.mean[layer]), number(f.real.mean[layer]),
					number(f.byMap.variance[layer]), number(f.real.variance[layer]), f.real.distance[layer])
			}
			drawn = append(drawn, f)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	steps, err := o.followSteps(ctx, w)
	if err != nil {
		return err
	}
	return drawPerturbations(o.picture("perturb"), drawn, steps)
}

// perturbedNetwork is a perturbation of a kind of network, by the map and in networks.
type perturbedNetwork struct {
	network
	perturbation
	byMap, real deviation
}

// disturb compares perturbed with unperturbed networks. Mean and variance are averages over the networks.
func (o options) disturb(ctx context.Context, n network, p perturbation) (perturbedNetwork, error) {
	f := perturbedNetwork{network: n, perturbation: p}
	var err error
	if f.byMap, err = f.mapped(o.layers); err != nil {
		return f, err
	}
	size := o.layers + 1
	f.real = deviation{make([]float64, size), make([]float64, size), make([]float64, size)}
	for i := range o.networks {
		if ctx.Err() != nil {
			return f, ctx.Err()
		}
		d, err := f.measure(o, o.seed+uint64(i))
		if err != nil {
			return f, err
		}
		for k := range size {
			f.real.mean[k] += d.mean[k] / float64(o.networks)
			f.real.variance[k] += d.variance[k] / float64(o.networks)
			f.real.distance[k] += d.distance[k] / float64(o.networks)
		}
	}
	return f, nil
}

// mapped iterates the moment map of both networks. The first layer of the perturbed one has pre-activations with mean shift and a variance of
// its weights' tau times (tau + noise).
func (f perturbedNetwork) mapped(layers int) (deviation, error) {
	d := deviation{mean: make([]float64, layers+1), variance: make([]float64, layers+1)}
	plain, err := f.layer().Iterate(theory.Normalized, layers)
	if err != nil {
		return d, err
	}
	first, err := f.theory.Moments(theory.Moments{Mean: f.shift, Variance: f.weights.Tau*f.tau + f.noise})
	if err != nil {
		return d, err
	}
	perturbed, err := f.layer().Iterate(first, layers-1)
	if err != nil {
		return d, err
	}
	for k, m := range perturbed {
		d.mean[k+1], d.variance[k+1] = m.Mean-plain[k+1].Mean, m.Variance-plain[k+1].Variance
	}
	return d, nil
}

// measure runs a network, perturbs its first layer, and runs it again on the same inputs.
func (f perturbedNetwork) measure(o options, seed uint64) (deviation, error) {
	params, err := nn.NewParams(tensor.Float32, seed)
	if err != nil {
		return deviation{}, err
	}
	var model nn.Sequential
	for range o.layers {
		model = append(model, nn.Dense{Units: o.units, Activation: f.op, WeightInit: f.init})
	}
	g, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Evaluate, Batch: o.rows, Inputs: graphs.Matrix(o.units), Workers: kernel.Shared()})
	if err != nil {
		return deviation{}, err
	}
	r := rand.New(rand.NewPCG(seed, 1))
	x := g.X.Value().Data().([]float32)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	p := &pass{g, G.NewTapeMachine(g.G)}
	defer p.close()
	before, err := p.activations()
	if err != nil {
		return deviation{}, err
	}
	if err := f.apply(g.Params[0].Value, g.Params[1].Value, r); err != nil {
		return deviation{}, err
	}
	after, err := p.activations()
	if err != nil {
		return deviation{}, err
	}
	return differences(before, after), nil
}

// activations runs the network and returns the activations of each layer, after its inputs.
func (p *pass) activations() ([][]float32, error) {
	if err := p.run(); err != nil {
		return nil, err
	}
	all := [][]float32{nil} // the inputs do not change
	for _, probe := range p.graph.Probes() {
		v, ok := p.graph.Value(probe.Activation).(dense.Value)
		if !ok {
			return nil, errors.Errorf("layer %q has no activations", probe.Name)
		}
		x, err := dense.Typed[float32](v)
		if err != nil {
			return nil, err
		}
		all = append(all, append([]float32(nil), x...))
	}
	return all, nil
}

// differences compares the activations of two runs.
func differences(before, after [][]float32) deviation {
	d := deviation{make([]float64, len(before)), make([]float64, len(before)), make([]float64, len(before))}
	for k := 1; k < len(before); k++ {
		a, b := momentsOf(before[k]), momentsOf(after[k])
		sum := 0.0
		for i, x := range before[k] {
			e := float64(after[k][i] - x)
			sum += e * e
		}
		d.mean[k], d.variance[k] = b.Mean-a.Mean, b.Variance-a.Variance
		d.distance[k] = math.Sqrt(sum / float64(len(before[k])) / a.Variance)
	}
	return d
}
