package graphs

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Graph is a network for one mode and batch size.
type Graph struct {
	// G is the Gorgonia graph, to run on a machine. It contains only the nodes that Output, Cost and Grads need.
	G *G.ExprGraph
	// X is the input, (Batch, columns). Labels and Weights have the shapes that the type Labels describes; they are nil without a loss.
	// Each is bound to a tensor: fill it in place before a run.
	X, Labels, Weights *G.Node
	// Output is the output of the network, (Batch, outputs): for a classifier, the logits. Read it with Value.
	Output *G.Node
	// Cost is the loss, a scalar. It is nil without a loss.
	Cost *G.Node
	// Weighted reports whether the loss depends on Weights. If it does not, the loss is correct only if all weights are 1.
	Weighted bool
	// Params holds the parameters that the graph uses, and Grads their gradients in a Train graph. A gradient is nil if the parameter is
	// frozen or not trainable. Read gradients with Value; the next run overwrites them.
	Params []nn.Bound
	Grads  []*G.Node
	// Layers describes the layers in the order of the forward pass.
	Layers []nn.Record
	// Noise is the source of the random masks.
	Noise *ops.Noise

	config Config
	kept   []*G.Node // see protect
}

// Build adds a network to a new graph. It creates the parameters that params lacks, unless params is sealed.
//
// If shapes do not fit, the error names the layer and the shapes. If parameters are missing or misshapen, or the loss does not depend on
// them, it lists them all. A panic of a layer or a loss becomes an error with its stack.
func Build(layer nn.Layer, params *nn.Params, c Config) (*Graph, error) {
	g, err := build(layer, params, c, false)
	return g, errors.Wrap(err, "graphs")
}

// build does the work of Build. If exact is set, a parameter that the network does not use is an error.
func build(layer nn.Layer, params *nn.Params, c Config, exact bool) (*Graph, error) {
	if !params.Sealed() {
		if err := checkWeights(layer, params, c); err != nil {
			return nil, err
		}
	}
	g, err := assemble(layer, params, c, exact, false)
	if err != nil {
		return nil, err
	}
	if err := g.affordable(); err != nil {
		return nil, err
	}
	return g, g.bindInputs()
}

// assemble makes a graph whose inputs have no values. If planned is set, its parameters need none either.
func assemble(layer nn.Layer, params *nn.Params, c Config, exact, planned bool) (built *Graph, err error) {
	defer recovered(&err) // Gorgonia's code for shapes and gradients panics in places
	if layer == nil || params == nil {
		return nil, errors.New("the layer or the set of parameters is nil")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	full := G.NewGraph()
	g := &Graph{config: c, Noise: ops.NewNoise(c.Seed)}
	if err := g.addNetwork(full, layer, params, exact); err != nil {
		return nil, err
	}
	if err := g.addLoss(full, params.Dtype()); err != nil {
		return nil, errors.Wrapf(err, "loss %q", c.Loss.Name)
	}
	if err := g.addGradients(); err != nil {
		return nil, errors.Wrap(err, "gradients")
	}
	if err := g.protect(full); err != nil {
		return nil, err
	}
	g.prune(full)
	if !planned {
		ops.UseWorkers(g.G, c.Workers)
	}
	return g, nil
}

// addNetwork adds the forward pass.
func (g *Graph) addNetwork(full *G.ExprGraph, layer nn.Layer, params *nn.Params, exact bool) (err error) {
	c := g.config
	in := c.Inputs[0]
	name := nameOr(in.Name, batch.X)
	g.X = input(full, params.Dtype(), name, tensor.Shape{c.Batch, in.Width})
	b := nn.NewBinder(full, params, c.Mode == Train, g.Noise)
	b.Frozen = c.Frozen
	b.CollectMisfits()
	b.SetInput(name, g.X)
	if g.Output, err = nn.Forward(layer, b, g.X); err != nil {
		if len(b.Misfits()) > 0 {
			return mismatch{err}
		}
		return err
	}
	if s := g.Output.Shape(); s.Dims() != 2 || s[0] != c.Batch {
		return errors.Errorf("the network's output has shape %v, want %d rows", s, c.Batch)
	}
	faults := b.Misfits()
	if exact {
		faults = append(faults, surplus(params, b)...)
	}
	if len(faults) > 0 {
		return mismatch{errors.Errorf("the parameters do not match the network: %s", strings.Join(faults, "; "))}
	}
	g.Params, g.Layers = b.Bound(), b.Records()
	return nil
}

// mismatch is the error of a network for parameters that it does not fit.
type mismatch struct{ error }

func (m mismatch) Unwrap() error { return m.error }

// surplus describes the parameters that no layer has asked for.
func surplus(params *nn.Params, b *nn.Binder) (faults []string) {
	used := map[string]bool{}
	for _, p := range b.Bound() {
		used[p.Name] = true
	}
	for _, p := range params.All() {
		if !used[p.Name] {
			faults = append(faults, fmt.Sprintf("parameter %q %v is surplus", p.Name, p.Shape()))
		}
	}
	return faults
}

func nameOr(name, fallback string) string {
	if name == "" {
		return fallback
	}
	return name
}

func input(g *G.ExprGraph, dtype tensor.Dtype, name string, shape tensor.Shape) *G.Node {
	return G.NewTensor(g, dtype, len(shape), G.WithName(name), G.WithShape(shape...))
}

// bindInputs gives the inputs their tensors.
func (g *Graph) bindInputs() error {
	for _, n := range []*G.Node{g.X, g.Labels, g.Weights} {
		if n == nil {
			continue
		}
		if err := G.Let(n, tensor.New(tensor.Of(n.Dtype()), tensor.WithShape(n.Shape().Clone()...))); err != nil {
			return errors.Wrapf(err, "input %s", n.Name())
		}
	}
	return nil
}

func (g *Graph) addLoss(full *G.ExprGraph, dtype tensor.Dtype) (err error) {
	l := g.config.Loss
	if l.Apply == nil {
		return nil
	}
	labels, weights := g.Output.Shape(), g.Output.Shape()
	if l.Labels != PerOutput {
		weights = tensor.Shape{g.config.Batch}
	}
	if l.Labels == ClassIndex {
		labels = weights
	}
	g.Labels, g.Weights = input(full, dtype, "labels", labels), input(full, dtype, "weights", weights)
	if g.Cost, err = l.apply(g.Output, g.Labels, g.Weights); err != nil {
		return err
	}
	needed := dependencies(g.Cost)
	if !needed[g.Output] {
		return errors.New("does not depend on the network's output")
	}
	g.Weighted = needed[g.Weights]
	return nil
}

// addGradients adds the backward pass of a training graph.
func (g *Graph) addGradients() error {
	if g.config.Mode != Train {
		return nil
	}
	needed := dependencies(g.Cost)
	var wrt G.Nodes
	var unused []string
	for _, p := range g.Params {
		switch {
		case !p.Trainable || p.Frozen:
		case needed[p.Node]:
			wrt = append(wrt, p.Node)
		default:
			unused = append(unused, p.Name)
		}
	}
	if unused != nil {
		return errors.Errorf("the loss does not depend on the parameters %q", unused)
	}
	if wrt == nil {
		return errors.New("the network has no trainable parameter, or all are frozen")
	}
	grads, err := G.Grad(g.Cost, wrt...)
	if err != nil {
		return err
	}
	for _, p := range g.Params {
		if !p.Trainable || p.Frozen {
			g.Grads = append(g.Grads, nil)
			continue
		}
		g.Grads = append(g.Grads, grads[0])
		grads = grads[1:]
	}
	return nil
}

// prune removes the nodes that output, loss and gradients do not need. Without it, a machine would compute the gradient of the input, for
// example.
func (g *Graph) prune(full *G.ExprGraph) {
	roots := append([]*G.Node{g.Output}, g.kept...)
	for _, n := range append([]*G.Node{g.Cost}, g.Grads...) {
		if n != nil {
			roots = append(roots, n)
		}
	}
	g.G = full.ExactSubgraphRoots(roots...)
}

// Batch returns the number of rows of the graph, or 0 for a nil Graph.
func (g *Graph) Batch() int {
	if g == nil {
		return 0
	}
	return g.config.Batch
}
