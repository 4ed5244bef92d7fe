package main

import (
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// format identifies the files of this program, which hold the networks and a tox21.Featurizer.
var format = training.Format{Program: "tox21", Version: 1}

// syntheticKey is the name of a text that a file has if its networks were trained on made-up molecules.
const syntheticKey = "synthetic"

// splitKey is the name of the text that says how the compounds were divided.
const splitKey = "split"

// load reads the networks of a file and the featurizer of their molecules.
func load(path string) (train.Ensemble, *tox21.Featurizer, error) {
	featurizer := &tox21.Featurizer{}
	networks, err := format.Load(path, featurizer)
	if err != nil {
		return nil, nil, err
	}
	return networks, featurizer, training.CheckNetworks(path, networks, featurizer.Cols(), tox21.NumTasks, graphs.BCE)
}
