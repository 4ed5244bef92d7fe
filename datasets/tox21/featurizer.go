package tox21

import (
	"context"
	"slices"
	"sync"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Featurizer turns molecules into the inputs of a network. The molecules that it was fitted on determine which substructures have a column,
// and the scale of every column. It is read-only, so several goroutines may use it.
type Featurizer struct {
	families []*fitted
	names    func() []string // of the columns, made once
}

// newFeaturizer returns a featurizer of families that are complete.
func newFeaturizer(families []*fitted) Featurizer {
	return Featurizer{families, sync.OnceValue(func() (names []string) {
		for _, fit := range families {
			names = append(names, fit.columnNames()...)
		}
		return names
	})}
}

// fitted returns the families; a nil featurizer has none.
func (f *Featurizer) fitted() []*fitted {
	if f == nil {
		return nil
	}
	return f.families
}

// Fit chooses the columns and their scale from the given rows of r: substructures that occur in enough of these
// molecules, and values that vary among them. Counts become tanh((x-mean)/(sd+1e-6)); other values are standardized,
// squashed by tanh, and standardized again; NaN and infinite values count as 0.
// It returns an error if there are no rows, a row is out of range, or no column is left.
func (r *Raw) Fit(rows []int) (*Featurizer, error) {
	if len(rows) == 0 {
		return nil, errors.New("tox21: no molecules to fit features on")
	}
	if r == nil {
		return nil, errors.New("tox21: no features were computed")
	}
	for _, i := range rows {
		if i < 0 || i >= r.Len() {
			return nil, errors.Errorf("tox21: row %d of %d molecules", i, r.Len())
		}
	}
	entries := make([]int, len(rows))
	for k, i := range rows {
		entries[k] = r.entry[i]
	}
	var families []*fitted
	for _, family := range r.families {
		fit := &fitted{Family: family}
		if methods[family.Kind].fingerprint != nil {
			fit.IDs = r.frequent(family, entries)
		} else {
			fit.Names = r.varying(family.Kind, entries)
		}
		if fit.cols() == 0 {
			continue
		}
		if err := fit.find(); err != nil {
			return nil, err
		}
		scaling, epsilon := family.scaling()
		plain, err := r.block(fit)
		if err != nil {
			return nil, err
		}
		if fit.Scaler, err = datasets.FitScaler(scaling, epsilon, plain, entries); err != nil {
			return nil, err
		}
		families = append(families, fit)
	}
	if len(families) == 0 {
		return nil, errors.Errorf("tox21: no feature is common enough among %d molecules", len(rows))
	}
	f := newFeaturizer(families)
	return &f, nil
}

// frequent returns, in ascending order, the substructures that occur in enough molecules (and, if binary, not in too many).
func (r *Raw) frequent(family Family, entries []int) []uint32 {
	count := make(map[uint32]int)
	for _, e := range entries {
		for _, c := range r.prints[family.Kind][e] {
			count[c.ID]++
		}
	}
	var ids []uint32
	for id, n := range count {
		if n >= family.MinMolecules && (!methods[family.Kind].binary || len(entries)-n >= family.MinMolecules) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// varying returns the names of the values that are not the same for all molecules.
func (r *Raw) varying(kind Kind, entries []int) []string {
	values := r.values[kind]
	first := values[entries[0]]
	var names []string
	for k, name := range methods[kind].names() {
		if slices.ContainsFunc(entries, func(e int) bool { return values[e][k] != first[k] }) {
			names = append(names, name)
		}
	}
	return names
}

// block returns the unscaled columns of one family, one row per entry.
func (r *Raw) block(f *fitted) (datasets.Features, error) {
	if methods[f.Kind].fingerprint != nil {
		return r.sparseBlock(f)
	}
	values := r.values[f.Kind]
	data := make([]float32, 0, len(values)*len(f.at))
	for _, v := range values {
		for _, k := range f.at {
			data = append(data, v[k])
		}
	}
	return datasets.NewDense(len(values), len(f.at), data)
}

// blockRows is the number of rows that sparseBlock has memory for at first, even if each substructure has a column: those of a block of predictions.
const blockRows = 1024

func (r *Raw) sparseBlock(f *fitted) (datasets.Features, error) {
	prints := r.prints[f.Kind]
	most := 0
	for _, print := range prints[:min(len(prints), blockRows)] {
		most += len(print)
	}
	start, index, value := make([]int, 1, len(prints)+1), make([]int32, 0, most), make([]float32, 0, most)
	for _, print := range prints {
		for _, c := range print { // both are sorted by ID, so columns ascend
			if at := f.columns.find(c.ID); at >= 0 {
				index, value = append(index, at), append(value, float32(c.N))
			}
		}
		start = append(start, len(index))
	}
	return datasets.NewSparse(len(f.IDs), start, index, value)
}

// Features returns the scaled features of all molecules of r, one row each. Counts stay sparse in memory.
// It returns an error if r lacks a family, or the featurizer was not fitted.
func (f *Featurizer) Features(r *Raw) (datasets.Features, error) {
	if f == nil || len(f.families) == 0 || r == nil {
		return nil, errors.New("tox21: a featurizer that was not fitted, or no molecules")
	}
	var blocks []datasets.Features
	for _, fit := range f.families {
		if r.prints[fit.Kind] == nil && r.values[fit.Kind] == nil {
			return nil, errors.Errorf("tox21: features %q were not computed", fit.Kind)
		}
		plain, err := r.block(fit)
		if err != nil {
			return nil, err
		}
		scaled, err := fit.Scaler.Apply(plain)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, scaled)
	}
	all, err := datasets.NewConcat(blocks...)
	if err != nil {
		return nil, err
	}
	return datasets.NewView(all, r.entry)
}

// Transform computes the scaled features of molecules, for prediction. threads is as in [Compute]. It returns an error if the featurizer
// was not fitted, or ctx's error.
func (f *Featurizer) Transform(ctx context.Context, mols []*chem.Mol, threads int) (datasets.Features, error) {
	if f == nil || len(f.families) == 0 {
		return nil, errors.New("tox21: a featurizer that was not fitted")
	}
	families := make([]Family, len(f.families))
	for i, fit := range f.families {
		families[i] = fit.Family
	}
	raw, err := Compute(ctx, mols, families, threads)
	if err != nil {
		return nil, err
	}
	return f.Features(raw)
}

// Cols returns the number of columns.
func (f *Featurizer) Cols() int {
	n := 0
	for _, fit := range f.fitted() {
		n += fit.cols()
	}
	return n
}

// Sparse reports whether all features keep their zeros, so that networks can read them as sparse rows; see datasets.Set.Sparse.
func (f *Featurizer) Sparse() bool {
	for _, fit := range f.fitted() {
		if !fit.Sparse {
			return false
		}
	}
	return f != nil && len(f.families) > 0
}

// Names returns the names of the columns, such as "ecfp6:847433064" and "descriptors:TPSA". Do not change the slice.
func (f *Featurizer) Names() []string {
	if f == nil || f.names == nil {
		return nil
	}
	return f.names()
}
