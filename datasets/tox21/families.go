package tox21

import (
	"fmt"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/descriptor"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Kind is a way of describing a molecule by numbers.
type Kind string

// The kinds of features. Fingerprints count substructures and get one column for each that is frequent enough; the
// others always have the same columns.
const (
	ECFP6           Kind = "ecfp6"           // circular substructures up to radius 3, counts
	FCFP4           Kind = "fcfp4"           // circular substructures of atom roles up to radius 2, counts
	AtomPairs       Kind = "atompairs"       // pairs of atoms and their distance, counts
	MACCS           Kind = "maccs"           // the 166 public MACCS keys, present or absent
	Descriptors     Kind = "descriptors"     // size, charge, lipophilicity, surface, rings, groups, ...
	Autocorrelation Kind = "autocorrelation" // 2-D autocorrelation of atom properties
)

// method computes one kind of features: either fingerprint is set, or values and names are.
type method struct {
	fingerprint func(*chem.Mol) fingerprint.Counts
	binary      bool // a yes-or-no fingerprint: a column that is nearly always set is as uninformative as one that hardly ever is
	values      func(*chem.Mol) []float64
	names       func() []string
}

// methods is the only place where a new kind is added.
var methods = map[Kind]method{
	ECFP6:           {fingerprint: func(m *chem.Mol) fingerprint.Counts { return fingerprint.ECFP(m, 3) }},
	FCFP4:           {fingerprint: func(m *chem.Mol) fingerprint.Counts { return fingerprint.FCFP(m, 2) }},
	AtomPairs:       {fingerprint: fingerprint.AtomPairs},
	MACCS:           {fingerprint: fingerprint.MACCS, binary: true},
	Descriptors:     {values: descriptor.Compute, names: descriptor.Names},
	Autocorrelation: {values: descriptor.Autocorrelation2D, names: descriptor.AutocorrelationNames},
}

// Family is a block of feature columns.
type Family struct {
	Kind Kind `json:"kind"`
	// MinMolecules is the number of fitting molecules in which a substructure must occur to become a column; a MACCS key
	// must also be absent from that many. It has no effect on kinds that are not fingerprints.
	MinMolecules int `json:"minMolecules,omitempty"`
	// Sparse keeps the zeros of a fingerprint, so that a network can read its counts as sparse rows: a count is scaled without a shift. Use
	// it for tens of thousands of substructures.
	Sparse bool `json:"sparse,omitempty"`
}

// SparseFamilies are the features for networks with a sparse input: all circular substructures that occur in at least two molecules,
// tens of thousands.
func SparseFamilies() []Family { return []Family{{Kind: ECFP6, MinMolecules: 2, Sparse: true}} }

// DefaultFamilies are the features behind the published measurements: frequent circular substructures, atom pairs and keys, and all
// descriptors.
func DefaultFamilies() []Family {
	return []Family{
		{Kind: ECFP6, MinMolecules: 20},
		{Kind: AtomPairs, MinMolecules: 50},
		{Kind: FCFP4, MinMolecules: 50},
		{Kind: Descriptors},
		{Kind: MACCS, MinMolecules: 20},
		{Kind: Autocorrelation},
	}
}

func checkFamilies(families []Family) error {
	if len(families) == 0 {
		return errors.New("tox21: no families of features")
	}
	seen := make(map[Kind]bool)
	for _, f := range families {
		if _, ok := methods[f.Kind]; !ok {
			return errors.Errorf("tox21: unknown kind of features %s", formats.Quote(string(f.Kind)))
		}
		if seen[f.Kind] || f.MinMolecules < 0 {
			return errors.Errorf("tox21: features %q: twice, or in %d molecules", f.Kind, f.MinMolecules)
		}
		if f.Sparse && methods[f.Kind].fingerprint == nil {
			return errors.Errorf("tox21: features %q are values of each molecule, which are not sparse", f.Kind)
		}
		seen[f.Kind] = true
	}
	return nil
}

// fitted is a family whose columns and scale are known.
type fitted struct {
	Family
	// IDs are the substructures that have a column, ascending, for fingerprints.
	IDs []uint32 `json:"ids,omitempty"`
	// Names are the values that have a column, for other kinds: those that vary among the fitting molecules.
	Names  []string         `json:"names,omitempty"`
	Scaler *datasets.Scaler `json:"scaler"`

	at      []int        // index of each of Names among the values of the kind
	columns *columnTable // of IDs
}

// scaling follows the recipe: counts are squashed once, values are standardized again afterwards.
func (f Family) scaling() (datasets.Scaling, float64) {
	if f.Sparse {
		return datasets.DeviationTanh, 0
	}
	if methods[f.Kind].fingerprint != nil {
		return datasets.StandardizeTanh, 1e-6
	}
	return datasets.StandardizeTanhStandardize, 0
}

// cols returns the number of columns.
func (f *fitted) cols() int { return len(f.IDs) + len(f.Names) }

// columnNames returns names such as "ecfp6:847433064" and "descriptors:TPSA".
func (f *fitted) columnNames() []string {
	var names []string
	for _, id := range f.IDs {
		names = append(names, fmt.Sprintf("%s:%d", f.Kind, id))
	}
	for _, n := range f.Names {
		names = append(names, string(f.Kind)+":"+n)
	}
	return names
}

// find locates the named values, and checks that this program still computes them.
func (f *fitted) find() error {
	m := methods[f.Kind]
	if m.fingerprint != nil {
		for i := 1; i < len(f.IDs); i++ {
			if f.IDs[i] <= f.IDs[i-1] {
				return errors.Errorf("tox21: features %q: substructures are not in order", f.Kind)
			}
		}
		if len(f.Names) > 0 {
			return errors.Errorf("tox21: features %q: names for substructures", f.Kind)
		}
		f.columns = newColumnTable(f.IDs)
		return nil
	}
	place := make(map[string]int)
	for i, n := range m.names() {
		place[n] = i
	}
	f.at = nil
	for _, n := range f.Names {
		i, ok := place[n]
		if !ok {
			return errors.Errorf("tox21: features %q: this program does not compute %s", f.Kind, formats.Quote(n))
		}
		f.at = append(f.at, i)
	}
	if len(f.IDs) > 0 {
		return errors.Errorf("tox21: features %q: substructures for values", f.Kind)
	}
	return nil
}
