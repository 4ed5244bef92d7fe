package main

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// neighboursModel predicts by the most similar training compounds.
type neighboursModel struct{ *baseline.Similar }

// neighbourRadius is that of the circular substructures whose counts are compared: ECFP4.
const neighbourRadius = 2

func fitNeighbours(_ context.Context, e *experiment, k, _ int, rows []int) (model, error) {
	var labels []float32
	for _, r := range rows {
		labels = append(labels, e.data.Compounds[r].Labels[:]...)
	}
	s, err := baseline.Tanimoto{K: k}.Fit(bagsOf(e.data.Mols(), rows), labels, tox21.NumTasks)
	return neighboursModel{s}, err
}

// bagsOf returns the substructures of some molecules, none for one that cannot be read.
func bagsOf(mols []*chem.Mol, rows []int) (b baseline.Bags) {
	for _, r := range rows {
		b.Append(func(yield func(id uint32, n int) bool) {
			if mols[r] == nil {
				return
			}
			for _, c := range fingerprint.ECFP(mols[r], neighbourRadius) {
				if !yield(c.ID, int(c.N)) {
					return
				}
			}
		})
	}
	return b
}

func (m neighboursModel) scores(ctx context.Context, x inputs, threads int) ([]float64, error) {
	return m.Scores(ctx, bagsOf(x.mols, x.rows), threads)
}

func (m neighboursModel) pack(arrays map[string]any, prefix string) error {
	addArrays(arrays, prefix, m.Pack())
	return nil
}

func loadNeighbours(f *arrayFile, prefix string, _ int) (model, error) {
	s, err := baseline.UnpackSimilar(f.take(prefix))
	if err == nil && s.Tasks() != tox21.NumTasks {
		err = errors.Errorf("%d tasks, want %d", s.Tasks(), tox21.NumTasks)
	}
	return neighboursModel{s}, errors.WithMessage(err, prefix)
}
