package graphs

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// addGradients adds the backward pass of a training graph.
func (g *Graph) addGradients() error {
	if g.config.Mode != Train {
		return g.addInputGradients()
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
