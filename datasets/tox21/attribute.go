package tox21

import (
	"iter"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

// occurrences yields the substructures of a molecule with their atoms, for the kinds that count substructures of atoms.
var occurrences = map[Kind]func(*chem.Mol) iter.Seq2[uint32, []int32]{
	ECFP6:     func(m *chem.Mol) iter.Seq2[uint32, []int32] { return fingerprint.ECFPOccurrences(m, 3) },
	FCFP4:     func(m *chem.Mol) iter.Seq2[uint32, []int32] { return fingerprint.FCFPOccurrences(m, 2) },
	AtomPairs: fingerprint.AtomPairOccurrences,
}

// Baseline returns scaled features to compare molecules with: those of no substructures of atoms at all, and of the mean of the fitting
// molecules otherwise. Then what a molecule does not have contributes nothing. It is nil for a featurizer that was not fitted.
func (f *Featurizer) Baseline() (all []float64, err error) {
	for _, fit := range f.fitted() {
		row := make([]float32, fit.cols())
		if occurrences[fit.Kind] != nil {
			zeros, err := datasets.NewDense(1, len(row), make([]float32, len(row)))
			if err != nil {
				return nil, err
			}
			scaled, err := fit.Scaler.Apply(zeros)
			if err != nil {
				return nil, err
			}
			if err := scaled.Gather(row, len(row), []int{0}); err != nil {
				return nil, err
			}
		}
		for _, v := range row {
			all = append(all, float64(v))
		}
	}
	return all, nil
}

// Attribution is a sum over the features of a molecule, divided into what its atoms contribute and the rest.
type Attribution struct {
	// Mol is the molecule with these atoms. Features are those of its parent: what the counter-ions of a salt contribute is 0. If the atoms of the
	// parent cannot be found in the molecule, it is the parent.
	Mol *chem.Mol
	// Atoms are the shares of the atoms in the substructures that the molecule has: a substructure is divided evenly among its occurrences,
	// and each of them among its atoms.
	Atoms []float64
	// Others are the contributions of all other features: of the substructures that the molecule does not have, together for each kind, and
	// of keys and values one by one. Those that are 0 are left out.
	Others []OtherContribution
}

// OtherContribution is that of a feature without atoms.
type OtherContribution struct {
	// Kind is the kind of the feature, and Name its name. For the substructures of that kind which the molecule does not have, Name is empty.
	Kind         Kind
	Name         string
	Contribution float64
}

// Sum returns the sum of all contributions.
func (a *Attribution) Sum() (sum float64) {
	if a == nil {
		return 0
	}
	for _, v := range a.Atoms {
		sum += v
	}
	for _, o := range a.Others {
		sum += o.Contribution
	}
	return sum
}

// maxAttributed is the number of atoms beyond which Attribute refuses a molecule.
const maxAttributed = 2000

// Attribute divides contributions of the columns of a molecule, in the order of Names, among its atoms and other features. The sum stays the
// same. It returns an error if the featurizer was not fitted, if there are not as many contributions as columns, and for a molecule of more than
// 2,000 atoms.
func (f *Featurizer) Attribute(m *chem.Mol, contributions []float64) (*Attribution, error) {
	if len(f.fitted()) == 0 {
		return nil, errors.New("tox21: a featurizer that was not fitted")
	}
	if len(contributions) != f.Cols() {
		return nil, errors.Errorf("tox21: %d contributions of %d columns", len(contributions), f.Cols())
	}
	if len(m.Atoms()) > maxAttributed {
		return nil, errors.Errorf("tox21: a molecule of %d atoms is too large to divide contributions among them, more than %d", len(m.Atoms()), maxAttributed)
	}
	parent := standardize.Parent(m)
	a := &Attribution{Mol: m, Atoms: make([]float64, len(parent.Atoms()))}
	for _, fit := range f.families {
		mine := contributions[:fit.cols()]
		contributions = contributions[fit.cols():]
		if of := occurrences[fit.Kind]; of != nil {
			a.add(fit, of(parent), mine)
			continue
		}
		names := fit.columnNames()
		for k, v := range mine {
			if v != 0 {
				a.Others = append(a.Others, OtherContribution{fit.Kind, names[k][len(fit.Kind)+1:], v})
			}
		}
	}
	at := places(parent, m)
	if at == nil {
		a.Mol = parent
		return a, nil
	}
	shares := a.Atoms
	a.Atoms = make([]float64, len(m.Atoms()))
	for i, v := range shares {
		for _, j := range at[i] {
			a.Atoms[j] += v / float64(len(at[i]))
		}
	}
	return a, nil
}

// add adds the contributions of substructures.
func (a *Attribution) add(fit *fitted, all iter.Seq2[uint32, []int32], contributions []float64) {
	column, count := make(map[uint32]int, len(fit.IDs)), make([]int, len(fit.IDs))
	for c, id := range fit.IDs {
		column[id] = c
	}
	for id := range all {
		if c, ok := column[id]; ok {
			count[c]++
		}
	}
	for id, atoms := range all {
		c, ok := column[id]
		if !ok {
			continue
		}
		share := contributions[c] / float64(count[c]*len(atoms))
		for _, i := range atoms {
			a.Atoms[i] += share
		}
	}
	absent := 0.0
	for c, n := range count {
		if n == 0 {
			absent += contributions[c]
		}
	}
	if absent != 0 {
		a.Others = append(a.Others, OtherContribution{Kind: fit.Kind, Contribution: absent})
	}
}
