package smarts

import "math/bits"

// memo holds the sets of a kind of parts. A set is known if its mark is the round of the molecule.
type memo struct {
	set  []atomSet
	mark []uint32
}

func newMemo(n int) memo { return memo{make([]atomSet, n), make([]uint32, n)} }

// known holds what a target knows about the parts of a library: the atoms for which a test holds, those from which a branch extends if atoms may
// repeat, those bonded to such a branch, those at which a pattern in $(...) begins, and the neighbours of each atom by kind of bond.
type known struct {
	*library
	t                      *Target
	test, branch, arm, sub memo
	near                   [][quickAtoms]atomSet // by kind of bond
	nearMark               []uint32
	search                 quickSearch
	steps                  int    // left to the search under way
	gaveUp                 uint32 // the round in which a search used up its steps
}

// maxKnown is the number of libraries about which a target remembers something.
const maxKnown = 4

// about returns what is known about the parts of a library, or nil if there is none, or the molecule is not for quick searches.
func (t *Target) about(l *library) *known {
	if l == nil || len(t.atoms) > quickAtoms {
		return nil
	}
	for _, k := range t.known {
		if k.library == l {
			if k.gaveUp == t.round {
				return nil
			}
			return k
		}
	}
	k := &known{
		library: l, t: t, test: newMemo(len(l.tests)), branch: newMemo(len(l.branches)), arm: newMemo(len(l.arms)), sub: newMemo(len(l.subs)),
		near: make([][quickAtoms]atomSet, len(l.bonds)), nearMark: make([]uint32, len(l.bonds)),
	}
	if len(t.known) == maxKnown {
		t.known = t.known[:0]
	}
	t.known = append(t.known, k)
	return k
}

// roots returns the atoms at which a pattern may begin: exactly these, if it has one or two atoms.
func (k *known) roots(p *Pattern) atomSet {
	for _, kinds := range p.kinds {
		if kinds&k.t.kinds == 0 {
			return 0
		}
	}
	for _, id := range p.needs {
		if k.satisfying(id) == 0 {
			return 0
		}
	}
	return k.extending(p.places[0].branch)
}

// satisfying returns the atoms for which a numbered test holds.
func (k *known) satisfying(id int32) atomSet {
	if k.test.mark[id] != k.t.round {
		k.test.set[id] = k.holding(k.tests[id])
		k.test.mark[id] = k.t.round
	}
	return k.test.set[id]
}

// extending returns the atoms from which a branch extends.
func (k *known) extending(id int32) atomSet {
	if k.branch.mark[id] == k.t.round {
		return k.branch.set[id]
	}
	b := &k.branches[id]
	atoms := k.satisfying(b.test) &^ k.t.facts.below[min(b.degree, smallFact)]
	for _, a := range b.arms {
		if atoms == 0 {
			break
		}
		atoms &= k.holdingArm(a)
	}
	k.branch.set[id], k.branch.mark[id] = atoms, k.t.round
	return atoms
}

// holdingArm returns the atoms bonded to a branch.
func (k *known) holdingArm(id int32) (atoms atomSet) {
	if k.arm.mark[id] == k.t.round {
		return k.arm.set[id]
	}
	a := k.arms[id]
	ends := k.extending(a.branch)
	near := k.neighbors(a.bond)
	for ; ends != 0; ends &= ends - 1 {
		atoms |= near[bits.TrailingZeros64(uint64(ends))]
	}
	k.arm.set[id], k.arm.mark[id] = atoms, k.t.round
	return atoms
}

// neighbors returns for each atom those on the other side of a kind of bond.
func (k *known) neighbors(bond int32) *[quickAtoms]atomSet {
	near := &k.near[bond]
	if k.nearMark[bond] == k.t.round {
		return near
	}
	clear(near[:len(k.t.atoms)])
	test := k.bonds[bond]
	for at, code := range k.t.bonds {
		if test.holds(code) {
			b := &k.t.m.Bonds()[at]
			near[b.Begin] |= 1 << b.End
			near[b.End] |= 1 << b.Begin
		}
	}
	k.nearMark[bond] = k.t.round
	return near
}

// holding returns the atoms that satisfy an expression.
func (k *known) holding(e *atomTest) atomSet {
	facts := &k.t.facts
	switch e.op {
	case testEqual:
		return k.t.equal(e.fact, e.value)
	case testPositive:
		return facts.all &^ facts.small[e.fact][0]
	case testNot:
		return facts.all &^ k.holding(e.left)
	case testAnd:
		if left := k.holding(e.left); left != 0 {
			return left & k.holding(e.right)
		}
		return 0
	case testOr:
		return k.holding(e.left) | k.holding(e.right)
	case testRecursive:
		return k.beginning(e.subID)
	}
	return facts.all
}

// beginning returns the atoms at which a pattern in $(...) begins.
func (k *known) beginning(id int32) atomSet {
	if k.sub.mark[id] == k.t.round {
		return k.sub.set[id]
	}
	p := k.subs[id]
	begins := k.roots(p)
	if !p.tiny() && begins != 0 {
		begins = k.verified(p, begins)
	}
	k.sub.set[id], k.sub.mark[id] = begins, k.t.round
	return begins
}

// verified returns those of the roots of a pattern at which it begins.
func (k *known) verified(p *Pattern, roots atomSet) atomSet {
	q := k.prepare(p)
	for left := roots; left != 0; left &= left - 1 {
		if first := left & -left; !q.place(0, first, 0) {
			roots &^= first
		}
	}
	return roots
}
