package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
)

// The files of a saved run: how to describe molecules, and the networks.
const (
	featurizerFile = "features.json"
	networkFiles   = "network-*.safetensors"
	optionsKey     = "tox21"
)

// architecture is what a weights file says of its network.
type architecture struct {
	Net       string  `json:"net"`
	Layers    int     `json:"layers"`
	Units     int     `json:"units"`
	Form      string  `json:"form"`
	Dropout   float64 `json:"dropout"`
	Synthetic bool    `json:"synthetic"`
}

// save writes the featurizer and the networks of a run to -out, in place of those of an earlier run.
func save(o options, e *experiment, trained []*nn.Params) error {
	text, err := json.Marshal(architecture{o.net, o.hidden.Layers, o.hidden.Units, o.form, o.hidden.Dropout, e.data.Synthetic})
	if err != nil {
		return err
	}
	if err := e.featurizer.Save(filepath.Join(o.out, featurizerFile)); err != nil {
		return err
	}
	kept := map[string]bool{}
	for k, params := range trained {
		path := filepath.Join(o.out, fmt.Sprintf("network-%d.safetensors", k+1))
		if err := train.SaveWeights(path, params, map[string]string{optionsKey: string(text)}); err != nil {
			return err
		}
		kept[path] = true
	}
	old, err := filepath.Glob(filepath.Join(o.out, networkFiles))
	if err != nil {
		return err
	}
	for _, path := range old {
		if !kept[path] {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// saved is a run read back from its folder.
type saved struct {
	featurizer *tox21.Featurizer
	networks   []network
	synthetic  bool
}

type network struct {
	model  nn.Layer
	params *nn.Params
}

// load reads the featurizer and the networks of an earlier run.
func load(dir string) (*saved, error) {
	f, err := tox21.LoadFeaturizer(filepath.Join(dir, featurizerFile))
	if err != nil {
		return nil, err
	}
	s := &saved{featurizer: f}
	paths, err := filepath.Glob(filepath.Join(dir, networkFiles))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.Errorf("there are no networks in %s; train with -out %s first", dir, dir)
	}
	for _, path := range paths {
		params, metadata, err := train.LoadWeights(path)
		if err != nil {
			return nil, err
		}
		var a architecture
		if err := json.Unmarshal([]byte(metadata[optionsKey]), &a); err != nil {
			return nil, errors.Wrapf(err, "%s is not a network of this program", path)
		}
		o := options{net: a.Net, form: a.Form}
		o.hidden.Layers, o.hidden.Units, o.hidden.Dropout, o.hidden.Outputs = a.Layers, a.Units, a.Dropout, tox21.NumTasks
		o.rate, o.batch, o.epochs, o.repeats, o.validation = 1, 2, 1, 1, -1
		o.optimizer, o.schedule = "adam", "constant"
		if err := o.check(); err != nil {
			return nil, errors.Wrap(err, path)
		}
		s.networks = append(s.networks, network{o.model(), params})
		s.synthetic = s.synthetic || a.Synthetic
	}
	return s, nil
}
