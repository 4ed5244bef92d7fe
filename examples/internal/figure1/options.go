// Package figure1 trains the networks of Figure 1 of the paper and draws their curves.
package figure1

import (
	"flag"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// Options are the flags.
type Options struct {
	set, data, out, checkpoint string
	as                         string
	nets                       []string
	layers                     []int
	units, epochs, batch       int
	rate                       float64
	seed                       uint64
	threads                    int
	download, quiet            bool

	images               string // the set, for the title of the picture
	netsText, layersText string
	flags                *flag.FlagSet
}

// preset are the settings of one of the values of -as.
type preset struct {
	nets, layers         string
	units, epochs, batch int // units 0: as many as the images have numbers
	rate                 float64
	// all trains on all images of a set that has no images for training: mnist10k.
	all bool
}

var presets = map[string]preset{
	"ours": {nets: "snn,batchnorm,msrainit", layers: "8,16,32", units: 128, epochs: 10, batch: 128, rate: 0.01},
	// github.com/bioinf-jku/SNNs, figure1/run.py: the rate is 1e-5 on the loss summed over a batch. It ran for 2,000 epochs.
	"authors": {nets: "snn,batchnormafter", layers: "8,16,32", epochs: 100, batch: 128, rate: 128 * 1e-5, all: true},
}

// Register adds the flags.
func (o *Options) Register(f *flag.FlagSet) {
	ours := presets["ours"]
	o.flags = f
	f.StringVar(&o.set, "set", "mnist10k", "mnist10k, the 10,000 test images alone, mnist, all 70,000, or cifar10")
	f.StringVar(&o.data, "data", "", "folder with the files; otherwise $SELFNORM_DATA, the cache, or a synthetic stand-in")
	f.BoolVar(&o.download, "download", false, "fetch the images into the cache if they are nowhere else")
	f.StringVar(&o.as, "as", "ours", "settings: ours, or authors, those of the authors' program: layers as wide as the input, rate 1.28e-3, batch normalization after the activation, 100 epochs; other flags change single ones")
	f.StringVar(&o.out, "out", ".", "folder for loss.csv, loss.svg and loss.png")
	f.StringVar(&o.checkpoint, "checkpoint", "", "folder to save the runs in after every fifth epoch, and when a signal ends one; the same flags continue them")
	f.StringVar(&o.netsText, "nets", ours.nets, "networks, separated by commas")
	f.StringVar(&o.layersText, "layers", ours.layers, "numbers of hidden layers, separated by commas")
	f.IntVar(&o.units, "units", ours.units, "units of each hidden layer; 0 means the width of the input")
	f.IntVar(&o.epochs, "epochs", ours.epochs, "passes over the training images")
	f.IntVar(&o.batch, "batch", ours.batch, "images of a training step")
	f.Float64Var(&o.rate, "lr", ours.rate, "learning rate of plain gradient descent")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the weights and of the order of the images")
	f.IntVar(&o.threads, "threads", 0, "threads; 0 means all")
	f.BoolVar(&o.quiet, "q", false, "do not show the progress")
	program.MemoryFlag(f)
}

// Check returns an error for flags that make no sense. It sets the networks, the numbers of layers, and what -as determines.
func (o *Options) Check() error {
	if err := program.CheckNames("as", []string{o.as}, []string{"ours", "authors"}); err != nil {
		return err
	}
	o.preset()
	o.nets = program.List(o.netsText)
	if err := program.CheckNames("nets", o.nets, append(graphs.Names(), "batchnormafter")); err != nil {
		return err
	}
	for _, text := range strings.Split(o.layersText, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1000 || slices.Contains(o.layers, n) {
			return errors.Errorf("-layers %q: want different numbers from 1 to 1000", text)
		}
		o.layers = append(o.layers, n)
	}
	if err := program.CheckNames("set", []string{o.set}, []string{"mnist10k", "mnist", "cifar10"}); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "units", OK: o.units >= 0 && o.units <= 1<<16, Got: o.units, Want: "0 to 65536"},
		program.Check{Flag: "epochs", OK: o.epochs >= 1 && o.epochs <= 1e6, Got: o.epochs, Want: "1 to 1000000"},
		program.Check{Flag: "batch", OK: o.batch >= 2 && o.batch <= 1<<20, Got: o.batch, Want: "2 to 1048576"},
		program.Check{Flag: "lr", OK: o.rate > 0 && o.rate < 1e6, Got: o.rate, Want: "a positive number below 1000000"},
		program.Check{Flag: "threads", OK: o.threads >= 0 && o.threads <= 1024, Got: o.threads, Want: "0 to 1024"},
	)
}

// preset sets the flags that the command line does not set to those of -as.
func (o *Options) preset() {
	p, given := presets[o.as], program.Given(o.flags)
	setTo(given["nets"], &o.netsText, p.nets)
	setTo(given["layers"], &o.layersText, p.layers)
	setTo(given["units"], &o.units, p.units)
	setTo(given["epochs"], &o.epochs, p.epochs)
	setTo(given["batch"], &o.batch, p.batch)
	setTo(given["lr"], &o.rate, p.rate)
}

func setTo[T any](given bool, flag *T, value T) {
	if !given {
		*flag = value
	}
}
