package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// experiment is the data of a run, ready for training.
type experiment struct {
	data       *tox21.Data
	featurizer *tox21.Featurizer
	set        *datasets.Set
	fit, judge []int // rows to train on and to judge on
	page       *page
}

// trainAndReport trains the networks, prints the results, and saves what is asked for.
func trainAndReport(ctx context.Context, o options, w io.Writer) error {
	if err := makeRoom(o); err != nil {
		return err
	}
	page, err := newPage(o, w)
	if err != nil {
		return err
	}
	return page.finish(trainAll(ctx, o, page, w))
}

// trainAll is trainAndReport with a page.
func trainAll(ctx context.Context, o options, page *page, w io.Writer) error {
	begin := time.Now()
	e, err := prepare(ctx, o)
	if err != nil {
		return err
	}
	e.page = page
	page.describe(e)
	if err := e.describe(w, o); err != nil {
		return err
	}
	var results []*train.Result
	var trained []*nn.Params
	for k := range o.repeats {
		params, result, err := e.train(ctx, o, k)
		if err != nil {
			return errors.Wrapf(err, "repeat %d", k+1)
		}
		page.add(result)
		trained, results = append(trained, params), append(results, result)
		if o.repeats > 1 {
			fmt.Fprintf(w, "repeat %d of %d, seed %d: mean ROC-AUC %.4f\n", k+1, o.repeats, o.seed+uint64(k), meanAUC(result))
		}
	}
	r := newReport(o, e, results)
	r.Params = trained[0].Size()
	if o.out != "" {
		if err := save(o, e, trained); err != nil {
			return err
		}
	}
	if o.onnx != "" {
		if err := e.writeONNX(o, trained[0]); err != nil {
			return err
		}
	}
	r.Seconds = time.Since(begin).Seconds()
	r.print(w)
	if o.json == "" {
		return nil
	}
	return r.writeJSON(o.json)
}

// makeRoom makes sure, before hours of training, that the results can be written.
func makeRoom(o options) error {
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o755); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	for name, path := range map[string]string{"json": o.json, "onnx": o.onnx, "report": o.report} {
		if info, err := os.Stat(filepath.Dir(path)); path != "" && (err != nil || !info.IsDir()) {
			return errors.Errorf("-%s %s: there is no folder %s", name, path, filepath.Dir(path))
		}
	}
	return nil
}

// prepare loads the compounds and computes their features, with columns and scale from the rows to train on.
func prepare(ctx context.Context, o options) (*experiment, error) {
	data, err := tox21.Load(ctx, tox21.Options{Options: datasets.Options{Dir: o.data, Download: o.download, Threads: o.threads, Seed: o.seed}})
	if err != nil {
		return nil, err
	}
	e := &experiment{data: data, fit: data.TrainRows(), judge: data.TestRows()}
	if o.validation >= 0 {
		if e.fit, e.judge, err = data.ValidationSplit(o.validation); err != nil {
			return nil, err
		}
	}
	if len(e.fit) == 0 || len(e.judge) == 0 {
		return nil, errors.Errorf("%d compounds to train on and %d to judge on; these data have no official split", len(e.fit), len(e.judge))
	}
	raw, err := tox21.Compute(ctx, data.Mols(), nil, o.threads)
	if err != nil {
		return nil, err
	}
	if e.featurizer, err = raw.Fit(e.fit); err != nil {
		return nil, err
	}
	features, err := e.featurizer.Features(raw)
	if err != nil {
		return nil, err
	}
	e.set, err = data.Set(features, e.featurizer.Names())
	return e, err
}

// train trains one network and judges it.
func (e *experiment) train(ctx context.Context, o options, repeat int) (*nn.Params, *train.Result, error) {
	seed := o.seed + uint64(repeat)
	params, err := nn.NewParams(tensor.Float32, seed)
	if err != nil {
		return nil, nil, err
	}
	fit, err := e.set.Subset(e.fit)
	if err != nil {
		return nil, nil, err
	}
	config := train.Config{
		Loss: graphs.BCE, Epochs: o.epochs, Batch: min(o.batch, fit.Len()), Seed: seed, Threads: o.threads,
		Callbacks: []train.Callback{&train.Probes{}},
	}
	if config.Optimizer, err = train.NewOptimizer(o.optimizer, o.rate, o.l2); err != nil {
		return nil, nil, err
	}
	if config.Schedule, err = train.ParseSchedule(o.schedule); err != nil {
		return nil, nil, err
	}
	if !o.quiet {
		config.Callbacks = append(config.Callbacks, &train.Progress{})
	}
	if o.checkpoint != "" {
		config.Resume = filepath.Join(o.checkpoint, fmt.Sprintf("network-%d", repeat+1))
		config.Callbacks = append(config.Callbacks, &train.Checkpoint{Dir: config.Resume})
	}
	if err := e.page.attach(e, &config); err != nil {
		return nil, nil, err
	}
	if _, err := train.Fit(ctx, o.model(), params, fit, config); err != nil {
		return nil, nil, err
	}
	result, err := e.evaluate(ctx, o, params)
	return params, result, err
}

// evaluate judges a network. Compounds whose molecule cannot be read are predicted by the base rate.
func (e *experiment) evaluate(ctx context.Context, o options, params *nn.Params) (*train.Result, error) {
	judge, err := e.set.Subset(e.judge)
	if err != nil {
		return nil, err
	}
	result, err := train.NewPredictor(o.model(), params, graphs.BCE, nil).Evaluate(ctx, judge)
	if err != nil {
		return nil, err
	}
	rates := e.data.BaseRates(e.fit)
	for i, row := range e.judge {
		if e.data.Compounds[row].Mol == nil {
			copy(result.Row(i), rates[:])
		}
	}
	return result, nil
}

// describe prints which data are used and the network.
func (e *experiment) describe(w io.Writer, o options) error {
	fmt.Fprintf(w, "data: %s\n", e.data.Notes)
	for i, s := range e.data.Skipped() {
		if i == 10 {
			fmt.Fprintf(w, "  ... and %d more\n", len(e.data.Skipped())-i)
			break
		}
		fmt.Fprintf(w, "  unreadable: %s (line %d): %s\n", s.ID, s.Line, s.Reason)
	}
	on := "test"
	if o.validation >= 0 {
		on = fmt.Sprintf("validation (fold %d and leaderboard)", o.validation)
	}
	fmt.Fprintf(w, "rows: %d for training, %d for %s; %d features\n\n", len(e.fit), len(e.judge), on, e.set.Inputs())
	params, err := nn.NewParams(tensor.Float32, o.seed)
	if err != nil {
		return err
	}
	g, err := graphs.Build(o.model(), params, graphs.Config{
		Mode: graphs.Train, Batch: min(o.batch, len(e.fit)), Inputs: e.set.Inputs(), Loss: graphs.BCE,
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s network for training\n%s\n", o.net, g.Summary())
	return nil
}
