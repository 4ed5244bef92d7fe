package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/trials"
)

// problem is the data of all trials.
type problem struct {
	notes string
	sum   string // the name of the data with their checksum
	// columns returns the features of all compounds, with columns and scale from the given rows.
	columns func(fit []int) (*datasets.Set, error)
	// split returns the rows to train on and to judge on, for a fold or for the test.
	split func(fold int) (fit, judged []int, err error)
	// rates returns the predictions for the compounds that cannot be read; nil if all can.
	rates      func(fit []int) ([tox21.NumTasks]float64, error)
	unreadable func(row int) bool

	mu    sync.Mutex
	parts map[int]*part
}

// testFold is the number of the split into training and test compounds, after the official folds 0 to 4.
const testFold = -1

// part is the data of one split.
type part struct {
	fit, judge *datasets.Set
	judged     []int
	rates      [tox21.NumTasks]float64
}

// part returns the data of a fold, which it prepares at the first call.
func (p *problem) part(fold int) (*part, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x := p.parts[fold]; x != nil {
		return x, nil
	}
	fit, judged, err := p.split(fold)
	if err != nil {
		return nil, err
	}
	set, err := p.columns(fit)
	if err != nil {
		return nil, err
	}
	x := &part{judged: judged}
	if x.fit, err = set.Subset(fit); err != nil {
		return nil, err
	}
	if x.judge, err = set.Subset(judged); err != nil {
		return nil, err
	}
	if p.rates != nil {
		if x.rates, err = p.rates(fit); err != nil {
			return nil, err
		}
	}
	if p.parts == nil {
		p.parts = map[int]*part{}
	}
	p.parts[fold] = x
	return x, nil
}

// load reads the compounds, or the official matrices.
func load(ctx context.Context, o options) (*problem, error) {
	where := datasets.Options{Dir: o.data, Download: o.download, StandIn: o.synthetic, Threads: o.parallel, Seed: o.seed}
	if o.features == official {
		return loadOfficial(ctx, where)
	}
	data, err := tox21.Load(ctx, tox21.Options{Options: where})
	if err != nil {
		return nil, err
	}
	raw, err := tox21.Compute(ctx, data.Mols(), tox21.DefaultFamilies(), o.parallel)
	if err != nil {
		return nil, err
	}
	c := trials.NewChecksum()
	for _, x := range data.Compounds {
		c.Text(x.ID, x.SMILES, x.Parent)
		c.Numbers(x.Labels[:])
		c.Rows([]int{int(x.Part), x.Fold})
	}
	p := &problem{sum: c.Name("Tox21"), notes: data.Notes, rates: data.BaseRates, unreadable: func(row int) bool { return data.Compounds[row].Mol == nil }}
	p.columns = func(fit []int) (*datasets.Set, error) {
		featurizer, err := raw.Fit(fit)
		if err != nil {
			return nil, err
		}
		features, err := featurizer.Features(raw)
		if err != nil {
			return nil, err
		}
		return data.Set(features, featurizer.Names())
	}
	p.split = func(fold int) (fit, judged []int, err error) {
		if fold == testFold {
			return data.TrainRows(), data.TestRows(), nil
		}
		return data.ValidationSplit(fold)
	}
	return p, nil
}

// loadOfficial reads the official matrices, which are scaled on all training compounds.
func loadOfficial(ctx context.Context, where datasets.Options) (*problem, error) {
	set, err := datasets.OpenContext(ctx, "tox21-descriptors", where)
	if err != nil {
		return nil, err
	}
	c := trials.NewChecksum()
	if err := c.Set(set); err != nil {
		return nil, err
	}
	c.Rows(set.Fold)
	all := append(set.Rows(datasets.Train), set.Rows(datasets.Validation)...)
	return &problem{
		sum:     c.Name("Tox21 descriptors"),
		notes:   fmt.Sprintf("%s, %d columns", set.Notes, set.Width()),
		columns: func([]int) (*datasets.Set, error) { return set, nil },
		split: func(fold int) (fit, judged []int, err error) {
			if fold == testFold {
				return all, set.Rows(datasets.Test), nil
			}
			if set.Fold == nil {
				return nil, nil, errors.New("the folder has no tox21_compoundData.csv, which lists the official folds")
			}
			for _, r := range all {
				if set.Fold[r] == fold || set.Part[r] == datasets.Validation {
					judged = append(judged, r)
				} else {
					fit = append(fit, r)
				}
			}
			if len(fit) == 0 || len(judged) == 0 {
				return nil, nil, errors.Errorf("fold %d has %d compounds, and %d are left", fold, len(judged), len(fit))
			}
			return fit, judged, nil
		},
	}, nil
}
