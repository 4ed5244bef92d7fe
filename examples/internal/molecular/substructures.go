package molecular

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// substructure is a kind of substructures whose counts members compare.
type substructure int

const (
	circular substructure = iota // of the molecule as it is
	parentECFP
	parentFCFP
	parentPairs
	numSubstructures
)

// neighbourRadius is that of the circular substructures whose counts are compared: ECFP4.
const neighbourRadius = 2

// Substructures are the counts of substructures of some molecules, of those kinds that the members of an ensemble compare. Nil stands for members that compare
// none.
type Substructures struct {
	bags [numSubstructures]baseline.Bags
}

// count counts substructures. A molecule that is nil has none.
func count(ctx context.Context, mols []*chem.Mol, kinds []substructure) (*Substructures, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	s := &Substructures{}
	for _, m := range mols {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var parent *chem.Mol
		for _, kind := range kinds {
			if m != nil && parent == nil && kind != circular {
				parent = standardize.Parent(m)
			}
			s.bags[kind].Append(func(yield func(id uint32, n int) bool) {
				if m == nil {
					return
				}
				for _, c := range kind.of(m, parent) {
					if !yield(c.ID, int(c.N)) {
						return
					}
				}
			})
		}
	}
	return s, nil
}

// of returns the counts of a molecule.
func (k substructure) of(m, parent *chem.Mol) fingerprint.Counts {
	switch k {
	case circular:
		return fingerprint.ECFP(m, neighbourRadius)
	case parentECFP:
		return fingerprint.ECFP(parent, 2)
	case parentFCFP:
		return fingerprint.FCFP(parent, 2)
	}
	return fingerprint.AtomPairs(parent)
}

// Part returns the molecules from lo to hi-1.
func (s *Substructures) Part(lo, hi int) *Substructures {
	if s == nil {
		return nil
	}
	part := &Substructures{}
	for kind, b := range s.bags {
		if b.Rows() > 0 {
			appendRows(&part.bags[kind], b, lo, hi)
		}
	}
	return part
}

// Join returns the molecules of all parts, which the same members compare.
func Join(parts []*Substructures) *Substructures {
	if len(parts) == 0 || parts[0] == nil {
		return nil
	}
	all := &Substructures{}
	for _, p := range parts {
		for kind, b := range p.bags {
			if b.Rows() > 0 {
				appendRows(&all.bags[kind], b, 0, b.Rows())
			}
		}
	}
	return all
}

// appendRows appends the rows from lo to hi-1 of some bags.
func appendRows(to *baseline.Bags, b baseline.Bags, lo, hi int) {
	if len(to.Start) == 0 {
		to.Start = []int{0}
	}
	shift := len(to.ID) - b.Start[lo]
	for _, end := range b.Start[lo+1 : hi+1] {
		to.Start = append(to.Start, end+shift)
	}
	to.ID, to.N = append(to.ID, b.ID[b.Start[lo]:b.Start[hi]]...), append(to.N, b.N[b.Start[lo]:b.Start[hi]]...)
}
