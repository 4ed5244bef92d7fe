// Command htru2 repeats the paper's experiment on pulsar candidates, Table 3: for each network a nested ten-fold cross-validation,
// selection by the paper's rule on the validation part, ROC-AUC on the test part; beside it naive Bayes, C4.5 and a support vector machine on
// the same rows, and the p-value of Wilcoxon's test of each against the self-normalizing network.
//
//	go run ./examples/htru2 -grid quick -out DIR
//
// Without -data it uses the 17,898 real candidates embedded in the program. To continue a search that was stopped, start it again with the
// same -out.
package main

import (
	"context"
	"flag"
	"io"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Repeats the paper's experiment on 17,898 pulsar candidates: for each network a nested ten-fold cross-validation, judged by\n" +
	"ROC-AUC. The same -out continues a search that was stopped."

// options are the flags.
type options struct {
	paper.Flags
	synthetic bool
	methods   []string
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := options{Flags: paper.Flags{Folds: htru2.NumFolds, MaxFolds: htru2.NumFolds}}
	f := flag.NewFlagSet("htru2", flag.ContinueOnError)
	o.Register(f, "folder with HTRU_2.csv; otherwise $SELFNORM_DATA/htru2, the cache, or the candidates built into the program",
		"outer folds to run, 1 to 10", "folder for a results file of each network and method, to go on from, and the table as Markdown and JSON")
	var methods string
	f.StringVar(&methods, "methods", "all", "reference methods, separated by commas, all, or none: "+strings.Join(methodNames(), ", "))
	f.BoolVar(&o.synthetic, "synthetic", false, "train on made-up candidates instead of the real ones")
	if code := program.Parse(f, about, args, stderr, func() error { return o.check(methods) }); code >= 0 {
		return code
	}
	return program.Exit("htru2", compare(ctx, o, stdout, stderr), stderr)
}

// check returns an error for flags that make no sense.
func (o *options) check(methods string) error {
	if err := o.Check(); err != nil {
		return err
	}
	switch methods {
	case "all":
		o.methods = methodNames()
	case "none":
	default:
		o.methods = program.List(methods)
		if err := program.CheckNames("methods", o.methods, methodNames()); err != nil {
			return err
		}
	}
	return program.CheckAll(
		program.Check{Flag: "synthetic", OK: !o.synthetic || o.Data == "" && !o.Download, Got: o.synthetic, Want: "no -data and no -download beside it"},
	)
}

// results returns the results file of a network or method, or an empty path for none.
func (o *options) results(name string) string {
	if o.Out == "" {
		return ""
	}
	return filepath.Join(o.Out, name+".jsonl")
}
