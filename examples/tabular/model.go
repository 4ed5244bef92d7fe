package main

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// format identifies the files of this program, which hold the networks and a csv.Encoder.
var format = training.Format{Program: "tabular", Version: 1}

// load reads the networks of a file, the encoder of their table, and the members beside the networks, nil if there are none.
func load(path string) (train.Ensemble, *csv.Encoder, *members.Members, error) {
	encoder := &csv.Encoder{}
	networks, arrays, err := format.LoadBundle(path, encoder)
	if err != nil {
		return nil, nil, nil, err
	}
	outputs := len(encoder.Tasks())
	if classes := encoder.Classes(); classes != nil {
		outputs = len(classes)
	}
	inputs := len(encoder.FeatureNames())
	if err := training.CheckNetworks(path, networks, inputs, outputs, lossOf(encoder)); err != nil {
		return nil, nil, nil, err
	}
	beside, err := members.Unpack(networks[0].Metadata[members.Key], arrays, inputs, outputs)
	return networks, encoder, beside, errors.Wrap(err, path)
}

// lossOf returns the loss for the kind of target.
func lossOf(e *csv.Encoder) graphs.Loss {
	switch e.Problem() {
	case csv.Classes:
		return graphs.CrossEntropy
	case csv.Binary:
		return graphs.BCE
	}
	return graphs.MSE
}
