package graphs

import (
	"fmt"
	"maps"
	"slices"
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
	// Inputs are the nodes of the inputs, in the order of the configuration: (Batch, columns) for dense and sparse ones, (Batch) for
	// categories, (Batch, channels, height, width) for images. All but sparse ones are bound to a tensor: fill it in place before a
	// run. Bind a *tensor.CS to a sparse one with gorgonia.Let.
	Inputs []*G.Node
	// Outputs are the outputs of the network with their losses, in order.
	Outputs []OutputNodes
	// X is the first input.
	X *G.Node
	// Output is the first output, and Labels and Weights are what its loss reads.
	Output, Labels, Weights *G.Node
	// Cost is the loss, a scalar: the sum of those of the outputs, each times its weight. It is nil without a loss.
	Cost *G.Node
	// Weighted reports whether the loss of the first output depends on Weights. If it does not, the loss is correct only if all weights are 1.
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

// OutputNodes are an output of a network and its loss.
type OutputNodes struct {
	Name string
	// Node is the output, (Batch, width): for a classifier, the logits. Read it with Graph.Value.
	Node *G.Node
	// Labels and Weights have the shapes that the type Labels describes, and Cost is the loss, a scalar. They are nil without a loss.
	// Labels and weights are bound to tensors: fill them in place before a run.
	Labels, Weights, Cost *G.Node
	// Weighted reports whether Cost depends on Weights. If it does not, the loss is correct only if all weights are 1.
	Weighted bool
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
	g := &Graph{config: c.named(), Noise: ops.NewNoise(c.Seed)}
	if err := g.addNetwork(full, layer, params, exact); err != nil {
		return nil, err
	}
	if err := g.addLosses(full, params.Dtype()); err != nil {
		return nil, err
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
	b := nn.NewBinder(full, params, c.Mode == Train, g.Noise)
	b.Frozen = c.Frozen
	b.CollectMisfits()
	for _, in := range c.Inputs {
		if in.Kind == batch.Category && in.Width > maxFloat32Categories && params.Dtype() == tensor.Float32 {
			return errors.Errorf("input %q has %d categories, but float32 holds the integers to %d; give the network the option Dtype(tensor.Float64)",
				in.Name, in.Width, maxFloat32Categories)
		}
		node := input(full, params.Dtype(), in.Name, shapeOf(in, c.Batch))
		g.Inputs = append(g.Inputs, node)
		b.SetInput(in, node)
	}
	g.X = g.Inputs[0]
	first, err := nn.Forward(layer, b, g.X)
	if err != nil {
		if len(b.Misfits()) > 0 {
			return mismatch{err}
		}
		return err
	}
	if err := g.addOutputs(b, first); err != nil {
		return err
	}
	faults := b.Misfits()
	if exact {
		faults = append(faults, surplus(params, b)...)
	}
	if len(faults) > 0 {
		return mismatch{errors.Errorf("the parameters do not match the network: %s", strings.Join(faults, "; "))}
	}
	g.Params, g.Layers = b.Bound(), b.Records()
	for _, p := range g.Params {
		if slices.Contains(g.Inputs, p.Node) { // Gorgonia takes nodes of one name and shape for one node
			return errors.Errorf("parameter %q has the name and the shape of an input; rename one of them", p.Name)
		}
	}
	return nil
}

// maxFloat32Categories is the number up to which float32 holds all integers.
const maxFloat32Categories = 1 << 24

// shapeOf is the shape of the node of an input for a number of rows.
func shapeOf(in Input, rows int) tensor.Shape {
	switch in.Kind {
	case batch.Category:
		return tensor.Shape{rows}
	case batch.Image:
		return append(tensor.Shape{rows}, in.Shape...)
	}
	return tensor.Shape{rows, in.Width}
}

// addOutputs collects the outputs: the one that the layer has returned, and those that layers have declared by their names.
func (g *Graph) addOutputs(b *nn.Binder, first *G.Node) error {
	declared := b.Outputs()
	for i, o := range g.config.outputs() {
		name := o.Name
		node := declared[name]
		switch {
		case i == 0 && node != nil && node != first:
			return errors.Errorf("the layer declares the output %q, and returns another node as the first output", name)
		case i == 0:
			node = first
		case node == nil:
			return errors.Errorf("no layer declares the output %q; see Binder.Output", name)
		case node.Graph() != first.Graph():
			return errors.Errorf("the output %q is a node of another graph", name)
		}
		delete(declared, name)
		if s := node.Shape(); s.Dims() != 2 || s[0] != g.config.Batch {
			if g.config.Outputs == nil {
				return errors.Errorf("the network's output has shape %v, want %d rows", s, g.config.Batch)
			}
			return errors.Errorf("the output %q has shape %v, want a matrix of %d rows", name, s, g.config.Batch)
		}
		g.Outputs = append(g.Outputs, OutputNodes{Name: name, Node: node})
	}
	g.Output = first
	if len(declared) > 0 {
		return errors.Errorf("a layer declares the outputs %q, which the network does not have; see WithOutput", slices.Sorted(maps.Keys(declared)))
	}
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

// bindable returns the nodes that take values before a run: the inputs, then labels and weights, nil without a loss.
func (g *Graph) bindable() []*G.Node {
	nodes := slices.Clone(g.Inputs)
	for _, o := range g.Outputs {
		nodes = append(nodes, o.Labels, o.Weights)
	}
	return nodes
}

// isSparse reports whether node i of bindable is a sparse input.
func (g *Graph) isSparse(i int) bool {
	return i < len(g.config.Inputs) && g.config.Inputs[i].Kind == batch.Sparse
}

// bindInputs gives the inputs their tensors.
func (g *Graph) bindInputs() error {
	for i, n := range g.bindable() {
		if n == nil || g.isSparse(i) {
			continue
		}
		if err := G.Let(n, tensor.New(tensor.Of(n.Dtype()), tensor.WithShape(n.Shape().Clone()...))); err != nil {
			return errors.Wrapf(err, "input %s", n.Name())
		}
	}
	return nil
}

// addLosses adds the losses of the outputs and their weighted sum.
func (g *Graph) addLosses(full *G.ExprGraph, dtype tensor.Dtype) error {
	outputs := g.config.outputs()
	for i := range g.Outputs {
		o, l := &g.Outputs[i], outputs[i].Loss
		if l.Apply == nil {
			continue
		}
		suffix := ""
		if g.config.Outputs != nil {
			suffix = "." + o.Name
		}
		if err := g.addLoss(full, dtype, o, l, suffix); err != nil {
			if suffix != "" {
				err = errors.Wrapf(err, "output %q", o.Name)
			}
			return errors.Wrapf(err, "loss %q", l.Name)
		}
		if err := g.addCost(o.Cost, outputs[i].Weight); err != nil {
			return errors.Wrapf(err, "loss %q", l.Name)
		}
	}
	first := g.Outputs[0]
	g.Labels, g.Weights, g.Weighted = first.Labels, first.Weights, first.Weighted
	return nil
}

// addLoss adds the loss of an output.
func (g *Graph) addLoss(full *G.ExprGraph, dtype tensor.Dtype, o *OutputNodes, l Loss, suffix string) (err error) {
	labels, weights := o.Node.Shape(), o.Node.Shape()
	if l.Labels != PerOutput {
		weights = tensor.Shape{g.config.Batch}
	}
	if l.Labels == ClassIndex {
		labels = weights
	}
	o.Labels, o.Weights = input(full, dtype, g.free("labels"+suffix), labels), input(full, dtype, g.free("weights"+suffix), weights)
	if o.Cost, err = l.apply(o.Node, o.Labels, o.Weights); err != nil {
		return err
	}
	needed := dependencies(o.Cost)
	if !needed[o.Node] {
		return errors.New("does not depend on the network's output")
	}
	o.Weighted = needed[o.Weights]
	return nil
}

// free returns a name that no input and no parameter has: Gorgonia takes nodes of one name and shape for one node.
func (g *Graph) free(name string) string {
	taken := func(n *G.Node) bool { return n.Name() == name }
	for slices.ContainsFunc(g.bindable(), func(n *G.Node) bool { return n != nil && taken(n) }) ||
		slices.ContainsFunc(g.Params, func(p nn.Bound) bool { return taken(p.Node) }) {
		name += "'"
	}
	return name
}

// addCost adds a loss times its weight to the whole loss.
func (g *Graph) addCost(cost *G.Node, weight float64) (err error) {
	if weight != 0 && weight != 1 {
		if cost, err = ops.Scale(cost, weight); err != nil {
			return err
		}
	}
	if g.Cost != nil {
		if cost, err = ops.Add(g.Cost, cost); err != nil {
			return err
		}
	}
	g.Cost = cost
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
	roots := slices.Clone(g.kept)
	for _, o := range g.Outputs {
		roots = append(roots, o.Node)
	}
	for _, n := range append([]*G.Node{g.Cost}, g.Grads...) {
		if n != nil {
			roots = append(roots, n)
		}
	}
	g.G = full.ExactSubgraphRoots(roots...)
}

// Config returns the configuration that the graph was built with. All inputs and outputs have their names. Do not change its slices.
func (g *Graph) Config() Config {
	if g == nil {
		return Config{}
	}
	return g.config
}

// Batch returns the number of rows of the graph, or 0 for a nil Graph.
func (g *Graph) Batch() int {
	if g == nil {
		return 0
	}
	return g.config.Batch
}
