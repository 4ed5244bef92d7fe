package tox21

import (
	"context"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

// Raw holds substructure counts and descriptors of molecules before any column is selected or scaled, so that one computation serves
// several folds. Molecules with the same parent share one entry.
type Raw struct {
	families []Family
	entry    []int // of each molecule
	mols     []*chem.Mol
	prints   map[Kind][]fingerprint.Counts // one per entry
	values   map[Kind][][]float32          // one per entry
}

// Compute describes molecules by the given families (nil: [DefaultFamilies]), after reducing each to its parent: the largest fragment, made
// neutral. A nil molecule has no substructures and values of 0. threads is the number of goroutines (0: one per processor); the result does
// not depend on it. It returns an error for unknown or repeated kinds, or ctx's error.
func Compute(ctx context.Context, mols []*chem.Mol, families []Family, threads int) (*Raw, error) {
	if families == nil {
		families = DefaultFamilies()
	}
	if err := checkFamilies(families); err != nil {
		return nil, err
	}
	r := &Raw{families: families, entry: make([]int, len(mols))}
	parents, keys := make([]*chem.Mol, len(mols)), make([]string, len(mols))
	err := parallel(ctx, len(mols), threads, func(i int) {
		if mols[i] != nil {
			parents[i], keys[i] = standardize.ParentKey(mols[i])
		}
	})
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	known := make(map[string]int)
	for i, k := range keys {
		e, ok := known[k]
		if !ok {
			e = len(r.mols)
			known[k] = e
			r.mols = append(r.mols, parents[i])
		}
		r.entry[i] = e
	}
	return r, errors.Wrap(r.describe(ctx, threads), "tox21")
}

// describe computes every family for every entry.
func (r *Raw) describe(ctx context.Context, threads int) error {
	n := len(r.mols)
	r.prints, r.values = make(map[Kind][]fingerprint.Counts), make(map[Kind][][]float32)
	for _, f := range r.families {
		if methods[f.Kind].fingerprint != nil {
			r.prints[f.Kind] = make([]fingerprint.Counts, n)
		} else {
			r.values[f.Kind] = make([][]float32, n)
		}
	}
	return parallel(ctx, n, threads, func(e int) {
		for _, f := range r.families {
			m := methods[f.Kind]
			switch mol := r.mols[e]; {
			case m.fingerprint != nil && mol != nil:
				r.prints[f.Kind][e] = m.fingerprint(mol)
			case m.fingerprint == nil && mol != nil:
				r.values[f.Kind][e] = narrow(m.values(mol))
			case m.fingerprint == nil:
				r.values[f.Kind][e] = make([]float32, len(m.names()))
			}
		}
		r.mols[e] = nil // no longer needed
	})
}

// narrow converts to float32; values that are not finite in float32 become 0.
func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		if f := float32(x); f-f == 0 {
			out[i] = f
		}
	}
	return out
}

// Len returns the number of molecules.
func (r *Raw) Len() int {
	if r == nil {
		return 0
	}
	return len(r.entry)
}
