package main

import (
	"flag"
	"io"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// options are the flags.
type options struct {
	program.Flags
	data, out, predict string
	validation         int

	quick, download, synthetic bool
}

// parseFlags returns the options, or an exit code >= 0 if the program is to end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	o := options{Flags: program.Flags{
		Net: "snn", Hidden: graphs.Hidden{Layers: 4, Units: 256, Outputs: tox21.NumTasks, Dropout: 0.1, InputDropout: 0.4},
		Optimizer: "adam", Rate: 1e-3, Schedule: "cosine", Batch: 256, Epochs: 10, Seed: 1,
	}}
	f := flag.NewFlagSet("tox21", flag.ContinueOnError)
	o.Register(f)
	f.StringVar(&o.data, "data", "", "folder with the Tox21 files; otherwise $SELFNORM_DATA/tox21, the cache, or the compounds built into the program")
	f.BoolVar(&o.download, "download", false, "fetch the published files into the cache if they are in no folder")
	f.BoolVar(&o.synthetic, "synthetic", false, "train on made-up molecules instead of the real ones")
	f.IntVar(&o.validation, "validation", -1, "judge on this official fold (0 to 4) and the leaderboard rows instead of the test rows")
	f.BoolVar(&o.quick, "quick", false, "a smaller network, 2 hidden layers of 64 units for 3 epochs, to see that all works")
	f.StringVar(&o.out, "out", "", "folder to save the trained networks in, or to predict with")
	f.StringVar(&o.predict, "predict", "", "a SMILES, or a file with one SMILES a line, to predict with the networks of -out")
	code := program.Parse(f, args, stderr, func() error {
		if o.quick {
			o.useQuick(f)
		}
		return o.check()
	})
	return o, code
}

// useQuick sets the size of a quick run where no flag says otherwise.
func (o *options) useQuick(f *flag.FlagSet) {
	given := program.Given(f)
	for name, set := range map[string]func(){
		"layers": func() { o.Hidden.Layers = 2 },
		"units":  func() { o.Hidden.Units = 64 },
		"epochs": func() { o.Epochs = 3 },
	} {
		if !given[name] {
			set()
		}
	}
}

// check returns an error for flags that make no sense.
func (o *options) check() error {
	if err := o.Check(); err != nil {
		return err
	}
	if o.Members.Folds && (o.Members.N != 5 || o.validation >= 0) {
		return errors.Errorf("-ensemble %v: the data have five official folds; want folds:5, without -validation", o.Members)
	}
	return program.CheckAll(
		program.Check{Flag: "validation", OK: o.validation >= -1 && o.validation <= 4, Got: o.validation, Want: "a fold from 0 to 4, or -1"},
		program.Check{Flag: "synthetic", OK: !o.synthetic || o.data == "" && !o.download, Got: o.synthetic, Want: "to be used without -data and -download"},
		program.Check{Flag: "onnx", OK: o.ONNX == "" || o.predict == "", Got: o.ONNX, Want: "to be used without -predict"},
		program.Check{Flag: "predict", OK: o.predict == "" || o.out != "", Got: o.predict, Want: "-out with the folder of an earlier run beside it"},
	)
}
