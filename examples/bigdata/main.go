// Command bigdata trains on data that are larger than memory. A table is converted once to a file of rows, which trainings then read from disk:
//
//	go run ./examples/bigdata -data my.csv -target y -rows my.rows
//	go run ./examples/bigdata -rows my.rows -out model.safetensors -checkpoint run
//	go run ./examples/tabular -predict new.csv -model model.safetensors
//
// See docs/scaling-data.md.
package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/optim"
)

// about says for -help what the program does.
const about = "Trains a self-normalizing network on data larger than memory: -data and -target convert a table to a file of rows, -rows, once;\n" +
	"without -data the program trains on that file. Its networks predict new tables with examples/tabular."

// options are the flags.
type options struct {
	rows string

	data, target, ignore, id string
	sample                   int
	generate                 float64
	columns                  int

	hidden              graphs.Hidden
	optimizer, schedule string
	rate                float64
	batch, epochs       int
	validation          int
	threads             int
	seed                uint64
	out, checkpoint     string
	every               int
	processes, rank     int
	address             string
	overwrite, quiet    bool

	action func(ctx context.Context, o *options, w io.Writer) error
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{hidden: graphs.Hidden{Layers: 4, Units: 128, Dropout: 0.05}, sample: 200_000, columns: 100, optimizer: "adam", schedule: "cosine", batch: 256, epochs: 1,
		validation: 100_000, every: 1000, address: "127.0.0.1:7345"}
	f := flag.NewFlagSet("bigdata", flag.ContinueOnError)
	o.register(f)
	if code := program.Parse(f, about, args, stderr, func() error { return o.check(program.Given(f)) }); code >= 0 {
		return code
	}
	return program.Exit("bigdata", o.action(ctx, &o, stdout), stderr)
}

func (o *options) register(f *flag.FlagSet) {
	f.StringVar(&o.rows, "rows", "", "file of rows: -data and -generate write it, a training reads it")
	f.StringVar(&o.data, "data", "", "table to convert: a CSV file, plain or gzip, or a Parquet file")
	f.StringVar(&o.target, "target", "", "column to predict, for -data; several are separated by commas")
	f.StringVar(&o.ignore, "ignore", "", "columns to leave out, separated by commas")
	f.StringVar(&o.id, "id", "", "column with the names of the rows, which is no feature")
	f.IntVar(&o.sample, "sample", o.sample, "rows, drawn from all of -data, that determine kinds, categories and scales of the columns")
	f.Float64Var(&o.generate, "generate", 0, "write made-up rows of so many GB (10^9 bytes) to -rows")
	f.IntVar(&o.columns, "columns", o.columns, "features of made-up rows")
	f.IntVar(&o.hidden.Layers, "layers", o.hidden.Layers, "hidden layers")
	f.IntVar(&o.hidden.Units, "units", o.hidden.Units, "units of a hidden layer")
	f.Float64Var(&o.hidden.Dropout, "dropout", o.hidden.Dropout, "rate of alpha dropout after each hidden layer")
	f.StringVar(&o.optimizer, "optimizer", o.optimizer, "optimizer: "+strings.Join(optim.Names(), ", "))
	f.Float64Var(&o.rate, "lr", 0, "learning rate; 0 means the optimizer's default")
	f.StringVar(&o.schedule, "schedule", o.schedule, "schedule of the learning rate: "+optim.ScheduleSyntax)
	f.IntVar(&o.batch, "batch", o.batch, "rows of a training step")
	f.IntVar(&o.epochs, "epochs", o.epochs, "passes over the training rows")
	f.IntVar(&o.validation, "validation-rows", o.validation, "rows for validation, about so many but at most a tenth; 0 means none")
	f.IntVar(&o.threads, "threads", 0, "threads; 0 means all")
	program.MemoryFlag(f)
	f.Uint64Var(&o.seed, "seed", 1, "seed of the sample, the validation rows, the weights, the order of the rows and the dropout masks")
	f.StringVar(&o.out, "out", "", "file to save the network in")
	f.StringVar(&o.checkpoint, "checkpoint", "", "folder to save the run in, from which the same flags continue it")
	f.IntVar(&o.every, "checkpoint-steps", o.every, "steps from one checkpoint to the next")
	f.IntVar(&o.processes, "processes", 0, "processes that train one network together, 1 to 8: start each with its -rank. A step then has 8 virtual shards, each of an eighth of -batch; 0 means an ordinary training")
	f.IntVar(&o.rank, "rank", 0, "number of this process, from 0; rank 0 saves what there is to save")
	f.StringVar(&o.address, "address", o.address, "where rank 0 listens; on other machines $SELFNORM_SECRET must be set, to the same text everywhere")
	f.BoolVar(&o.overwrite, "overwrite", false, "let -out and -rows replace a file that exists")
	f.BoolVar(&o.quiet, "q", false, "do not show the progress")
}

// check returns an error for flags that make no sense, and chooses what the program does.
func (o *options) check(given map[string]bool) error {
	o.action = fit
	mode := ""
	switch {
	case given["data"]:
		o.action, mode = convert, "data"
	case given["generate"]:
		o.action, mode = generate, "generate"
	}
	for flag, of := range map[string]string{"target": "data", "ignore": "data", "id": "data", "sample": "data", "columns": "generate", "generate": "generate", "data": "data",
		"out": "", "checkpoint": "", "checkpoint-steps": "", "layers": "", "units": "", "dropout": "", "optimizer": "", "lr": "", "schedule": "", "batch": "", "epochs": "", "validation-rows": "", "processes": "", "rank": "", "address": ""} {
		if given[flag] && of != mode {
			if mode == "" {
				return errors.Errorf("-%s: it means nothing without -%s", flag, of)
			}
			return errors.Errorf("-%s: it means nothing beside -%s, which writes the file of -rows and does not train", flag, mode)
		}
	}
	_, optimizerErr := optim.ByName(o.optimizer, 0, 0)
	_, scheduleErr := optim.ParseSchedule(o.schedule)
	return program.CheckAll(
		program.Check{Flag: "rows", OK: o.rows != "", Got: `""`, Want: "the file of rows"},
		program.Check{Flag: "target", OK: mode != "data" || o.target != "", Got: `""`, Want: "the column to predict; -target -1 is the last one"},
		program.Check{Flag: "sample", OK: o.sample >= 10 && o.sample <= 1e9, Got: o.sample, Want: "10 to 1000000000"},
		program.Check{Flag: "generate", OK: mode != "generate" || o.generate > 0 && o.generate <= 1e6, Got: o.generate, Want: "a positive number of GB, at most 1000000"},
		program.Check{Flag: "columns", OK: o.columns >= 2 && o.columns <= 1<<16, Got: o.columns, Want: "2 to 65536"},
		program.Check{Flag: "layers", OK: o.hidden.Layers >= 0 && o.hidden.Layers <= 1000, Got: o.hidden.Layers, Want: "0 to 1000"},
		program.Check{Flag: "units", OK: o.hidden.Units >= 1 && o.hidden.Units <= 1<<16, Got: o.hidden.Units, Want: "1 to 65536"},
		program.Check{Flag: "dropout", OK: ops.CheckRate(o.hidden.Dropout) == nil, Got: o.hidden.Dropout, Want: "at least 0 and below 1"},
		program.Check{Flag: "optimizer", OK: optimizerErr == nil, Got: o.optimizer, Want: strings.Join(optim.Names(), ", ")},
		program.Check{Flag: "lr", OK: o.rate >= 0 && o.rate < 1e6, Got: o.rate, Want: "0 or a positive number below 1000000"},
		program.Check{Flag: "schedule", OK: scheduleErr == nil, Got: o.schedule, Want: optim.ScheduleSyntax},
		program.Check{Flag: "batch", OK: o.batch >= 2 && o.batch <= 1<<20, Got: o.batch, Want: "2 to 1048576"},
		program.Check{Flag: "epochs", OK: o.epochs >= 1 && o.epochs <= 1e6, Got: o.epochs, Want: "1 to 1000000"},
		program.Check{Flag: "validation-rows", OK: o.validation >= 0, Got: o.validation, Want: "0 or more"},
		program.Check{Flag: "threads", OK: o.threads >= 0 && o.threads <= 1024, Got: o.threads, Want: "0 to 1024"},
		program.Check{Flag: "processes", OK: o.processes >= 0 && o.processes <= virtualShards, Got: o.processes, Want: "0 to 8"},
		program.Check{Flag: "rank", OK: o.rank >= 0 && o.rank < max(1, o.processes), Got: o.rank, Want: "0 or more, and less than -processes"},
		program.Check{Flag: "batch", OK: o.processes == 0 || o.batch >= 2*virtualShards && o.batch%virtualShards == 0, Got: o.batch, Want: "a multiple of 8, at least 16, with -processes"},
		program.Check{Flag: "checkpoint-steps", OK: o.every >= 1, Got: o.every, Want: "at least 1"},
	)
}

// tryRows tries to write the file of rows, before hours of work.
func (o *options) tryRows() error {
	files := &program.Files{}
	files.In("-data", o.data)
	files.Out("-rows", o.rows)
	if err := files.Try(); err != nil {
		return err
	}
	return o.keeps("-rows", o.rows)
}

// keeps returns an error if a file exists that the program may not replace.
func (o *options) keeps(flag, path string) error {
	if info, err := os.Stat(path); path == "" || o.overwrite || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return errors.Errorf("%s %s: the file exists; -overwrite replaces it", flag, path)
}

// tryTraining tries the outputs of a training.
func (o *options) tryTraining() error {
	if o.rank > 0 { // rank 0 saves
		o.out, o.checkpoint, o.quiet = "", "", true
	}
	files := &program.Files{}
	files.In("-rows", o.rows)
	files.Network("-out", o.out)
	files.OutFolder("-checkpoint", o.checkpoint)
	files.Reserve("-checkpoint", o.checkpoint, func(path string) bool { return checkpoint.Uses(filepath.Base(path)) })
	if err := files.Try(); err != nil {
		return err
	}
	return o.keeps("-out", o.out)
}
