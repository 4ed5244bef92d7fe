package main

import (
	"flag"
	"io"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Repeats the paper's comparison of seven networks and other methods on the UCI classification tasks: a search for each task\n" +
	"and fold, then test accuracies, ranks and depths. The same -out continues a search that was stopped."

// options are the flags.
type options struct {
	paper.Flags
	json, published, figure string
	tasks                   string
}

// parseFlags returns the options, or an exit code >= 0 if the program must end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	o := options{Flags: paper.Flags{Folds: 1, MaxFolds: 4, Served: true}}
	f := flag.NewFlagSet("uci", flag.ContinueOnError)
	o.Register(f, "folder with the tasks; otherwise $SELFNORM_DATA/uci, the cache, or a synthetic task",
		"folds of each task, 1 to 4, beginning with fold 0", "results file, one line for each finished trial, to go on from")
	o.RegisterMethods(f)
	f.StringVar(&o.tasks, "tasks", "small", "names of tasks, separated by commas, or all, or small: those of at most 1,000 rows")
	f.StringVar(&o.json, "json", "", "file for the summary as JSON")
	f.StringVar(&o.published, "paper", "", "CSV file with the paper's table A11 to print beside ours; otherwise $SELFNORM_DATA/paper/uci_accuracy.csv")
	f.StringVar(&o.figure, "figure", "", "file for a picture, .svg or .png, of the depths that were selected")
	code := program.Parse(f, about, args, stderr, o.check)
	return o, code
}

// check returns an error for flags that make no sense.
func (o *options) check() error {
	if err := o.Check(); err != nil {
		return err
	}
	if o.figure != "" && (!isPicture(o.figure) || len(o.Nets) == 0) {
		return errors.Errorf("-figure %s: want a name that ends in .svg or .png, and networks", o.figure)
	}
	names := program.List(o.tasks)
	if len(names) == 0 {
		return errors.New("-tasks: want names of tasks, all or small")
	}
	for i, name := range names {
		if name == "" || slices.Contains(names[:i], name) {
			return errors.Errorf("-tasks %s: %q is empty or occurs twice", o.tasks, name)
		}
	}
	return nil
}
