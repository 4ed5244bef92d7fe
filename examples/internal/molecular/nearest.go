package molecular

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// Known are the training compounds that the neighbours among the members keep: the counts of their substructures and their labels.
type Known struct {
	// Compounds is their number, and Rates are the shares of actives among their labels, by task; NaN without any label.
	Compounds int
	Rates     [tox21.NumTasks]float64

	models []neighboursModel
}

// Known returns the training compounds, or nil if there are no neighbours among the members.
func (m *Members) Known() *Known {
	if m == nil {
		return nil
	}
	k := &Known{}
	for _, g := range m.Groups {
		for _, one := range g.models {
			if n, ok := one.(neighboursModel); ok {
				k.models = append(k.models, n)
			}
		}
	}
	if len(k.models) == 0 {
		return nil
	}
	var ones, labels [tox21.NumTasks]float64
	for _, n := range k.models {
		k.Compounds += n.Rows()
		for row := range n.Rows() {
			for task, y := range n.Labels(row) {
				if y == y {
					ones[task] += float64(y)
					labels[task]++
				}
			}
		}
	}
	k.Compounds /= max(1, len(k.models)-1) // with folds, each model lacks one of them
	for task := range k.Rates {
		k.Rates[task] = ones[task] / labels[task] // in all models together each compound counts the same
	}
	return k
}

// Nearest returns the largest Tanimoto similarity of a molecule, the first of s, to a training compound, and the labels of that compound: 0, 1, or NaN for
// a missing one. They are nil if no compound has any substructure of the molecule.
func (k *Known) Nearest(ctx context.Context, s *Substructures) (similarity float64, labels []float32, err error) {
	for _, m := range k.models {
		rows, values, err := m.Nearest(ctx, s.bags[circular])
		if err != nil {
			return 0, nil, err
		}
		if len(rows) > 0 && values[0] > similarity {
			similarity, labels = values[0], m.Labels(rows[0])
		}
	}
	return similarity, labels, nil
}
