// Command htru2 repeats the paper's experiment on pulsar candidates: for each network a nested ten-fold cross-validation,
// selection by the paper's rule on the validation part, ROC-AUC on the test part.
//
//	go run ./examples/htru2 -grid quick -out DIR
//
// A search that was stopped goes on where it was when it is started again with the same -out.
package main

import (
	"context"
	"flag"
	"io"
	"path/filepath"

	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// options are the flags.
type options struct {
	paper.Flags
	data, out string
	folds     int
	synthetic bool
}

func main() { program.Main(run) }

// run is the program: 0 for success, 1 for a failure, 2 for flags that make no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("htru2", flag.ContinueOnError)
	o.Register(f)
	f.StringVar(&o.data, "data", "", "folder with HTRU_2.csv; otherwise $SELFNORM_DATA/htru2, the cache, or the candidates built into the program")
	f.BoolVar(&o.synthetic, "synthetic", false, "train on made-up candidates instead of the real ones")
	f.IntVar(&o.folds, "folds", 10, "outer folds to run, 1 to 10")
	f.StringVar(&o.out, "out", "", "folder for a results file of each network, to go on from")
	if code := program.Parse(f, args, stderr, func() error { return o.check() }); code >= 0 {
		return code
	}
	return program.Exit("htru2", compare(ctx, o, stdout, stderr), stderr)
}

func (o *options) check() error {
	if err := o.Check(); err != nil {
		return err
	}
	return program.CheckAll(
		program.Check{Flag: "folds", OK: o.folds >= 1 && o.folds <= 10, Got: o.folds, Want: "1 to 10"},
		program.Check{Flag: "synthetic", OK: !o.synthetic || o.data == "" && !o.Download, Got: o.synthetic, Want: "to be used without -data and -download"},
	)
}

// results is the results file of a network, or empty for none.
func (o *options) results(net string) string {
	if o.out == "" {
		return ""
	}
	return filepath.Join(o.out, net+".jsonl")
}
