package molecular

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// Inputs are molecules as members read them.
type Inputs struct {
	// Features are those of the featurizer, and Rows the molecules among them.
	Features datasets.Features
	Rows     []int
	// Substructures are those of these rows.
	Substructures *Substructures
}

// Data are the compounds that members are trained on.
type Data struct {
	Features datasets.Features
	Names    []string    // of the features
	Mols     []*chem.Mol // nil for one that cannot be read
	Labels   []float32   // of all tasks, row-major; NaN for a missing one
	Seed     uint64
	Threads  int // 0 means 1; they change no result

	table *baseline.Table // the features, for trees; nil until they are needed
}

// labels returns the labels of some rows.
func (d *Data) labels(rows []int) (labels []float32, err error) {
	for _, r := range rows {
		if r < 0 || (r+1)*numTasks > len(d.Labels) || r >= len(d.Mols) {
			return nil, errors.Errorf("row %d of %d labels and %d molecules", r, len(d.Labels), len(d.Mols))
		}
		labels = append(labels, d.Labels[r*numTasks:(r+1)*numTasks]...)
	}
	return labels, nil
}

// mols returns the molecules of some rows.
func (d *Data) mols(rows []int) (mols []*chem.Mol) {
	for _, r := range rows {
		mols = append(mols, d.Mols[r])
	}
	return mols
}

// bags returns the counts of a kind, or an error if they are not those of the rows.
func (x Inputs) bags(kind substructure) (baseline.Bags, error) {
	if x.Substructures == nil || x.Substructures.bags[kind].Rows() != len(x.Rows) {
		return baseline.Bags{}, errors.Errorf("%d molecules without the substructures that the members compare", len(x.Rows))
	}
	return x.Substructures.bags[kind], nil
}
