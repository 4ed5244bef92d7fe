// Command mnist repeats Figure 1 of the paper: the training loss of deep networks of 8, 16 and 32 layers on handwritten digits,
// self-normalizing beside batch-normalized and plain ReLU networks, at the same steps of plain gradient descent.
// It writes the curves as CSV, SVG and PNG.
//
//	go run ./examples/mnist -out DIR                # in $SELFNORM_DATA or the cache, or a synthetic stand-in
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// options are the flags.
type options struct {
	set, data, out       string
	nets                 []string
	layers               []int
	units, epochs, batch int
	rate                 float64
	seed                 uint64
	threads              int
	download             bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: 0 for success, 1 for a failure, 2 for flags that make no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	var nets, layers string
	f := flag.NewFlagSet("mnist", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.set, "set", "mnist10k", "mnist10k, the 10,000 test images alone, or mnist, all 70,000")
	f.StringVar(&o.data, "data", "", "folder with the IDX files; otherwise $SELFNORM_DATA, the cache, or a synthetic stand-in")
	f.BoolVar(&o.download, "download", false, "fetch the images into the cache if they are nowhere else")
	f.StringVar(&o.out, "out", ".", "folder for loss.csv, loss.svg and loss.png")
	f.StringVar(&nets, "nets", "snn,batchnorm,msrainit", "networks, separated by commas")
	f.StringVar(&layers, "layers", "8,16,32", "numbers of hidden layers, separated by commas")
	f.IntVar(&o.units, "units", 128, "units of each hidden layer")
	f.IntVar(&o.epochs, "epochs", 10, "passes over the training images")
	f.IntVar(&o.batch, "batch", 128, "images of a step")
	f.Float64Var(&o.rate, "lr", 0.01, "learning rate of plain gradient descent")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the weights and of the order of the images")
	f.IntVar(&o.threads, "threads", 0, "threads; 0 means all")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "usage: mnist [flags]")
		f.SetOutput(stderr)
		f.PrintDefaults()
		return 0
	}
	if err == nil {
		err = o.check(nets, layers, f.Args())
	}
	if err != nil {
		fmt.Fprintf(stderr, "mnist: %v (-help lists the flags)\n", err)
		return 2
	}
	if err := figure(ctx, o, stdout); err != nil {
		fmt.Fprintln(stderr, "mnist: "+strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	return 0
}

func (o *options) check(nets, layers string, args []string) error {
	if len(args) > 0 {
		return errors.Errorf("unexpected argument %q", args[0])
	}
	o.nets = strings.Split(nets, ",")
	for _, net := range o.nets {
		if !slices.Contains(graphs.Networks(), net) {
			return errors.Errorf("-nets %q: want some of %s", net, strings.Join(graphs.Networks(), ", "))
		}
	}
	for _, text := range strings.Split(layers, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 {
			return errors.Errorf("-layers %q: want numbers from 1 to 1000", text)
		}
		o.layers = append(o.layers, n)
	}
	switch {
	case o.set != "mnist" && o.set != "mnist10k":
		return errors.Errorf("-set %s: want mnist or mnist10k", o.set)
	case o.units < 1 || o.epochs < 1 || o.batch < 2 || o.threads < 0:
		return errors.Errorf("-units %d -epochs %d -batch %d -threads %d: want at least 1, 1, 2 and 0", o.units, o.epochs, o.batch, o.threads)
	case !(o.rate > 0 && o.rate < 1e6):
		return errors.Errorf("-lr %v: want a positive number", o.rate)
	}
	return nil
}
