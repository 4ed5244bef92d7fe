// Command fixedpoint asks whether deep networks normalize themselves: the moment map of the paper and its fixed point (Figure 2), what mean and
// variance become through 32 layers of several activations, by the map and in real networks, and the proofs of the paper's three theorems.
// It needs no data, and writes two pictures, map and layers, as SVG and PNG.
//
//	go run ./examples/fixedpoint -out DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// options are the flags.
type options struct {
	out                           string
	layers, units, rows, networks int
	start                         theory.Moments
	seed                          uint64
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: 0 for success, 1 for a failure, 2 for flags that make no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("fixedpoint", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.out, "out", ".", "folder for map.svg, map.png, layers.svg and layers.png")
	f.IntVar(&o.layers, "layers", 32, "layers of the networks")
	f.IntVar(&o.units, "units", 512, "units of each layer")
	f.IntVar(&o.rows, "rows", 512, "examples, drawn from a normal distribution")
	f.IntVar(&o.networks, "networks", 5, "networks for each activation")
	f.Float64Var(&o.start.Mean, "mean", 0.5, "mean of the inputs")
	f.Float64Var(&o.start.Variance, "variance", 2, "variance of the inputs")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the inputs and the weights")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "usage: fixedpoint [flags]")
		f.SetOutput(stderr)
		f.PrintDefaults()
		return 0
	}
	if err == nil {
		err = o.check(f.Args())
	}
	if err != nil {
		fmt.Fprintf(stderr, "fixedpoint: %v (-help lists the flags)\n", err)
		return 2
	}
	if err := answer(ctx, o, stdout); err != nil {
		fmt.Fprintln(stderr, "fixedpoint: "+strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	return 0
}

func (o *options) check(args []string) error {
	switch {
	case len(args) > 0:
		return errors.Errorf("unexpected argument %q", args[0])
	case o.layers < 1 || o.layers > 1000 || o.units < 1 || o.rows < 1 || o.networks < 1:
		return errors.Errorf("-layers %d -units %d -rows %d -networks %d: want 1 or more, and at most 1000 layers", o.layers, o.units, o.rows, o.networks)
	case !(math.Abs(o.start.Mean) <= 1000):
		return errors.Errorf("-mean %v: want a number between -1000 and 1000", o.start.Mean)
	case !(o.start.Variance > 0 && o.start.Variance <= 1e6):
		return errors.Errorf("-variance %v: want a positive number up to a million", o.start.Variance)
	}
	return nil
}

// answer prints the table of fixed points, the comparison with networks and the certificates, and draws the pictures.
func answer(ctx context.Context, o options, w io.Writer) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return errors.Wrap(err, "-out")
	}
	if err := fixedPoints(w, o.start); err != nil {
		return err
	}
	if err := drawMap(o.out); err != nil {
		return errors.Wrap(err, "map")
	}
	curves, err := compare(ctx, o, w)
	if err != nil {
		return err
	}
	if err := drawLayers(o.out, curves); err != nil {
		return errors.Wrap(err, "layers")
	}
	fmt.Fprintln(w, "\nProofs")
	for _, theorem := range []theory.Theorem{theory.Theorem1, theory.Theorem2, theory.Theorem3} {
		certificate, err := theory.Prover{}.Prove(ctx, theorem)
		if err != nil {
			return err // it names the box where the theorem fails
		}
		fmt.Fprint(w, certificate)
	}
	return nil
}
