package main

import (
	"context"

	"github.com/pkg/errors"
)

// The ways to divide the compounds, by which the flag -split names them.
const (
	official = "official"
	random   = "random"
	scaffold = "scaffold"
)

var splits = []string{official, random, scaffold}

// testShare is the part of the compounds for the test if the split is not the official one, as in DeepChem's train_test_split.
const testShare = 0.2

// splitNotes describe the splits.
var splitNotes = map[string]string{
	official: "that of the challenge",
	random: "random, 80 % of the compounds for training and 20 % for the test, variants of one parent on the same side; results are not " +
		"comparable with those of the challenge's test compounds",
	scaffold: "by Murcko scaffold as DeepChem's ScaffoldSplitter, the commonest for training, at least 20 % of the compounds for the test; results " +
		"are not comparable with those of the challenge's test compounds",
}

// divide chooses the rows to train on and to judge on.
func (p *problem) divide(ctx context.Context, o options) (err error) {
	if p.split = o.split; p.split == "" {
		p.split = official
		if len(p.data.TestRows()) == 0 && o.validation < 0 && !o.Members.Folds {
			p.split = random
		}
	}
	switch {
	case p.split == random:
		p.fit, p.judged, err = p.data.RandomSplit(testShare, o.splitSeed)
	case p.split == scaffold:
		p.fit, p.judged, err = p.data.ScaffoldSplit(ctx, testShare, o.Threads)
	case o.validation >= 0:
		p.fit, p.judged, err = p.data.ValidationSplit(o.validation)
	default:
		p.fit, p.judged = p.data.TrainRows(), p.data.TestRows()
	}
	if err == nil && o.Members.Folds {
		p.folds, err = p.data.Folds()
	}
	if err != nil {
		return err
	}
	if len(p.fit) == 0 || len(p.judged) == 0 {
		return errors.Errorf("%d compounds to train on and %d to judge on in the %s split; -split chooses another", len(p.fit), len(p.judged), p.split)
	}
	return nil
}
