package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// fixedPoints prints where the moments of deep networks settle: of random networks, and of SELU units whose weights are off.
func fixedPoints(w io.Writer, start theory.Moments) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Fixed points of random networks, from mean %g and variance %g\n", start.Mean, start.Variance)
	fmt.Fprintln(t, "activation\tweights\tmean\tvariance\tnorm\trate\tlayers per digit\tverdict")
	for _, n := range judged {
		if err := row(t, n.activation.name+"\t"+n.initialization.name, n.layer(), start); err != nil {
			return errors.Wrap(err, n.name())
		}
	}
	fmt.Fprintln(t, "\nFixed points of SELU units with given weights")
	fmt.Fprintln(t, "omega\ttau\tmean\tvariance\tnorm\trate\tlayers per digit\tverdict")
	for _, x := range [][2]float64{{0, 0.95}, {0, 1}, {0, 1.1}, {-0.1, 1}, {0.1, 1}, {0.1, 1.1}, {0, 0.5}, {0, 2}} {
		weights := theory.Weights{Omega: x[0], Tau: x[1]}
		if err := row(t, fmt.Sprintf("%g\t%g", weights.Omega, weights.Tau), theory.Layer{Weights: weights}, start); err != nil {
			return errors.Wrapf(err, "SELU, %+v", weights)
		}
	}
	return t.Flush()
}

// row prints the fixed point of a layer.
func row(w io.Writer, name string, layer theory.Layer, start theory.Moments) error {
	f, err := layer.FixedPoint(start)
	if errors.Is(err, theory.ErrNoFixedPoint) {
		path, err := layer.Iterate(start, 100)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t-\t-\t-\tnot reached; these are after 100 layers\n", name, number(path[100].Mean), number(path[100].Variance))
		return nil
	}
	if err != nil {
		return err
	}
	norm, digits := "-", "never"
	if f.Variance > 0 {
		norm = number(f.Jacobian.Norm())
	}
	if n := f.LayersPerDigit(); !math.IsInf(n, 0) {
		digits = fmt.Sprintf("%.1f", n)
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, number(f.Mean), number(f.Variance), norm, number(f.Rate), digits, verdict(f))
	return nil
}

// number prints four decimals, or three digits of a small number; what is left of 0 by rounding is 0.
func number(x float64) string {
	switch {
	case math.Abs(x) < 1e-14:
		return "0"
	case math.Abs(x) < 0.01:
		return fmt.Sprintf("%.3g", x)
	}
	return fmt.Sprintf("%.4f", x)
}

func verdict(f theory.FixedPoint) string {
	switch {
	case f.Variance == 0:
		return "vanishes"
	case f.Attracting():
		return "attracting"
	}
	return "kept, but does not attract"
}
