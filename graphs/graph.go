package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Mode says what a graph is for.
type Mode int

const (
	// Train graphs hold dropout, batch statistics, the loss and the gradients.
	Train Mode = iota
	// Evaluate graphs hold the network as it predicts, and the loss if one is given.
	Evaluate
)

func (m Mode) String() string {
	if m == Train {
		return "train"
	}
	return "evaluate"
}

// Config describes the graph to build.
type Config struct {
	Mode Mode
	// Batch is the number of rows, and Inputs the number of features of each.
	Batch, Inputs int
	// Loss is needed for Train and optional for Evaluate: its Apply may be nil there.
	Loss Loss
	// Seed is the seed of the random masks of a training graph.
	Seed uint64
	// Workers is the pool of threads of the ops. Nil means the caller's thread alone; see kernel.Shared.
	Workers *kernel.Workers
}

// Graph is a network for one mode and batch size.
type Graph struct {
	// G is the graph to run on a machine. It holds what the outputs below need and nothing else.
	G *G.ExprGraph
	// X is the input, (Batch, Inputs). Labels and Weights are nil without a loss, and Weights for a loss of classes.
	// Each is bound to a tensor of its own, to be filled in place before a run.
	X, Labels, Weights *G.Node
	// Output is the output of the network, (Batch, outputs): logits for a classifier.
	Output *G.Node
	// Cost is the scalar loss, nil without one.
	Cost *G.Node
	// Params are the parameters that the graph uses, and Grads their gradients in a Train graph, nil for one that is
	// not trainable. The value of a gradient node after a run is the gradient; it is overwritten by the next run.
	Params []nn.Bound
	Grads  []*G.Node
	// Layers are the layers in the order of the forward pass.
	Layers []nn.Record
	// Noise is the source of the random masks.
	Noise *ops.Noise

	config Config
}

// Build adds a model to a new graph. Missing parameters are made in params.
// It returns an error that names the layer and the shapes when they do not fit, or a parameter that the loss does not depend on.
func Build(model nn.Layer, params *nn.Params, c Config) (*Graph, error) {
	if model == nil || params == nil {
		return nil, errors.New("graphs: no model or no parameters")
	}
	if c.Batch < 1 || c.Inputs < 1 {
		return nil, errors.Errorf("graphs: batch of %d rows with %d inputs", c.Batch, c.Inputs)
	}
	if c.Mode == Train && c.Loss.Apply == nil {
		return nil, errors.New("graphs: a training graph needs a loss")
	}
	full := G.NewGraph()
	g := &Graph{config: c, Noise: ops.NewNoise(c.Seed)}
	g.X = input(full, params.Dtype(), "x", tensor.Shape{c.Batch, c.Inputs})
	binder := nn.NewBinder(full, params, c.Mode == Train, g.Noise)
	var err error
	if g.Output, err = model.Forward(binder, g.X); err != nil {
		return nil, errors.Wrap(err, "graphs")
	}
	if s := g.Output.Shape(); s.Dims() != 2 || s[0] != c.Batch {
		return nil, errors.Errorf("graphs: the network's output has shape %v, want %d rows", s, c.Batch)
	}
	g.Params, g.Layers = binder.Bound(), binder.Records()
	if err := g.addLoss(full, params.Dtype()); err != nil {
		return nil, errors.Wrapf(err, "graphs: %s", c.Loss.Name)
	}
	if err := g.addGradients(); err != nil {
		return nil, errors.Wrap(err, "graphs: gradients")
	}
	g.prune(full)
	ops.UseWorkers(g.G, c.Workers)
	return g, nil
}

func input(g *G.ExprGraph, dtype tensor.Dtype, name string, shape tensor.Shape) *G.Node {
	t := tensor.New(tensor.Of(dtype), tensor.WithShape(shape.Clone()...))
	return G.NewTensor(g, dtype, len(shape), G.WithName(name), G.WithShape(shape...), G.WithValue(t))
}

func (g *Graph) addLoss(full *G.ExprGraph, dtype tensor.Dtype) (err error) {
	if g.config.Loss.Apply == nil {
		return nil
	}
	if g.config.Loss.Classes {
		g.Labels = input(full, dtype, "labels", tensor.Shape{g.config.Batch})
	} else {
		g.Labels = input(full, dtype, "labels", g.Output.Shape())
		g.Weights = input(full, dtype, "weights", g.Output.Shape())
	}
	if g.Cost, err = g.config.Loss.Apply(g.Output, g.Labels, g.Weights); err != nil {
		return err
	}
	if !g.Cost.IsScalar() {
		return errors.Errorf("has shape %v, want a scalar", g.Cost.Shape())
	}
	return nil
}

// addGradients adds the backward pass of a training graph.
func (g *Graph) addGradients() error {
	if g.config.Mode != Train {
		return nil
	}
	var wrt G.Nodes
	for _, p := range g.Params {
		if p.Trainable {
			wrt = append(wrt, p.Node)
		}
	}
	if len(wrt) == 0 {
		return errors.New("the network has no trainable parameter")
	}
	grads, err := G.Grad(g.Cost, wrt...)
	if err != nil {
		return err
	}
	for _, p := range g.Params {
		if !p.Trainable {
			g.Grads = append(g.Grads, nil)
			continue
		}
		g.Grads = append(g.Grads, grads[0])
		grads = grads[1:]
	}
	return nil
}

// prune leaves what the output, the loss and the gradients need. Without it a machine would compute, for instance,
// the gradient of the input.
func (g *Graph) prune(full *G.ExprGraph) {
	roots := []*G.Node{g.Output}
	if g.Cost != nil {
		roots = append(roots, g.Cost)
	}
	for _, grad := range g.Grads {
		if grad != nil {
			roots = append(roots, grad)
		}
	}
	g.G = full.ExactSubgraphRoots(roots...)
}

// Batch returns the number of rows of the graph.
func (g *Graph) Batch() int { return g.config.Batch }
