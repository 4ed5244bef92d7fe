package graphs

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

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
	if g.config.Mode == Train {
		for i, y := range b.DeclaredMembers() {
			if y.Graph() != first.Graph() || !y.Shape().Eq(first.Shape()) {
				return errors.Errorf("member %d has the shape %v, the output has %v", i+1, y.Shape(), first.Shape())
			}
			g.members = append(g.members, y)
		}
	}
	if len(declared) > 0 {
		return errors.Errorf("a layer declares the outputs %q, which the network does not have; see WithOutput", slices.Sorted(maps.Keys(declared)))
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
	judged := []*G.Node{o.Node}
	if o == &g.Outputs[0] && g.members != nil {
		judged = g.members
	}
	if o.Cost, err = l.mean(judged, o.Labels, o.Weights); err != nil {
		return err
	}
	needed := dependencies(o.Cost)
	if slices.ContainsFunc(judged, func(y *G.Node) bool { return !needed[y] }) {
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
