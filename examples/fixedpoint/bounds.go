package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// paperBound is a row of the appendix A6 of Klambauer et al. 2017: a value as it is printed, and where it is said to be taken.
type paperBound struct {
	value              string
	mu, omega, nu, tau float64
}

// paperBounds are the smallest and the largest values of the derivatives of J11, J12, J21 and J22 with respect to mu, omega, nu and tau.
var paperBounds = [16][2]paperBound{
	{{"0", 0.06, 0, 1.35, 1.12}, {"0.00182415", -0.1, 0.1, 1.47845, 0.883374}},
	{{"0.905413", 0.1, -0.1, 1.5, 1.25}, {"1.04143", 0.1, 0.1, 0.8, 0.8}},
	{{"-0.0151177", -0.1, 0.1, 0.8, 1.25}, {"0.0151177", 0.1, -0.1, 0.8, 1.25}},
	{{"-0.015194", -0.1, 0.1, 0.8, 1.25}, {"0.015194", 0.1, -0.1, 0.8, 1.25}},
	{{"-0.0151177", -0.1, 0.1, 0.8, 1.25}, {"0.0151177", 0.1, -0.1, 0.8, 1.25}},
	{{"-0.0151177", 0.1, -0.1, 0.8, 1.25}, {"0.0151177", 0.1, -0.1, 0.8, 1.25}},
	{{"-0.00785613", 0.1, -0.1, 1.5, 1.25}, {"0.0315805", 0.1, 0.1, 0.8, 0.8}},
	{{"0.0799824", 0.1, -0.1, 1.5, 1.25}, {"0.110267", -0.1, 0.1, 0.8, 0.8}},
	{{"0", 0.06, 0, 1.35, 1.12}, {"0.0174802", 0.1, 0.1, 0.8, 0.8}},
	{{"0.0849308", 0.1, -0.1, 0.8, 0.8}, {"0.695766", 0.1, 0.1, 1.5, 1.25}},
	{{"-0.0600823", 0.1, -0.1, 0.8, 1.25}, {"0.0600823", -0.1, 0.1, 0.8, 1.25}},
	{{"-0.0673083", 0.1, -0.1, 1.5, 0.8}, {"0.0673083", -0.1, 0.1, 1.5, 0.8}},
	{{"-0.0600823", 0.1, -0.1, 0.8, 1.25}, {"0.0600823", -0.1, 0.1, 0.8, 1.25}},
	{{"-0.0600823", 0.1, -0.1, 0.8, 1.25}, {"0.0600823", -0.1, 0.1, 0.8, 1.25}},
	{{"-0.276862", -0.01, -0.01, 0.8, 1.25}, {"-0.084813", -0.1, 0.1, 1.5, 0.8}},
	{{"0.562302", 0.1, -0.1, 1.5, 1.25}, {"0.664051", 0.1, 0.1, 0.8, 0.8}},
}

// derivativeBounds prints the certified ranges beside the paper's values.
func derivativeBounds(ctx context.Context, _ options, w io.Writer) error {
	table, err := theory.Prover{}.DerivativeBounds(ctx)
	if err != nil {
		return err
	}
	return printBounds(w, table)
}

// printBounds prints a row per derivative.
func printBounds(w io.Writer, table []theory.DerivativeBound) error {
	fmt.Fprintln(w, "Derivatives of the Jacobian's entries, for mu, omega in [-0.1, 0.1], nu in [0.8, 1.5], tau in [0.8, 1.25]: ends of their ranges, enclosed to 1e-9")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "of the\tderivative\tsmallest\tpaper\t\tlargest\tpaper\t\tboxes")
	for i, d := range table {
		name := fmt.Sprintf("d/d%s d/d%s", d.Then, d.By)
		boxes := d.Smallest.Boxes + d.Largest.Boxes
		if i < len(paperBounds) {
			p := paperBounds[i]
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\n", d.Moment, name,
				end(d.Smallest.Value), p[0].value, p[0].verdict(d, d.Smallest), end(d.Largest.Value), p[1].value, p[1].verdict(d, d.Largest), boxes)
		} else {
			fmt.Fprintf(t, "%s\t%s\t%s\t\t\t%s\t\t\t%d\n", d.Moment, name, end(d.Smallest.Value), end(d.Largest.Value), boxes)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "The paper's J11 and J12 are derivatives of the mean, its J21 and J22 those of the second moment, not of the variance.\n"+
		"ok: the paper's value is the certified one, rounded. place: so it is, but the paper names a place where the derivative has another value.")
	return err
}

// end prints the end of a range, with the decimals that are certain.
func end(x interval.Interval) string {
	if m := x.Mid(); math.Abs(m) > 1e-9 {
		return fmt.Sprintf("%.8f", m)
	}
	return "0"
}

// verdict compares a value of the paper with a certified one, and with the derivative where the paper says that it is taken.
func (p paperBound) verdict(d theory.DerivativeBound, x theory.Extreme) string {
	_, decimals, _ := strings.Cut(p.value, ".")
	half := 0.5*math.Pow(10, -float64(len(decimals))) + 1e-9
	value, _ := strconv.ParseFloat(p.value, 64)
	if !(x.Value.Lo <= value+half && x.Value.Hi >= value-half) {
		return "wrong"
	}
	there := d.Over(theory.Box{Mu: interval.Point(p.mu), Omega: interval.Point(p.omega), Nu: interval.Point(p.nu), Tau: interval.Point(p.tau)})
	if !(there.Lo <= value+half && there.Hi >= value-half) {
		return "place"
	}
	return "ok"
}
