package onnx

import (
	"strings"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
)

// layersOf maps each op to the layer that added it. It visits the layers in the order in which they finished, inner ones first;
// each claims the nodes that its output needs and no earlier layer has claimed.
func layersOf(g *graphs.Graph) map[*G.Node]string {
	owner := map[*G.Node]string{}
	for _, x := range g.Inputs {
		owner[x] = ""
	}
	var take func(n *G.Node, layer string)
	take = func(n *G.Node, layer string) {
		if _, ok := owner[n]; ok {
			return
		}
		owner[n] = layer
		for _, child := range children(n) {
			take(child, layer)
		}
	}
	for _, r := range finished(g.Layers) {
		take(r.Output, r.Name)
	}
	for _, o := range g.Outputs {
		take(o.Node, "")
	}
	return owner
}

// finished takes layers in the order in which they started and returns them in the order in which they finished.
func finished(started []nn.Record) []nn.Record {
	var open, done []nn.Record
	for _, r := range started {
		for len(open) > 0 && !strings.HasPrefix(r.Name, open[len(open)-1].Name+".") {
			done, open = append(done, open[len(open)-1]), open[:len(open)-1]
		}
		open = append(open, r)
	}
	for len(open) > 0 {
		done, open = append(done, open[len(open)-1]), open[:len(open)-1]
	}
	return done
}
