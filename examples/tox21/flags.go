package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
)

// options are the flags.
type options struct {
	data, net, form, out, json, predict, onnx string
	checkpoint, report, watch                 string
	optimizer, schedule                       string
	hidden                                    graphs.Hidden
	rate, l2                                  float64
	batch, epochs, repeats, threads           int
	validation                                int
	seed                                      uint64
	quick, download, quiet                    bool
}

// parseFlags returns the options, or an exit code >= 0 if the program is to end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	o := options{hidden: graphs.Hidden{Outputs: tox21.NumTasks}}
	f := flag.NewFlagSet("tox21", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.data, "data", "", "folder with the Tox21 files; otherwise $SELFNORM_DATA/tox21, the cache, or a synthetic stand-in")
	f.BoolVar(&o.download, "download", false, "fetch the data into the cache if they are nowhere else")
	f.StringVar(&o.net, "net", "snn", "network: "+strings.Join(graphs.Networks(), ", "))
	f.IntVar(&o.hidden.Layers, "layers", 4, "hidden layers")
	f.IntVar(&o.hidden.Units, "units", 256, "units of the first hidden layer")
	f.StringVar(&o.form, "form", "rectangular", "sizes of the hidden layers: rectangular, conic or diavolo")
	f.Float64Var(&o.hidden.Dropout, "dropout", 0.1, "dropout rate after each hidden layer (alpha dropout in an SNN)")
	f.Float64Var(&o.hidden.InputDropout, "input-dropout", 0.4, "dropout rate on the input")
	f.Float64Var(&o.rate, "lr", 1e-3, "learning rate; 0 means the optimizer's default")
	f.StringVar(&o.optimizer, "optimizer", "adam", "optimizer: "+strings.Join(train.Optimizers(), ", "))
	f.StringVar(&o.schedule, "schedule", "cosine", "schedule of the learning rate, in steps of the optimizer: "+train.ScheduleSyntax)
	f.Float64Var(&o.l2, "l2", 0, "L2 penalty; weight decay of adamw, where 0 means 0.01")
	f.IntVar(&o.batch, "batch", 256, "rows of a training step")
	f.IntVar(&o.epochs, "epochs", 10, "passes over the training rows")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the weights, the order of the rows and the dropout masks")
	f.IntVar(&o.repeats, "repeats", 1, "networks to train, with seeds seed, seed+1, ...")
	f.IntVar(&o.threads, "threads", 0, "threads; 0 means all")
	f.IntVar(&o.validation, "validation", -1, "judge on this official fold (0 to 4) and the leaderboard rows instead of the test rows")
	f.BoolVar(&o.quick, "quick", false, "a smaller network, 2 hidden layers of 64 units for 3 epochs, to see that all works")
	f.StringVar(&o.out, "out", "", "folder to save the trained networks in, or to predict with")
	f.StringVar(&o.json, "json", "", "file for the result as JSON")
	f.StringVar(&o.onnx, "onnx", "", "file for the network as an ONNX model, from raw features to probabilities")
	f.StringVar(&o.report, "report", "", "file for a page of HTML about the run")
	f.StringVar(&o.watch, "watch", "", "address to show that page at while the networks train, such as :8080 (for this machine alone)")
	f.StringVar(&o.checkpoint, "checkpoint", "", "folder to save the run in after each epoch and on ^C; the same flags continue it")
	f.StringVar(&o.predict, "predict", "", "a SMILES, or a file with one SMILES a line, to predict with the networks of -out")
	f.BoolVar(&o.quiet, "q", false, "no progress bar")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stderr, "usage: tox21 [flags]")
		f.SetOutput(stderr)
		f.PrintDefaults()
		return o, 0
	}
	if err == nil && f.NArg() > 0 {
		err = errors.Errorf("unexpected argument %q", f.Arg(0))
	}
	if o.quick {
		o.useQuick(f)
	}
	if err == nil {
		err = o.check()
	}
	if err != nil {
		fmt.Fprintf(stderr, "tox21: %v (-help lists the flags)\n", err)
		return o, 2
	}
	return o, -1
}

// useQuick sets the size of a quick run where no flag says otherwise.
func (o *options) useQuick(f *flag.FlagSet) {
	given := map[string]bool{}
	f.Visit(func(x *flag.Flag) { given[x.Name] = true })
	for name, set := range map[string]func(){
		"layers": func() { o.hidden.Layers = 2 },
		"units":  func() { o.hidden.Units = 64 },
		"epochs": func() { o.epochs = 3 },
	} {
		if !given[name] {
			set()
		}
	}
}

// check returns an error for flags that make no sense.
func (o *options) check() (err error) {
	if o.hidden.Form, err = graphs.ParseForm(o.form); err != nil {
		return errors.Wrap(err, "-form")
	}
	_, scheduleErr := train.ParseSchedule(o.schedule)
	for _, f := range []struct {
		name string
		ok   bool
		got  any
		want string
	}{
		{"net", slices.Contains(graphs.Networks(), o.net), o.net, strings.Join(graphs.Networks(), ", ")},
		{"layers", o.hidden.Layers >= 0 && o.hidden.Layers <= 1000, o.hidden.Layers, "0 to 1000"},
		{"units", o.hidden.Units >= 1 && o.hidden.Units <= 1<<16, o.hidden.Units, "1 to 65536"},
		{"dropout", ops.CheckRate(o.hidden.Dropout) == nil, o.hidden.Dropout, "at least 0 and below 1"},
		{"input-dropout", ops.CheckRate(o.hidden.InputDropout) == nil, o.hidden.InputDropout, "at least 0 and below 1"},
		{"lr", o.rate >= 0 && o.rate < 1e6, o.rate, "0 or a positive number"},
		{"optimizer", slices.Contains(train.Optimizers(), o.optimizer), o.optimizer, strings.Join(train.Optimizers(), ", ")},
		{"schedule", scheduleErr == nil, o.schedule, train.ScheduleSyntax},
		{"l2", o.l2 >= 0 && o.l2 < 1e6, o.l2, "0 or a positive number"},
		{"batch", o.batch >= 2 && o.batch <= 1<<20, o.batch, "2 to 1048576"},
		{"epochs", o.epochs >= 1 && o.epochs <= 1e6, o.epochs, "at least 1"},
		{"repeats", o.repeats >= 1 && o.repeats <= 1e4, o.repeats, "at least 1"},
		{"threads", o.threads >= 0 && o.threads <= 1024, o.threads, "0 to 1024"},
		{"validation", o.validation >= -1 && o.validation <= 4, o.validation, "a fold from 0 to 4, or -1"},
		{"onnx", o.onnx == "" || o.repeats == 1 && o.predict == "", o.onnx, "to be used with -repeats 1 and without -predict"},
		{"predict", o.predict == "" || o.out != "", o.predict, "-out with the folder of an earlier run beside it"},
	} {
		if !f.ok {
			return errors.Errorf("-%s %v: want %s", f.name, f.got, f.want)
		}
	}
	return nil
}

// model is the network that the flags describe. check has seen that there is one of that name.
func (o *options) model() nn.Layer {
	model, err := graphs.Network(o.net, o.hidden)
	if err != nil {
		panic(err)
	}
	return model
}
