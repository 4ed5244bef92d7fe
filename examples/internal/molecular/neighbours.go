package molecular

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/train/baseline"
)

const numTasks = tox21.NumTasks

// neighboursModel predicts by the most similar training compounds.
type neighboursModel struct{ *baseline.Similar }

func fitNeighbours(ctx context.Context, d *Data, k, _ int, rows []int) (model, error) {
	labels, err := d.labels(rows)
	if err != nil {
		return nil, err
	}
	of, err := count(ctx, d.mols(rows), []substructure{circular})
	if err != nil {
		return nil, err
	}
	s, err := baseline.Tanimoto{K: k}.Fit(of.bags[circular], labels, numTasks)
	return neighboursModel{s}, err
}

func (m neighboursModel) scores(ctx context.Context, x Inputs, threads int) ([]float64, error) {
	bags, err := x.bags(circular)
	if err != nil {
		return nil, err
	}
	return m.Scores(ctx, bags, threads)
}

func (m neighboursModel) pack(arrays map[string]any, prefix string) error {
	members.Add(arrays, prefix, m.Pack())
	return nil
}

func loadNeighbours(a *members.Arrays, prefix string, _ int) (model, error) {
	s, err := baseline.UnpackSimilar(a.Take(prefix))
	if err == nil && s.Tasks() != numTasks {
		err = errors.Errorf("%d tasks, want %d", s.Tasks(), numTasks)
	}
	return neighboursModel{s}, errors.WithMessage(err, prefix)
}
