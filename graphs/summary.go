package graphs

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// Summary returns a table of the layers with the shapes of their outputs and parameters, what the graph takes of memory, and how long
// Gorgonia will take to compile it if that is more than 5 seconds. For a nil Graph it is empty.
func (g *Graph) Summary() string {
	if g == nil || g.X == nil {
		return ""
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "layer\tkind\toutput\tparameters\n")
	fmt.Fprintf(w, "input\t\t%v\t\n", g.X.Shape())
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
			l.Kind, l.Output.Shape(), strings.Join(parts, ", "))
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
