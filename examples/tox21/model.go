package main

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// format identifies the files of this program, which hold the networks, a tox21.Featurizer, and the other members of the ensemble.
var format = training.Format{Program: "tox21", Version: 1}

// syntheticKey is the name of a text that a file has if its networks were trained on made-up molecules.
const syntheticKey = "synthetic"

// splitKey is the name of the text that says how the compounds were divided.
const splitKey = "split"

// saved is the content of a file.
type saved struct {
	networks   train.Ensemble
	groups     []*group // the other members
	members    memberFile
	featurizer *tox21.Featurizer
}

// load reads the members of a file and the featurizer of their molecules.
func load(path string) (*saved, error) {
	s := &saved{featurizer: &tox21.Featurizer{}}
	networks, arrays, err := format.LoadBundle(path, s.featurizer)
	if err != nil {
		return nil, err
	}
	s.networks = networks
	if err := training.CheckNetworks(path, networks, s.featurizer.Cols(), tox21.NumTasks, graphs.BCE); err != nil {
		return nil, err
	}
	s.members, s.groups, err = unpackGroups(networks[0].Metadata[membersKey], arrays, s.featurizer.Cols())
	return s, errors.Wrap(err, path)
}
