package main

import (
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// format identifies the files of this program, which hold the networks and a csv.Encoder.
var format = training.Format{Program: "tabular", Version: 1}

// load reads the networks of a file and the encoder of their table.
func load(path string) (train.Ensemble, *csv.Encoder, error) {
	encoder := &csv.Encoder{}
	networks, err := format.Load(path, encoder)
	if err != nil {
		return nil, nil, err
	}
	outputs := len(encoder.Tasks())
	if classes := encoder.Classes(); classes != nil {
		outputs = len(classes)
	}
	return networks, encoder, training.CheckNetworks(path, networks, len(encoder.FeatureNames()), outputs, lossOf(encoder))
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
