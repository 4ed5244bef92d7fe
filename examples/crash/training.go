package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// network returns a network for a data set of classes, with batch normalization and dropout: running statistics and the state of random
// masks must survive, too.
func network(set *datasets.Set, seed uint64) (*graphs.Network, error) {
	layer := graphs.BatchNorm{Layers: 3, Units: 32, Outputs: set.Outputs(), Dropout: 0.1}
	return graphs.New(layer, set.Inputs(), graphs.CrossEntropy, graphs.Seed(seed))
}

// config describes a short training with all that has a state. It saves a checkpoint after every second step.
func config(dir string, held train.Data, epochs int, seed uint64) train.Config {
	return train.Config{
		Epochs: epochs, Batch: 16, Seed: seed, Optimizer: optim.AdamW{Rate: 0.01}, Schedule: optim.Cosine{}, Validation: held,
		Metric: metric.Accuracy, Average: 0.9, Accumulate: 2, Warn: func(string) {},
		Callbacks: []train.Callback{
			&callback.Probes{}, &callback.EarlyStopping{Metric: metric.Accuracy.Name, Window: 2}, &callback.ReduceOnPlateau{Factor: 0.5, Patience: new(3)},
		},
		Checkpoint: &train.Checkpoint{Dir: dir, EverySteps: 2, Keep: 2, Best: true, Resume: true},
	}
}

// halves divides the rows of a set in two.
func halves(set *datasets.Set) (fit, held train.Data, err error) {
	var even, odd []int
	for r := range set.Len() {
		if r%2 == 0 {
			even = append(even, r)
		} else {
			odd = append(odd, r)
		}
	}
	if fit, err = train.Subset(set, even); err != nil {
		return nil, nil, err
	}
	held, err = train.Subset(set, odd)
	return fit, held, err
}

// training trains one network, with logs, TensorBoard and the report.
func training(ctx context.Context, dir string) error {
	set, err := classics.Wine()
	if err != nil {
		return err
	}
	fit, held, err := halves(set)
	if err != nil {
		return err
	}
	net, err := network(set, 1)
	if err != nil {
		return err
	}
	c := config(filepath.Join(dir, "checkpoints"), held, 40, 1)
	recorder := &report.Recorder{}
	c.Callbacks = append(c.Callbacks,
		&logs.CSVLog{Path: filepath.Join(dir, "log.csv")}, &logs.JSONLog{Path: filepath.Join(dir, "log.jsonl")},
		&tensorboard.Log{Dir: filepath.Join(dir, "tensorboard")}, recorder)
	if _, err := train.Fit(ctx, net, fit, c); err != nil {
		return err
	}
	if err := report.Write(filepath.Join(dir, "report.html"), recorder.Snapshot()); err != nil {
		return err
	}
	return net.Save(filepath.Join(dir, "model.safetensors"))
}

// ensemble trains a network for each of three folds, and saves them in one file.
func ensemble(ctx context.Context, dir string) error {
	set, err := classics.Iris()
	if err != nil {
		return err
	}
	folds := make([]train.Fold, 3)
	for r := range set.Len() {
		for k := range folds {
			if r%3 == k {
				folds[k].Held = append(folds[k].Held, r)
			} else {
				folds[k].Fit = append(folds[k].Fit, r)
			}
		}
	}
	fitted, err := train.FitEnsemble(ctx, set, train.EnsembleConfig{
		Folds:   folds,
		Network: func(k int) (*graphs.Network, error) { return network(set, uint64(k)) },
		Config: func(k int) (train.Config, error) {
			return config(filepath.Join(dir, fmt.Sprintf("network-%d", k+1)), nil, 40, uint64(k)), nil
		},
	})
	if err != nil {
		return err
	}
	return graphs.SaveAll(filepath.Join(dir, "models.safetensors"), fitted.Ensemble)
}
