package graphs

import (
	"fmt"
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
	// InputGrads are the gradients of the loss with respect to Inputs, if Config.InputGradients is set. It is nil for an input of sparse
	// rows or categories, and for one on which the loss does not depend.
	InputGrads []*G.Node
	// Layers describes the layers in the order of the forward pass.
	Layers []nn.Record
	// Noise is the source of the random masks.
	Noise *ops.Noise

	config Config
	kept   []*G.Node // see protect

	members []*G.Node // of a training graph; see nn.Binder.Members
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

// prune removes the nodes that output, loss and gradients do not need. Without it, a machine would compute the gradient of the input, for
// example.
func (g *Graph) prune(full *G.ExprGraph) {
	roots := slices.Clone(g.kept)
	for _, o := range g.Outputs {
		roots = append(roots, o.Node)
	}
	for _, n := range slices.Concat([]*G.Node{g.Cost}, g.Grads, g.InputGrads) {
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
