package main

import (
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// The files of a saved run: how to describe molecules, and the networks. A text says whether the data were synthetic.
const (
	featurizerFile = "features.json"
	networksFile   = "networks.safetensors"
	syntheticKey   = "synthetic"
)

// save writes the featurizer and the networks of a run to -out, in place of those of an earlier run.
func save(o options, e *experiment, trained train.Ensemble) error {
	if err := e.featurizer.Save(filepath.Join(o.out, featurizerFile)); err != nil {
		return err
	}
	info := map[string]string{"data": e.data.Notes}
	if e.data.Synthetic {
		info[syntheticKey] = "true"
	}
	return graphs.SaveAll(filepath.Join(o.out, networksFile), trained, info)
}

// saved is a run read back from its folder.
type saved struct {
	featurizer *tox21.Featurizer
	networks   train.Ensemble
	synthetic  bool
}

// load reads the featurizer and the networks of an earlier run.
func load(dir string) (*saved, error) {
	f, err := tox21.LoadFeaturizer(filepath.Join(dir, featurizerFile))
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, networksFile)
	networks, err := graphs.LoadAll(path)
	if err != nil {
		return nil, err
	}
	for _, m := range networks {
		if m.Spec.Inputs != len(f.Names()) || m.Spec.Outputs != tox21.NumTasks || m.Loss.Name != graphs.BCE.Name {
			return nil, errors.Errorf("%s: a network of %d inputs and %d outputs for %s, want %d and %d for %s: it is not of this run",
				path, m.Spec.Inputs, m.Spec.Outputs, m.Loss.Name, len(f.Names()), tox21.NumTasks, graphs.BCE.Name)
		}
	}
	return &saved{f, networks, networks[0].Metadata[syntheticKey] != ""}, nil
}
