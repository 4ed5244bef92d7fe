// Command bench measures a training step and prediction, and compares them with PyTorch if it is installed. It prints a Markdown table.
// Both sides run in turn on the same machine with the same number of threads; figures are medians, and the ratio is the median of the
// ratios of the pairs.
//
//	go run ./examples/bench            # with PyTorch of the Python named by -python
//	go run ./examples/bench -products  # matrix products beside OpenBLAS
//	go run ./examples/bench -conv      # convolutions, and a step of the network of examples/cnn
//	go run ./examples/bench -growth    # a step by width, depth and batch
//	go run ./examples/bench -scaling   # a step on one thread and on all
//	go run ./examples/bench -predict   # predictions of few and many rows beside ONNX Runtime
//	go run ./examples/bench -service   # many goroutines that share a predictor
//	go run ./examples/bench -sparse    # sparse rows beside dense ones, and tables of 10^5 and 10^6 categories
//	go run ./examples/bench -calibration -tasks FILE # log loss before and after calibration, coverage of sets
//	go run ./examples/bench -tables -tasks FILE # the defaults of examples/tabular beside what other methods reach
//	go run ./examples/bench -tabm      # k networks beside a TabM of k members
//	go run ./examples/bench -large 1000000 > large.csv # a large table to train examples/tabular on
//	go run ./examples/bench -limits    # what the machine can do, and how much of it a step uses
//
// -history FILE appends the medians of a run, with machine and commit, as a line of JSON:
//
//	go run ./examples/bench -history docs/benchmarks.jsonl
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Measures a training step and prediction, and compares them with PyTorch if that is installed. It prints a Markdown table;\n" +
	"-products, -conv, -growth, -scaling, -limits, -predict, -service, -sparse, -calibration, -tables, -tabm and -large do other things."

// options are the flags.
type options struct {
	pairs, steps, threads, rows int
	python, only                string
	products, growth, scaling   bool
	limits, conv, sparse        bool
	calibration, predict        bool
	service                     bool
	requests                    int
	modules                     string
	tables, validate, tabm      bool
	large                       int
	tasks, data, results, with  string
	seeds                       int
	history                     string
	date, commit, machine       string
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&o.pairs, "pairs", 9, "measurements of each side, in turn")
	f.IntVar(&o.steps, "steps", 20, "steps of one measurement, which gives their median; more for small networks")
	f.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "threads of both sides")
	f.IntVar(&o.rows, "rows", 20000, "rows to predict; 0 leaves prediction out")
	f.StringVar(&o.python, "python", "python3", "Python with PyTorch; empty means none")
	f.BoolVar(&o.products, "products", false, "measure matrix products beside OpenBLAS instead of training steps")
	f.BoolVar(&o.conv, "conv", false, "measure convolutions and a convolutional network instead")
	f.BoolVar(&o.growth, "growth", false, "measure steps of networks of several widths, depths and batches instead")
	f.BoolVar(&o.scaling, "scaling", false, "measure steps on one thread and on -threads in turn instead")
	f.BoolVar(&o.limits, "limits", false, "measure the speed of the cores and of memory, and a step beside its products, instead")
	f.BoolVar(&o.predict, "predict", false, "measure predictions of few and many rows beside ONNX Runtime instead")
	f.BoolVar(&o.service, "service", false, "measure requests of many goroutines to one predictor, and check their bits, instead")
	f.IntVar(&o.requests, "requests", 0, "requests of each goroutine of -service; 0 means 10000 for a small network and 500 for a large one")
	f.StringVar(&o.modules, "modules", os.Getenv("SELFNORM_ONNXRUNTIME"), "folder node_modules that holds onnxruntime-node, for -predict; empty means none")
	f.BoolVar(&o.sparse, "sparse", false, "measure training on sparse rows and on large tables instead")
	f.BoolVar(&o.calibration, "calibration", false, "measure calibration on tables and the coverage of conformal sets instead")
	f.BoolVar(&o.tables, "tables", false, "train examples/tabular on the tasks of -tasks, two folds each, one thread, instead")
	f.IntVar(&o.large, "large", 0, "write a made-up table of so many rows and 30 columns as CSV to the standard output, to train examples/tabular on, instead; 0 means none")
	f.BoolVar(&o.tabm, "tabm", false, "measure a TabM beside networks that are trained one after the other instead")
	f.BoolVar(&o.validate, "validate", false, "judge -tables on a quarter of the training rows, which then do not train, and leave the test rows alone: for choices")
	f.StringVar(&o.with, "with", "", "flags of examples/tabular to compare by -tables, several sets separated by ;, otherwise none and -fast")
	f.StringVar(&o.results, "results", "", "file that keeps the results of -tables; those that are there are not computed again")
	f.StringVar(&o.tasks, "tasks", "", "CSV file whose first column names the tasks of -calibration or -tables; for -tables with what other methods reach")
	f.StringVar(&o.data, "data", "", "folder of the UCI tasks of -calibration and -tables; otherwise $SELFNORM_DATA/uci, or the cache")
	f.IntVar(&o.seeds, "seeds", 5, "networks of each side for the ROC-AUC of -sparse; 0 leaves it out")
	f.StringVar(&o.only, "only", "", "run only the cases whose name contains this text; those of -sparse are tox21 and tables")
	f.StringVar(&o.history, "history", "", "file to append the medians to, as a line of JSON")
	f.StringVar(&o.date, "date", time.Now().UTC().Format(time.DateOnly), "date of the line of -history")
	f.StringVar(&o.commit, "commit", "", "commit of the line of -history; otherwise git's HEAD")
	f.StringVar(&o.machine, "machine", "", "machine of the line of -history; otherwise the processor")
	if code := program.Parse(f, about, args, stderr, o.check); code >= 0 {
		return code
	}
	measure := bench
	switch {
	case o.products:
		measure = benchProducts
	case o.growth:
		measure = benchGrowth
	case o.scaling:
		measure = benchScaling
	case o.limits:
		measure = benchLimits
	case o.conv:
		measure = benchConv
	case o.calibration:
		measure = benchCalibration
	case o.large > 0:
		measure = writeLargeTable
	case o.tabm:
		measure = benchTabM
	case o.tables:
		measure = benchDefaults
	case o.predict:
		measure = benchPredict
	case o.service:
		measure = benchService
	case o.sparse:
		measure = benchSparse
	}
	return program.Exit("bench", measure(ctx, o, stdout, stderr), stderr)
}

// check returns an error for flags that make no sense.
func (o *options) check() error {
	modes := 0
	for _, mode := range []bool{o.products, o.conv, o.growth, o.scaling, o.limits, o.sparse, o.calibration, o.tables, o.tabm, o.large > 0} {
		if mode {
			modes++
		}
	}
	if modes > 1 {
		return errors.New("-products, -conv, -growth, -scaling, -limits, -predict, -service, -sparse, -calibration, -tables, -tabm and -large: want one of them")
	}
	return program.CheckAll(
		program.Check{Flag: "pairs", OK: o.pairs >= 1 && o.pairs <= 1e6, Got: o.pairs, Want: "1 to 1000000"},
		program.Check{Flag: "steps", OK: o.steps >= 1 && o.steps <= 1e6, Got: o.steps, Want: "1 to 1000000"},
		program.Check{Flag: "threads", OK: o.threads >= 1 && o.threads <= 1024, Got: o.threads, Want: "1 to 1024"},
		program.Check{Flag: "large", OK: o.large >= 0 && o.large <= 1e9, Got: o.large, Want: "0 to 1000000000"},
		program.Check{Flag: "rows", OK: o.rows >= 0 && o.rows <= 1e6, Got: o.rows, Want: "0 to 1000000"},
		program.Check{Flag: "history", OK: o.history == "" || modes == 0, Got: o.history, Want: "no -products, -conv, -growth, -scaling, -limits, -predict, -service, -sparse, -calibration, -tables, -tabm or -large beside it"},
		program.Check{Flag: "tasks", OK: (o.calibration || o.tables) == (o.tasks != ""), Got: o.tasks, Want: "a file beside -calibration or -tables, and none without them"},
		program.Check{Flag: "validate", OK: o.tables || !o.validate, Got: o.validate, Want: "-tables beside it"},
		program.Check{Flag: "with", OK: o.tables || o.with == "", Got: o.with, Want: "-tables beside it"},
		program.Check{Flag: "results", OK: o.tables || o.results == "", Got: o.results, Want: "-tables beside it"},
		program.Check{Flag: "requests", OK: o.requests >= 0 && o.requests <= 1e6 && (o.service || o.requests == 0), Got: o.requests, Want: "0 to 1000000, beside -service"},
		program.Check{Flag: "seeds", OK: o.seeds >= 0 && o.seeds <= 1000, Got: o.seeds, Want: "0 to 1000"},
	)
}

// bench measures all cases, prints the table, and adds to the history.
func bench(ctx context.Context, o options, stdout, stderr io.Writer) error {
	var e entry
	if o.history != "" {
		var err error
		if e, err = newEntry(ctx, o); err != nil {
			return err
		}
		var files program.Files
		files.Out("-history", o.history)
		if err := files.Try(); err != nil {
			return err
		}
		if _, err := readHistory(o.history); err != nil {
			return err
		}
	}
	peer, err := startPeer(ctx, o.python, script)
	if err != nil {
		fmt.Fprintf(stderr, "bench: without PyTorch: %v\n", err)
	} else {
		defer peer.close()
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	name := "PyTorch"
	if peer != nil {
		name += " " + peer.version
		e.Peer = name
	}
	fmt.Fprintf(w, "| case\t| Selfnorm\t| %s\t| ratio\t|\n| ---\t| ---\t| ---\t| ---\t|\n", name)
	for _, c := range cases(o) {
		if !strings.Contains(c.Name, o.only) {
			continue
		}
		ours, theirs, err := c.measure(ctx, o, peer)
		if err != nil {
			return errors.Wrap(err, c.Name)
		}
		if peer == nil {
			e.Cases = append(e.Cases, cost{Name: c.Name, Ours: median(ours)})
			fmt.Fprintf(w, "| %s\t| %s\t| -\t| -\t|\n", c.Name, c.format(median(ours)))
			continue
		}
		ratios := make([]float64, len(ours))
		for i := range ratios {
			ratios[i] = theirs[i] / ours[i]
		}
		e.Cases = append(e.Cases, cost{c.Name, median(ours), median(theirs), median(ratios)})
		fmt.Fprintf(w, "| %s\t| %s\t| %s\t| %.2f\t|\n", c.Name, c.format(median(ours)), c.format(median(theirs)), median(ratios))
	}
	fmt.Fprintf(w, "\n%d threads, medians of %d pairs of %d steps or more; a ratio above 1 means that Selfnorm is faster.\n", o.threads, o.pairs, o.steps)
	if err := w.Flush(); err != nil || o.history == "" {
		return err
	}
	return appendHistory(o.history, e)
}

// measure runs both sides in turn, in seconds.
func (c request) measure(ctx context.Context, o options, peer *peer) (ours, theirs []float64, err error) {
	for range o.pairs {
		settle()
		seconds, err := c.run(ctx)
		if err != nil {
			return nil, nil, err
		}
		ours = append(ours, seconds)
		if peer == nil {
			continue
		}
		if seconds, err = peer.run(c); err != nil {
			return nil, nil, err
		}
		theirs = append(theirs, seconds)
	}
	return ours, theirs, nil
}

// patience is how long a measurement lasts at least, and how long settle waits. Tests shorten it.
var patience = 300 * time.Millisecond

// settle waits until the threads of the other side have stopped looking for work. Those of OpenBLAS and OpenMP hold a core for
// up to a fifth of a second after their last product; ours let go of it after 50 microseconds.
func settle() { time.Sleep(patience) }

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	if n := len(x); n%2 == 0 {
		return (x[n/2-1] + x[n/2]) / 2
	}
	return x[len(x)/2]
}
