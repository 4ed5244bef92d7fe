package theory

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// GlobalCertificate holds a proven global claim, layer by layer, and the amount of work that the proof took.
type GlobalCertificate struct {
	// Lambda and Alpha are the parameters of the SELU for which the proof holds.
	Lambda, Alpha interval.Interval
	// Global is the claim, with its defaults.
	Global Global
	// N is the number of layers after which all moments are in the target.
	N int
	// Layers are the enclosures after 0, 1, ... N layers.
	Layers []Reached
	// Counterexample is a path that is certainly outside the target after N-1 layers: no smaller N is possible. It is nil if none was found. If the
	// target is not reached, it is a path that is outside after the last layer allowed.
	Counterexample *Path
	// Stays encloses the image of the target, and Margin is its least distance from the sides of the target.
	Stays  Region
	Margin float64
	// Boxes is the number of boxes examined.
	Boxes int
	// Failure locates where the claim fails; it is nil if it is proven.
	Failure *ProofError
	Elapsed time.Duration
}

// Reached encloses the moments that can be reached after a number of layers.
type Reached struct {
	// Hull is a rectangle around all of them.
	Hull Region
	// Regions are rectangles, in ascending order of nu, whose union holds all of them.
	Regions []Region
	// Boxes is the number of boxes examined for this layer.
	Boxes int
}

// String returns the claim, a line per layer, and the result.
func (c GlobalCertificate) String() string {
	var b strings.Builder
	g := c.Global
	fmt.Fprintf(&b, "global: from %s into %s,\n", given(g.Start), given(g.Target))
	fmt.Fprintf(&b, "with any omega in %s and tau in %s in each layer\n", digits(g.Omega), digits(g.Tau))
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if len(c.Layers) > 0 {
		fmt.Fprintln(t, "layer\tmean\tvariance\trectangles\tboxes")
	}
	for i, l := range c.Layers {
		fmt.Fprintf(t, "%d\t%s\t%s\t%d\t%d\n", i, outward(l.Hull.Mu), outward(l.Hull.Nu), len(l.Regions), l.Boxes)
	}
	t.Flush()
	switch {
	case c.Failure == nil:
		fmt.Fprintf(&b, "proven: in the target after %d layers\n", c.N)
		fmt.Fprintf(&b, "proven: the target is never left; its image has %v; margin %.7g\n", c.Stays, c.Margin)
	case c.Failure.Refuted:
		fmt.Fprintf(&b, "FALSE: %v\n", c.Failure)
	default:
		fmt.Fprintf(&b, "UNDECIDED: %v\n", c.Failure)
	}
	if c.Counterexample != nil {
		fmt.Fprintf(&b, "%d layers are too few: %v\n", len(c.Counterexample.Weights), c.Counterexample)
	}
	fmt.Fprintf(&b, "%d boxes, %v\n", c.Boxes, c.Elapsed.Round(time.Millisecond))
	return b.String()
}
