// Command fixedpoint asks whether deep networks normalize themselves: the moment map of the paper and its fixed point (Figure 2), what mean and
// variance become through 32 layers of several activations, by the map and in real networks, and the proofs of the paper's three theorems.
// It needs no data, and writes two pictures, map and layers, as SVG and PNG. With -prove it prints certificates alone; see docs/theory.md.
//
//	go run ./examples/fixedpoint -out DIR
//
// With one of the flags -fixed, -bounds, -init, -perturb and -density it answers another question; see docs/theory.md.
// With -gradients or -correlations it follows gradients, or the difference of two rows, through the layers instead; see docs/theory.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// about says for -help what the program does.
const about = "Shows whether deep networks normalize themselves: fixed points of the moment map, real networks beside them, and proofs\n" +
	"of the paper's three theorems. It needs no data, and draws two pictures into the folder -out."

// options are the flags.
type options struct {
	proof                         proof
	out                           string
	layers, units, rows, networks int
	start                         theory.Moments
	seed                          uint64
	studies
	signals
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("fixedpoint", flag.ContinueOnError)
	o.proof.register(f)
	f.StringVar(&o.out, "out", ".", "folder for the pictures, such as map.svg and map.png")
	f.IntVar(&o.layers, "layers", 32, "layers of the networks")
	f.IntVar(&o.units, "units", 512, "units of each layer")
	f.IntVar(&o.rows, "rows", 512, "examples, drawn from a normal distribution")
	f.IntVar(&o.networks, "networks", 5, "networks for each activation")
	f.Float64Var(&o.start.Mean, "mean", 0.5, "mean of the inputs")
	f.Float64Var(&o.start.Variance, "variance", 2, "variance of the inputs")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the inputs and the weights")
	o.studies.register(f)
	o.signals.register(f)
	if code := program.Parse(f, about, args, stderr, o.check); code >= 0 {
		return code
	}
	if o.proof.of != "" {
		return program.Exit("fixedpoint", o.proof.certify(ctx, f, stdout), stderr)
	}
	return program.Exit("fixedpoint", answer(ctx, o, stdout), stderr)
}

// check returns an error for flags that make no sense.
func (o *options) check() error {
	if err := o.studies.check(); err != nil {
		return err
	}
	if study := o.chosen(); study != nil && o.proof.of != "" {
		return errors.Errorf("-%s: want it without -prove", study.flag)
	}
	if err := o.signals.check(); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "layers", OK: o.layers >= 1 && o.layers <= 1000, Got: o.layers, Want: "1 to 1000"},
		program.Check{Flag: "units", OK: o.units >= 1 && o.units <= 1<<14, Got: o.units, Want: "1 to 16384"},
		program.Check{Flag: "rows", OK: o.rows >= 1 && o.rows <= 1<<20, Got: o.rows, Want: "1 to 1048576"},
		program.Check{Flag: "networks", OK: o.networks >= 1 && o.networks <= 1000, Got: o.networks, Want: "1 to 1000"},
		program.Check{Flag: "mean", OK: math.Abs(o.start.Mean) <= 1000, Got: o.start.Mean, Want: "a number from -1000 to 1000"},
		program.Check{Flag: "variance", OK: o.start.Variance > 0 && o.start.Variance <= 1e6, Got: o.start.Variance, Want: "a positive number up to a million"},
		o.proof.checkOf(), o.proof.checkAlpha(),
	)
}

// answer prints the table of fixed points, the comparison with networks and the certificates, and draws the pictures.
func answer(ctx context.Context, o options, w io.Writer) error {
	if study := o.chosen(); study != nil {
		return o.conduct(ctx, *study, w)
	}
	if follow, picture := o.asked(); follow != nil {
		return o.follow(ctx, follow, picture, w)
	}
	var files program.Files
	files.OutFolder("-out", o.out, "map.svg", "map.png", "layers.svg", "layers.png")
	if err := files.Try(); err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return errors.Wrap(err, "-out")
	}
	if err := fixedPoints(w, o.start); err != nil {
		return err
	}
	drawn := errors.Wrap(drawMap(o.out), "map")
	curves, err := compare(ctx, o, w)
	if err != nil {
		return program.Join(err, drawn)
	}
	drawn = program.Join(drawn, errors.Wrap(drawLayers(o.out, curves), "layers"))
	fmt.Fprintln(w, "\nProofs")
	return program.Join(threeTheorems(ctx, theory.Prover{}, w), drawn)
}
