package graphs

import (
	"fmt"
	"maps"
	"strings"

	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// Dot returns the graph as Graphviz text, with all nodes: inputs as boxes, parameters as filled boxes, ops as ellipses, activations among them filled and
// the outputs of the network and its losses with a double line, the backward pass dashed. Several outputs have their names. For a nil Graph it is empty.
func (g *Graph) Dot() string {
	if g == nil || g.G == nil {
		return ""
	}
	styles, outputs := g.styles(), map[*G.Node]string{}
	if len(g.Outputs) > 1 {
		for _, o := range g.Outputs {
			outputs[o.Node] = o.Name
		}
	}
	var b strings.Builder
	b.WriteString("digraph network {\n\trankdir=BT;\n\tnode [fontname=\"Helvetica\"];\n")
	for _, n := range g.G.AllNodes() {
		label := n.Name()
		if n.Op() != nil {
			label = n.Op().String()
		}
		if name := outputs[n]; name != "" {
			label = name + ": " + label
		}
		fmt.Fprintf(&b, "\tn%d [label=\"%s\\n%v\"%s];\n", n.ID(), escaped.Replace(label), n.Shape(), styles(n))
	}
	for _, n := range g.G.AllNodes() {
		for _, child := range graph.NodesOf(g.G.From(n.ID())) {
			fmt.Fprintf(&b, "\tn%d -> n%d;\n", child.ID(), n.ID())
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// escaped makes a name the text of a label.
var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// styles returns a function that returns the attributes of a node.
func (g *Graph) styles() func(n *G.Node) string {
	params, activations, results := map[*G.Node]bool{}, map[*G.Node]bool{}, map[*G.Node]bool{}
	for _, p := range g.Params {
		params[p.Node] = true
	}
	for _, l := range g.Layers {
		if isFunc(l) || len(activation(l)) > 0 {
			activations[l.Output] = true
		}
	}
	forward := map[*G.Node]bool{}
	ends := []*G.Node{g.Output, g.Cost}
	for _, o := range g.Outputs {
		ends = append(ends, o.Node, o.Cost)
	}
	for _, n := range ends {
		if n != nil && n.Graph() != nil {
			results[n] = true
			maps.Copy(forward, dependencies(n))
		}
	}
	return func(n *G.Node) string {
		style := ""
		switch {
		case params[n]:
			return `, shape=box, style=filled, fillcolor="#dde8f5"`
		case n.Op() == nil:
			return ", shape=box"
		case !forward[n]:
			return ", style=dashed"
		case activations[n]:
			style = `, style=filled, fillcolor="#e6f2df"`
		}
		if results[n] {
			style += ", peripheries=2"
		}
		return style
	}
}
