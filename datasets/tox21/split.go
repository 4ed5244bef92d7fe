package tox21

import (
	"cmp"
	"context"
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem/scaffold"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// RandomSplit divides all compounds that can be read, whatever part the source puts them in: the test part has at most the given share of
// them, chosen at random by the seed. Compounds with the same parent are in the same part. It returns an error if share is not between 0
// and 1.
func (d *Data) RandomSplit(share float64, seed uint64) (fit, test []int, err error) {
	fit, test, err = datasets.GroupSplit(d.readable(), d.Groups(), share, seed)
	return fit, test, errors.Wrap(err, "tox21")
}

// ScaffoldSplit divides all compounds that can be read as DeepChem's ScaffoldSplitter does (Wu et al. 2018, "MoleculeNet: a benchmark for
// molecular machine learning", and deepchem/splits/splitters.py): compounds with the same Murcko scaffold, as drawn, are in the same part. The
// scaffolds with most compounds come first, among equals that whose first compound comes later; each goes to the training part if it has
// space for it, and to the test part otherwise. The test part has at least the given share of the compounds, of rare scaffolds. Compounds
// without rings have one scaffold. threads is as in datasets.Options.
//
// It returns an error if share is not between 0 and 1, or ctx's error.
func (d *Data) ScaffoldSplit(ctx context.Context, share float64, threads int) (fit, test []int, err error) {
	if !(share >= 0 && share <= 1) {
		return nil, nil, errors.Errorf("tox21: share %v is outside 0..1", share)
	}
	rows := d.readable()
	keys := make([]string, len(rows))
	if err := parallel(ctx, len(rows), threads, func(i int) { keys[i] = scaffoldOf(&d.Compounds[rows[i]]) }); err != nil {
		return nil, nil, errors.Wrap(err, "tox21")
	}
	byKey := make(map[string][]int)
	for i, r := range rows {
		byKey[keys[i]] = append(byKey[keys[i]], r)
	}
	sets := make([][]int, 0, len(byKey))
	for _, set := range byKey {
		sets = append(sets, set)
	}
	slices.SortFunc(sets, func(a, b []int) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b[0], a[0]))
	})
	space := int((1-share)*float64(len(rows)) + 1e-9) // 0.7 of 10 rows are 7
	for _, set := range sets {
		if len(fit)+len(set) <= space {
			fit = append(fit, set...)
		} else {
			test = append(test, set...)
		}
	}
	slices.Sort(fit)
	slices.Sort(test)
	return fit, test, nil
}

// scaffoldOf returns the key of the scaffold of a compound. One that has no possible scaffold is alone.
func scaffoldOf(c *Compound) string {
	s, err := scaffold.Murcko(c.Mol)
	if err != nil {
		return "?" + c.ID
	}
	return smiles.Canonical(s)
}

// readable lists the compounds that can be read.
func (d *Data) readable() []int {
	return d.rows(func(c *Compound) bool { return c.Mol != nil })
}
