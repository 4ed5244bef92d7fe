package graphs

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Summary returns a table of the layers with the shapes of their outputs and parameters. For a nil Graph it is empty.
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
	b.WriteByte('\n')
	return b.String()
}
