package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	G "gorgonia.org/gorgonia"
)

// addInputGradients adds the gradients of the loss with respect to the inputs to an evaluation graph.
func (g *Graph) addInputGradients() error {
	if !g.config.InputGradients {
		return nil
	}
	if g.Cost == nil {
		return errors.New("gradients of the inputs need a loss")
	}
	needed := dependencies(g.Cost)
	g.InputGrads = make([]*G.Node, len(g.Inputs))
	var wrt G.Nodes
	var of []int
	for i, n := range g.Inputs {
		if kind := g.config.Inputs[i].Kind; needed[n] && (kind == batch.Dense || kind == batch.Image) {
			wrt, of = append(wrt, n), append(of, i)
		}
	}
	if wrt == nil {
		return nil
	}
	grads, err := G.Grad(g.Cost, wrt...)
	if err != nil {
		return err
	}
	for k, i := range of {
		g.InputGrads[i] = grads[k]
	}
	return nil
}
