package standardize

import (
	"cmp"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/canon"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// uncharged returns a copy of m with charges removed by adding or taking protons. Where positive charges must stay, as
// many negative ones are kept, those of acids first; otherwise all negative charges go. Then positive ones go until the
// net charge is zero.
func uncharged(m *chem.Mol) *chem.Mol {
	if !slices.ContainsFunc(m.Atoms(), func(a chem.Atom) bool { return a.Charge != 0 }) {
		return m
	}
	u := &uncharger{m: m, atoms: slices.Clone(m.Atoms())}
	u.classify()
	u.sortByRank()
	if u.fixed > 0 {
		u.balance()
	} else {
		for _, i := range u.negative {
			u.protonate(i)
		}
	}
	u.deprotonate()
	for i := range u.atoms {
		a := &u.atoms[i]
		a.Aromatic, a.NoImplicit, a.Radicals = false, true, 0
	}
	bonds := slices.Clone(m.Bonds())
	for k := range bonds {
		bonds[k].Aromatic = false
	}
	if neutral, err := chem.New(u.atoms, bonds); err == nil {
		return neutral
	}
	return m
}

// uncharger lists the charged atoms by what can be done about them.
type uncharger struct {
	m         *chem.Mol
	atoms     []chem.Atom // of m, with the charges that are left
	positive  []int32     // cations that can lose a proton (or take a hydride)
	fixed     int         // sum of the positive charges that cannot be removed
	negative  []int32     // anions not next to a cation
	acids     []int32     // anions of acids
	negatives int         // number of all anions
}

func (u *uncharger) classify() {
	for i := range u.atoms {
		a := &u.atoms[i]
		switch {
		case a.Charge > 0:
			u.classifyCation(int32(i))
		case a.Charge < 0:
			u.negatives++
			if a.Charge == -1 && !u.nearCharge(i, 1) {
				u.negative = append(u.negative, int32(i))
			}
			if a.Charge == -1 && u.isAcid(i) {
				u.acids = append(u.acids, int32(i))
			}
		}
	}
}

func (u *uncharger) classifyCation(i int32) {
	a := &u.atoms[i]
	anions := 0
	for _, n := range u.m.Neighbors(int(i)) {
		if u.atoms[n.Atom].Charge == -1 {
			anions++
		}
	}
	switch {
	case a.Charge > 4 || anions == 1: // a charge-separated group
	case a.Hs > 0:
		u.positive = append(u.positive, i)
	default:
		u.fixed += int(a.Charge)
	}
}

// nearCharge reports whether a neighbour has a charge of that sign.
func (u *uncharger) nearCharge(i int, sign int8) bool {
	for _, n := range u.m.Neighbors(i) {
		if u.atoms[n.Atom].Charge*sign > 0 {
			return true
		}
	}
	return false
}

// isAcid recognizes the anions of carboxylic, carbonic, sulfonic and similar acids and their thio analogues, of
// phosphoric and nitric acid, of the oxoacids of halogens, and tetrazolides.
func (u *uncharger) isAcid(i int) bool {
	a := &u.atoms[i]
	if a.Number == 7 {
		return a.Aromatic && u.inTetrazole(int32(i))
	}
	if a.Number != 8 && a.Number != 16 || a.Aromatic {
		return false
	}
	for _, n := range u.m.Neighbors(i) {
		if u.m.Bonds()[n.Bond].Order != 1 {
			continue
		}
		c := &u.atoms[n.Atom]
		double, anions := u.oxygens(int(n.Atom))
		switch c.Number {
		case 6, 16:
			if !c.Aromatic && c.Charge == 0 && double {
				return true
			}
		case 7, 15:
			if !c.Aromatic && c.Charge == 1 && double && anions > 1 {
				return true
			}
		case 17, 35, 53:
			if a.Number == 8 && c.Charge > 0 && anions > 1 {
				return true
			}
		}
	}
	return false
}

// oxygens reports whether an atom has a double bond to O or S and how many bonds to O- or S- it has.
func (u *uncharger) oxygens(i int) (double bool, anions int) {
	for _, n := range u.m.Neighbors(i) {
		o, b := &u.atoms[n.Atom], &u.m.Bonds()[n.Bond]
		if o.Number != 8 && o.Number != 16 || o.Aromatic {
			continue
		}
		if b.Order == 2 {
			double = true
		}
		if b.Order == 1 && o.Charge == -1 {
			anions++
		}
	}
	return double, anions
}

// inTetrazole reports whether an aromatic ring of four N and one C contains the atom.
func (u *uncharger) inTetrazole(i int32) bool {
	for _, r := range u.m.Rings() {
		if len(r) != 5 || !slices.Contains(r, i) {
			continue
		}
		nitrogens, carbons := 0, 0
		for _, k := range r {
			switch a := &u.atoms[k]; {
			case !a.Aromatic:
			case a.Number == 7:
				nitrogens++
			case a.Number == 6:
				carbons++
			}
		}
		if nitrogens == 4 && carbons == 1 {
			return true
		}
	}
	return false
}

// sortByRank makes the choice among like atoms independent of their order in the input.
func (u *uncharger) sortByRank() {
	rank, _ := canon.Ranks(u.m, u.m.Components())
	for _, list := range [][]int32{u.positive, u.negative, u.acids} {
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(rank[a], rank[b]) })
	}
}

// balance protonates anions, acids last, until what is left balances the fixed positive charges.
func (u *uncharger) balance() {
	if surplus := u.negatives - u.fixed; surplus > 0 {
		for _, i := range u.negative {
			if !slices.Contains(u.acids, i) && u.protonate(i) {
				if surplus--; surplus == 0 {
					break
				}
			}
		}
	}
	if surplus := len(u.acids) - u.fixed; surplus > 0 {
		for _, i := range u.acids {
			if u.atoms[i].Charge < 0 && u.protonate(i) {
				if surplus--; surplus == 0 {
					break
				}
			}
		}
	}
}

// protonate removes a negative charge with a proton. Elements left of carbon lose a hydride instead; it reports false
// if they have none.
func (u *uncharger) protonate(i int32) bool {
	a := &u.atoms[i]
	switch {
	case !element.Early[a.Number]:
		a.Hs++
	case a.Hs > 0:
		a.Hs--
	default:
		return false
	}
	a.Charge++
	return true
}

// deprotonate removes positive charges until the net charge is zero. Carbon and the elements left of it take a hydride
// instead of losing a proton.
func (u *uncharger) deprotonate() {
	net := 0
	for i := range u.atoms {
		net += int(u.atoms[i].Charge)
	}
	for _, i := range u.positive {
		a := &u.atoms[i]
		for a.Charge > 0 && net > 0 {
			if a.Number == 6 || element.Early[a.Number] {
				a.Hs++
			} else if a.Hs > 0 {
				a.Hs--
			} else {
				break
			}
			a.Charge--
			net--
		}
	}
}
