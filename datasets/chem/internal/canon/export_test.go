package canon

import "github.com/selfnorm/selfnorm/datasets/chem"

// Work counts the atoms that a ranking of a molecule of one fragment looks at.
func Work(m *chem.Mol) int {
	r := new(ranker)
	r.reset(m, m.Components()[0], false, make([]int32, len(m.Atoms())))
	r.refine(nil, nil)
	r.search(0, 0)
	return maxWork - r.work
}
