package graphs

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// Dot returns the graph as Graphviz text: inputs as boxes, parameters as filled boxes, ops as ellipses. The outputs of a network with
// several have a double line and their name. For a nil Graph it is empty.
func (g *Graph) Dot() string {
	if g == nil || g.G == nil {
		return ""
	}
	params := map[*G.Node]bool{}
	for _, p := range g.Params {
		params[p.Node] = true
	}
	outputs := map[*G.Node]string{}
	if len(g.Outputs) > 1 {
		for _, o := range g.Outputs {
			outputs[o.Node] = o.Name
		}
	}
	var b strings.Builder
	b.WriteString("digraph network {\n\trankdir=BT;\n\tnode [fontname=\"Helvetica\"];\n")
	for _, n := range g.G.AllNodes() {
		style := ""
		switch {
		case params[n]:
			style = ", shape=box, style=filled, fillcolor=\"#dde8f5\""
		case n.Op() == nil:
			style = ", shape=box"
		}
		label := n.Name()
		if n.Op() != nil {
			label = n.Op().String()
		}
		if name := outputs[n]; name != "" {
			style, label = style+", peripheries=2", name+": "+label
		}
		fmt.Fprintf(&b, "\tn%d [label=\"%s\\n%v\"%s];\n", n.ID(), strings.ReplaceAll(label, `"`, `\"`), n.Shape(), style)
	}
	for _, n := range g.G.AllNodes() {
		for _, child := range graph.NodesOf(g.G.From(n.ID())) {
			fmt.Fprintf(&b, "\tn%d -> n%d;\n", child.ID(), n.ID())
		}
	}
	b.WriteString("}\n")
	return b.String()
}
