package smiles

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/canon"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// Canonical returns a SMILES that depends only on the molecule, not on the order of its atoms: two molecules that differ at most in
// stereochemistry have the same text. It keeps isotopes and charges and sorts the texts of the fragments. Use it as a key; it differs from
// the canonical SMILES of other programs.
func Canonical(m *chem.Mol) string {
	m = m.MergeHydrogens()
	fragments := m.Components()
	rank, kekule := canon.Ranks(m, fragments)
	w := writers.Get().(*writer)
	defer writers.Put(w)
	w.reset(m, rank)
	texts := make([]string, len(fragments))
	for k, atoms := range fragments {
		texts[k] = w.fragment(atoms, kekule[k])
	}
	if len(texts) == 1 {
		return texts[0]
	}
	slices.Sort(texts)
	return strings.Join(texts, ".")
}

// writer writes fragments as SMILES, at each atom in the order of the ranks.
type writer struct {
	m      *chem.Mol
	rank   []int32
	kekule bool            // no aromatic symbols
	state  []int8          // of the atoms: 0 new, 1 open, 2 done
	kind   []int8          // of the bonds
	digit  []int32         // ring number of an open ring bond, 0 if it is not open
	used   []bool          // ring numbers
	listed []chem.Neighbor // the lists of near
	out    []byte
}

const (
	treeBond = 1
	ringBond = 2
)

// writers serve one molecule after another with their memory.
var writers = sync.Pool{New: func() any { return new(writer) }}

func (w *writer) reset(m *chem.Mol, rank []int32) {
	w.m, w.rank = m, rank
	w.state, w.kind, w.digit = zeros(w.state, len(m.Atoms())), zeros(w.kind, len(m.Bonds())), zeros(w.digit, len(m.Bonds()))
	w.used = append(w.used[:0], true)
	w.listed = w.listed[:0]
}

// zeros returns n zeros in the memory of s if it is long enough.
func zeros[T int8 | int32](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// fragment writes the fragment with these atoms.
func (w *writer) fragment(atoms []int32, kekule bool) string {
	w.kekule, w.out = kekule, w.out[:0]
	root := slices.MinFunc(atoms, func(a, b int32) int { return cmp.Compare(w.rank[a], w.rank[b]) })
	w.explore(root, -1)
	w.write(root, -1)
	return string(w.out)
}

// near lists the neighbours of an atom by rank, without the one across bond via.
func (w *writer) near(v, via int32) []chem.Neighbor {
	from := len(w.listed)
	for _, e := range w.m.Neighbors(int(v)) {
		if e.Bond != via {
			w.listed = append(w.listed, e)
		}
	}
	list := w.listed[from:len(w.listed):len(w.listed)]
	slices.SortFunc(list, func(a, b chem.Neighbor) int { return cmp.Compare(w.rank[a.Atom], w.rank[b.Atom]) })
	return list
}

// explore decides which bonds are ring bonds.
func (w *writer) explore(v, via int32) {
	w.state[v] = 1
	for _, e := range w.near(v, via) {
		switch w.state[e.Atom] {
		case 0:
			w.kind[e.Bond] = treeBond
			w.explore(e.Atom, e.Bond)
		case 1:
			w.kind[e.Bond] = ringBond
		}
	}
	w.state[v] = 2
}

// write writes an atom that was reached across bond via, and all behind it.
func (w *writer) write(v, via int32) {
	w.atom(v)
	list := w.near(v, via)
	w.ringBonds(v, list)
	list = slices.DeleteFunc(list, func(e chem.Neighbor) bool { return w.kind[e.Bond] != treeBond })
	for k, e := range list {
		branch := k < len(list)-1
		if branch {
			w.out = append(w.out, '(')
		}
		w.bond(e.Bond, v)
		w.write(e.Atom, e.Bond)
		if branch {
			w.out = append(w.out, ')')
		}
	}
}

// ringBonds writes the numbers of the ring bonds that end at v, then of those that begin there.
func (w *writer) ringBonds(v int32, list []chem.Neighbor) {
	var freed []int32
	for _, e := range list {
		if d := w.digit[e.Bond]; d > 0 {
			w.number(d)
			w.digit[e.Bond] = 0
			w.kind[e.Bond] = 0
			freed = append(freed, d)
		}
	}
	for _, e := range list {
		if w.kind[e.Bond] != ringBond {
			continue
		}
		d := slices.Index(w.used, false)
		if d < 0 {
			d = len(w.used)
			w.used = append(w.used, true)
		}
		w.used[d] = true
		w.digit[e.Bond] = int32(d)
		w.bond(e.Bond, v)
		w.number(int32(d))
	}
	for _, d := range freed {
		w.used[d] = false
	}
}

func (w *writer) number(d int32) {
	switch {
	case d > 99:
		w.out = append(w.out, '%', '(')
		w.out = strconv.AppendInt(w.out, int64(d), 10)
		w.out = append(w.out, ')')
	case d > 9:
		w.out = append(w.out, '%')
		w.out = strconv.AppendInt(w.out, int64(d), 10)
	default:
		w.out = append(w.out, '0'+byte(d))
	}
}

// bond writes the symbol of a bond that goes out from an atom, if it needs one.
func (w *writer) bond(k, from int32) {
	b := &w.m.Bonds()[k]
	switch canon.BondClass(w.m, k, from, w.kekule) {
	case 1:
		if !w.kekule && w.m.Atoms()[b.Begin].Aromatic && w.m.Atoms()[b.End].Aromatic {
			w.out = append(w.out, '-')
		}
	case 2:
		w.out = append(w.out, '=')
	case 3:
		w.out = append(w.out, '#')
	case 4:
		w.out = append(w.out, '$')
	case canon.DativeTo:
		w.out = append(w.out, '-', '>')
	case canon.DativeFrom:
		w.out = append(w.out, '<', '-')
	case canon.Unspecified:
		w.out = append(w.out, '~')
	}
}

// atom writes an atom, in brackets unless the reader will find the same without.
func (w *writer) atom(v int32) {
	a := &w.m.Atoms()[v]
	if w.plain(v) {
		w.symbol(a)
		return
	}
	w.out = append(w.out, '[')
	if a.Isotope > 0 {
		w.out = strconv.AppendInt(w.out, int64(a.Isotope), 10)
	}
	w.symbol(a)
	if a.Hs > 0 {
		w.out = append(w.out, 'H')
		if a.Hs > 1 {
			w.out = strconv.AppendInt(w.out, int64(a.Hs), 10)
		}
	}
	w.out = append(element.AppendCharge(w.out, int(a.Charge)), ']')
}

// symbol writes the symbol of an atom, in lower case if it is aromatic.
func (w *writer) symbol(a *chem.Atom) {
	from := len(w.out)
	w.out = append(w.out, chem.Symbol(a.Number)...)
	if a.Aromatic && !w.kekule {
		w.out[from] += 'a' - 'A'
	}
}

// plain reports whether an atom may stand without brackets: an element of the organic subset, without charge, isotope and
// radical, whose hydrogens follow from its bonds.
func (w *writer) plain(v int32) bool {
	a := &w.m.Atoms()[v]
	if a.Charge != 0 || a.Isotope != 0 || a.Radicals != 0 {
		return false
	}
	switch a.Number {
	case 0:
		return a.Hs == 0
	case 5, 6, 7, 8, 9, 15, 16, 17, 35, 53:
	default:
		return false
	}
	aromatic := a.Aromatic && !w.kekule
	missing, ok := element.MissingHydrogens(a.Number, a.Charge, aromatic, w.valence(v, aromatic))
	return ok && missing == int(a.Hs)
}

// valence is the bond order sum that a reader will find for an atom of the text, without hydrogens.
func (w *writer) valence(v int32, aromatic bool) int {
	twice := 0
	for _, e := range w.m.Neighbors(int(v)) {
		switch c := canon.BondClass(w.m, e.Bond, v, w.kekule); c {
		case canon.Aromatic:
			twice += 3
		case canon.DativeTo, canon.Unspecified:
		case canon.DativeFrom:
			twice += 2
		default:
			twice += 2 * int(c)
		}
	}
	if aromatic {
		a := &w.m.Atoms()[v]
		twice = element.Settle(a.Number, a.Charge, twice)
	}
	return (twice + 1) / 2
}
