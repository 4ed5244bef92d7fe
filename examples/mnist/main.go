// Command mnist repeats Figure 1 of the paper: the training loss of deep networks of 8, 16 and 32 layers on handwritten digits, comparing
// self-normalizing, batch-normalized and plain ReLU networks with the same steps of plain gradient descent. It writes the curves as CSV,
// SVG and PNG.
//
//	go run ./examples/mnist -out DIR                # in $SELFNORM_DATA or the cache, or a synthetic stand-in
package main

import (
	"context"
	"flag"
	"io"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// about says for -help what the program does.
const about = "Repeats Figure 1 of the paper: the training loss of networks of 8, 16 and 32 layers on handwritten digits, self-normalizing,\n" +
	"batch-normalized and plain. It writes the curves as CSV, SVG and PNG into the folder -out."

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

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	var nets, layers string
	f := flag.NewFlagSet("mnist", flag.ContinueOnError)
	f.StringVar(&o.set, "set", "mnist10k", "mnist10k, the 10,000 test images alone, or mnist, all 70,000")
	f.StringVar(&o.data, "data", "", "folder with the IDX files; otherwise $SELFNORM_DATA, the cache, or a synthetic stand-in")
	f.BoolVar(&o.download, "download", false, "fetch the images into the cache if they are nowhere else")
	f.StringVar(&o.out, "out", ".", "folder for loss.csv, loss.svg and loss.png")
	f.StringVar(&nets, "nets", "snn,batchnorm,msrainit", "networks, separated by commas")
	f.StringVar(&layers, "layers", "8,16,32", "numbers of hidden layers, separated by commas")
	f.IntVar(&o.units, "units", 128, "units of each hidden layer")
	f.IntVar(&o.epochs, "epochs", 10, "passes over the training images")
	f.IntVar(&o.batch, "batch", 128, "images of a training step")
	f.Float64Var(&o.rate, "lr", 0.01, "learning rate of plain gradient descent")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the weights and of the order of the images")
	f.IntVar(&o.threads, "threads", 0, "threads; 0 means all")
	program.MemoryFlag(f)
	if code := program.Parse(f, about, args, stderr, func() error { return o.check(nets, layers) }); code >= 0 {
		return code
	}
	return program.Exit("mnist", figure(ctx, o, stdout), stderr)
}

// check returns an error for flags that make no sense. It sets the networks and the numbers of layers.
func (o *options) check(nets, layers string) error {
	o.nets = program.List(nets)
	if err := program.CheckNames("nets", o.nets, graphs.Names()); err != nil {
		return err
	}
	for _, text := range strings.Split(layers, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 {
			return errors.Errorf("-layers %q: want numbers from 1 to 1000", text)
		}
		o.layers = append(o.layers, n)
	}
	if err := program.CheckNames("set", []string{o.set}, []string{"mnist10k", "mnist"}); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "units", OK: o.units >= 1 && o.units <= 1<<16, Got: o.units, Want: "1 to 65536"},
		program.Check{Flag: "epochs", OK: o.epochs >= 1 && o.epochs <= 1e6, Got: o.epochs, Want: "1 to 1000000"},
		program.Check{Flag: "batch", OK: o.batch >= 2 && o.batch <= 1<<20, Got: o.batch, Want: "2 to 1048576"},
		program.Check{Flag: "lr", OK: o.rate > 0 && o.rate < 1e6, Got: o.rate, Want: "a positive number below 1000000"},
		program.Check{Flag: "threads", OK: o.threads >= 0 && o.threads <= 1024, Got: o.threads, Want: "0 to 1024"},
	)
}
