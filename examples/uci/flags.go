package main

import (
	"flag"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// options are the flags.
type options struct {
	paper.Flags
	data, out, json, published string
	tasks                      string
	folds                      int
}

// parseFlags returns the options, or an exit code >= 0 if the program is to end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	var o options
	f := flag.NewFlagSet("uci", flag.ContinueOnError)
	o.Register(f)
	f.StringVar(&o.data, "data", "", "folder with the tasks; otherwise $SELFNORM_DATA/uci, the cache, or a synthetic task")
	f.StringVar(&o.tasks, "tasks", "small", "names of tasks, separated by commas, or all, or small: those of at most 1,000 rows")
	f.IntVar(&o.folds, "folds", 1, "folds of each task, 1 to 4, beginning with fold 0")
	f.StringVar(&o.out, "out", "", "results file, one line for each finished trial, to go on from")
	f.StringVar(&o.json, "json", "", "file for the summary as JSON")
	f.StringVar(&o.published, "paper", "", "CSV file with the paper's table A11 to print beside ours; otherwise $SELFNORM_DATA/paper/uci_accuracy.csv")
	code := program.Parse(f, args, stderr, func() error { return o.check() })
	return o, code
}

func (o *options) check() error {
	if err := o.Check(); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "folds", OK: o.folds >= 1 && o.folds <= 4, Got: o.folds, Want: "1 to 4"},
		program.Check{Flag: "tasks", OK: o.tasks != "", Got: o.tasks, Want: "names of tasks, all or small"},
	)
}
