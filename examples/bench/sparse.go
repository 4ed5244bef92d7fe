package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// unknownMemory stands for a memory that the system does not tell.
const unknownMemory = "unknown"

// benchSparse measures training on sparse rows beside the same data dense, and on tables of two sizes.
func benchSparse(ctx context.Context, o options, stdout, _ io.Writer) error {
	if strings.Contains("tox21", o.only) {
		if err := benchSubstructures(ctx, o, stdout); err != nil {
			return err
		}
	}
	if strings.Contains("tables", o.only) {
		return benchTables(ctx, o, stdout)
	}
	return nil
}

// default21 is the network that examples/tox21 trains by default, and how.
var default21 = graphs.SNN{Layers: 4, Units: 256, Outputs: tox21.NumTasks, Dropout: 0.1, InputDropout: 0.4}

func config21(o options, epochs int) train.Config {
	return train.Config{Epochs: epochs, Batch: 256, Optimizer: optim.Adam{Rate: 1e-3}, Schedule: optim.Cosine{}, Threads: o.threads, Warn: func(string) {}}
}

// substructures are the compounds of Tox21 with all circular substructures that occur in at least two training compounds.
type substructures struct{ fit, test [2]*datasets.Set } // sparse and dense

func loadSubstructures(ctx context.Context, o options) (s substructures, err error) {
	data, err := tox21.Load(ctx, tox21.Options{Options: datasets.Options{Threads: o.threads}})
	if err != nil {
		return s, err
	}
	raw, err := tox21.Compute(ctx, data.Mols(), tox21.SparseFamilies(), o.threads)
	if err != nil {
		return s, err
	}
	featurizer, err := raw.Fit(data.TrainRows())
	if err != nil {
		return s, err
	}
	features, err := featurizer.Features(raw)
	if err != nil {
		return s, err
	}
	for i, sparse := range []bool{true, false} {
		set, err := data.Set(features, nil)
		if err != nil {
			return s, err
		}
		set.Sparse = sparse
		if s.fit[i], err = set.Subset(data.TrainRows()); err != nil {
			return s, err
		}
		if s.test[i], err = set.Subset(data.TestRows()); err != nil {
			return s, err
		}
	}
	return s, nil
}

// benchSubstructures measures epochs of the default network of Tox21, its memory and its result.
func benchSubstructures(ctx context.Context, o options, stdout io.Writer) error {
	s, err := loadSubstructures(ctx, o)
	if err != nil {
		return err
	}
	var seconds [2][]float64
	ratios := make([]float64, o.pairs)
	peak := ""
	for pair := range o.pairs {
		for i := range seconds {
			x, err := epochOf(ctx, o, s.fit[i])
			if err != nil {
				return err
			}
			if seconds[i] = append(seconds[i], x); peak == "" {
				peak = peakMemory()
			}
		}
		ratios[pair] = seconds[1][pair] / seconds[0][pair]
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintf(w, "| Tox21, %d columns\t| sparse\t| dense\t| ratio\t|\n| ---\t| ---\t| ---\t| ---\t|\n", s.fit[0].Width())
	fmt.Fprintf(w, "| epoch, s\t| %.3f\t| %.3f\t| %.2f\t|\n", median(seconds[0]), median(seconds[1]), median(ratios))
	if o.seeds > 0 {
		var auc [2]float64
		for i := range auc {
			if auc[i], err = meanAUC(ctx, o, s.fit[i], s.test[i]); err != nil {
				return err
			}
		}
		fmt.Fprintf(w, "| mean ROC-AUC of %d seeds\t| %.4f\t| %.4f\t| \t|\n", o.seeds, auc[0], auc[1])
	}
	fmt.Fprintf(w, "\n%d threads, medians of %d pairs in turn; peak memory of the process before the first dense epoch: %s.\n\n", o.threads, o.pairs, peak)
	return w.Flush()
}

// epochOf returns the seconds of the second epoch of a training.
func epochOf(ctx context.Context, o options, set *datasets.Set) (float64, error) {
	net, err := graphs.New(default21, set.Inputs(), graphs.BCE, graphs.Seed(1))
	if err != nil {
		return 0, err
	}
	clock := &epochClock{last: time.Now()}
	c := config21(o, 2)
	c.Callbacks = []train.Callback{clock}
	if _, err := train.Fit(ctx, net, set, c); err != nil {
		return 0, err
	}
	return clock.epochs[1], nil
}

// epochClock is a callback that notes how long each epoch took.
type epochClock struct {
	last   time.Time
	epochs []float64
}

// AfterEpoch implements callback.EpochCallback.
func (e *epochClock) AfterEpoch(context.Context, *train.State) error {
	now := time.Now()
	e.epochs = append(e.epochs, now.Sub(e.last).Seconds())
	e.last = now
	return nil
}

// meanAUC returns the mean over the seeds of the mean ROC-AUC of the assays, on the test rows after ten epochs.
func meanAUC(ctx context.Context, o options, fit, test *datasets.Set) (mean float64, err error) {
	for seed := range o.seeds {
		net, err := graphs.New(default21, fit.Inputs(), graphs.BCE, graphs.Seed(uint64(seed)+1))
		if err != nil {
			return 0, err
		}
		c := config21(o, 10)
		c.Seed = uint64(seed) + 1
		if _, err := train.Fit(ctx, net, fit, c); err != nil {
			return 0, err
		}
		result, err := train.Evaluate(ctx, net, test)
		if err != nil {
			return 0, err
		}
		auc, err := metric.MeanROCAUC.Compute(result)
		if err != nil {
			return 0, err
		}
		mean += auc / float64(o.seeds)
	}
	return mean, nil
}

// table looks up one category per row, in 32 elements, in front of a network of four hidden layers of 128 units.
type table struct{}

func (table) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	y, err := b.Apply("table", nn.Embedding{Dim: 32}, x)
	if err != nil {
		return nil, err
	}
	return graphs.SNN{Layers: 4, Units: 128, Outputs: 1}.Forward(b, y)
}

// tableSizes are numbers of categories. Tests shorten them.
var tableSizes = [2]int{100_000, 1_000_000}

// benchTables measures steps of networks with tables of two sizes.
func benchTables(ctx context.Context, o options, stdout io.Writer) error {
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintf(w, "| step of 1,024 rows, ms, by categories\t| of %d\t| of %d\t| ratio\t|\n| ---\t| ---\t| ---\t| ---\t|\n", tableSizes[0], tableSizes[1])
	for _, rule := range []optim.Rule{optim.SGD{Rate: 0.1}, optim.Adam{Rate: 1e-3}} {
		var seconds [2][]float64
		ratios := make([]float64, o.pairs)
		for pair := range o.pairs {
			for i, categories := range tableSizes {
				x, err := tableStep(ctx, o, rule, categories)
				if err != nil {
					return err
				}
				seconds[i] = append(seconds[i], x)
			}
			ratios[pair] = seconds[1][pair] / seconds[0][pair]
		}
		fmt.Fprintf(w, "| embedding of 32 elements, %s\t| %.3f\t| %.3f\t| %.2f\t|\n", rule.Name(), 1e3*median(seconds[0]), 1e3*median(seconds[1]), median(ratios))
	}
	fmt.Fprintf(w, "\n%d threads, medians of the fastest steps of %d pairs in turn.\n", o.threads, o.pairs)
	return w.Flush()
}

// tableStep returns the fastest of the steps after the first epoch, which touches the memory for the first time. Slower ones measure what
// else uses the machine.
func tableStep(ctx context.Context, o options, rule optim.Rule, categories int) (float64, error) {
	const batch = 1024
	steps := max(o.steps, 4)
	rows := batch * steps
	r := rand.New(rand.NewPCG(1, 1))
	index, labels := make([]int, rows), make([]float32, rows)
	for i := range index {
		index[i], labels[i] = r.IntN(categories), float32(r.IntN(2))
	}
	data := train.Named{
		Features: []train.Feature{{Categories: index, Width: categories}},
		Targets:  []train.Target{{Y: tensor.New(tensor.WithShape(rows, 1), tensor.WithBacking(labels))}},
	}
	net, err := graphs.New(table{}, data.Inputs(), graphs.BCE, graphs.Seed(1))
	if err != nil {
		return 0, err
	}
	clock := &stopwatch{last: time.Now()}
	c := train.Config{Epochs: 2, Batch: batch, Optimizer: rule, Threads: o.threads, Warn: func(string) {}, Callbacks: []train.Callback{clock}}
	if _, err := train.Fit(ctx, net, data, c); err != nil {
		return 0, err
	}
	return slices.Min(clock.steps[steps:]), nil
}
