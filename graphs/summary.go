package graphs

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
)

// Summary returns a table of the inputs, the layers with their activations and, if there are several, the outputs, with the shapes of their outputs and
// parameters, what the graph takes of memory, and how long
// Gorgonia will take to compile it if that is more than 5 seconds. For a nil Graph it is empty.
func (g *Graph) Summary() string {
	if g == nil || g.X == nil {
		return ""
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "layer\tkind\toutput\tparameters\n")
	for i, x := range g.Inputs {
		fmt.Fprintf(w, "%s\t%s\t%v\t\n", g.inputName(i), g.inputKind(i), x.Shape())
	}
	total, fixed := 0, 0
	for _, p := range g.Params {
		if p.Trainable {
			total += p.Value.DataSize()
		} else {
			fixed += p.Value.DataSize()
		}
	}
	for _, l := range g.Layers {
		var parts []string
		for _, p := range l.Params {
			name := p.Name[strings.LastIndexByte(p.Name, '.')+1:]
			parts = append(parts, fmt.Sprintf("%s %v", name, p.Value.Shape()))
		}
		fmt.Fprintf(w, "%s%s\t%s\t%v\t%s\n", strings.Repeat("  ", l.Depth), l.Name[strings.LastIndexByte(l.Name, '.')+1:],
			strings.Join(append([]string{l.Kind}, activation(l)...), ", "), l.Output.Shape(), strings.Join(parts, ", "))
	}
	if len(g.Outputs) > 1 {
		for _, o := range g.Outputs {
			fmt.Fprintf(w, "output %s\t\t%v\t%s\n", o.Name, o.Node.Shape(), g.lossOf(o.Name))
		}
	}
	w.Flush()
	fmt.Fprintf(&b, "%d trainable parameters", total)
	if fixed > 0 {
		fmt.Fprintf(&b, ", %d running statistics", fixed)
	}
	fmt.Fprintf(&b, "\nmemory: about %v\n", g.Memory())
	if t := g.BuildTime(); t > 5*time.Second {
		fmt.Fprintf(&b, "compiling the graph will take about %v\n", t.Round(time.Second))
	}
	return b.String()
}

// activation returns the names of the ops between the pre-activations that a layer has recorded and its output, in the order in which they run.
func activation(r nn.Record) (names []string) {
	if r.PreActivation == nil || r.Output == nil {
		return nil
	}
	seen := map[*G.Node]bool{}
	var leads func(n *G.Node) bool // to the pre-activations
	leads = func(n *G.Node) bool {
		if n == r.PreActivation {
			return true
		}
		if seen[n] || n.Op() == nil || n.Graph() == nil || n == r.Input {
			return false
		}
		seen[n] = true
		for _, child := range childrenOf(n) {
			if leads(child) {
				names = append(names, n.Op().String())
				return true
			}
		}
		return false
	}
	leads(r.Output)
	return names
}

// inputName is the name of an input in the table; a single one needs none.
func (g *Graph) inputName(i int) string {
	if len(g.Inputs) == 1 {
		return "input"
	}
	return "input " + g.config.Inputs[i].Name
}

// inputKind is the kind of an input in the table, with the number of categories.
func (g *Graph) inputKind(i int) string {
	switch in := g.config.Inputs[i]; in.Kind {
	case batch.Dense:
		return ""
	case batch.Category:
		return fmt.Sprintf("%d categories", in.Width)
	default:
		return in.Kind.String()
	}
}

// lossOf describes the loss of an output and its weight.
func (g *Graph) lossOf(name string) string {
	for _, o := range g.config.Outputs {
		switch {
		case o.Name != name || o.Loss.Apply == nil:
		case o.Weight == 0 || o.Weight == 1:
			return "loss " + o.Loss.Name
		default:
			return fmt.Sprintf("loss %g x %s", o.Weight, o.Loss.Name)
		}
	}
	return ""
}
