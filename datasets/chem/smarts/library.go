package smarts

import (
	"cmp"
	"fmt"
	"slices"
)

// library numbers what patterns that are parsed together have in common, so that a target computes it once: atom expressions, branches, and
// patterns in $(...). A branch is an atom of a pattern with all that hangs on it, without ring closures.
type library struct {
	tests    []*atomTest
	branches []branch
	arms     []arm
	subs     []*Pattern // those in $(...)
	bonds    []bondTest
}

// branch is an atom expression, the least number of neighbours, and the arms that its atom must have.
type branch struct {
	test, degree int32
	arms         []int32
}

// arm is a branch with the bond that it hangs on.
type arm struct{ bond, branch int32 }

// quickAtom is an atom of a pattern by the numbers of the library.
type quickAtom struct {
	branch, bond int32
	parent       int
	closing      []quickClosure
}

type quickClosure struct {
	atom int
	bond int32
}

// maxQuick is the number of atoms up to which a pattern is part of a library.
const maxQuick = 32

// builder numbers equal parts alike.
type builder struct {
	*library
	known map[string]int32
}

// join makes a library of new patterns. It leaves out those with too many atoms, also within $(...).
func join(patterns []*Pattern) {
	b := &builder{&library{}, map[string]int32{}}
	for _, p := range patterns {
		if p.quick() {
			b.add(p)
		}
	}
}

func (p *Pattern) quick() bool {
	return len(p.atoms) > 0 && len(p.atoms) <= maxQuick && !slices.ContainsFunc(p.atoms, func(q queryAtom) bool { return !q.test.quick() })
}

func (e *atomTest) quick() bool {
	return e == nil || e.left.quick() && e.right.quick() && (e.sub == nil || e.sub.quick())
}

// number returns the index of a part with that key, the next free one if it is new.
func (b *builder) number(kind string, key any, next int) (id int32, isNew bool) {
	text := fmt.Sprint(kind, key)
	if id, ok := b.known[text]; ok {
		return id, false
	}
	b.known[text] = int32(next)
	return int32(next), true
}

// add numbers the parts of a pattern, from the ends of its branches to its first atom.
func (b *builder) add(p *Pattern) {
	p.library, p.places = b.library, make([]quickAtom, len(p.atoms))
	arms, bonds, degrees := make([][]int32, len(p.atoms)), p.ringBonds(), p.degrees()
	for k, q := range slices.Backward(p.atoms) {
		r := branch{test: b.test(q.test), degree: degrees[k]}
		r.arms = slices.Compact(slices.Sorted(slices.Values(arms[k])))
		id, isNew := b.number("branch", r, len(b.branches))
		if isNew {
			b.branches = append(b.branches, r)
		}
		place := quickAtom{branch: id, bond: b.bond(bonds[k][0]), parent: q.parent}
		for at, c := range q.closing {
			place.closing = append(place.closing, quickClosure{c.atom, b.bond(bonds[k][1+at])})
		}
		p.places[k] = place
		p.needs = append(p.needs, r.test)
		if q.parent < 0 {
			continue
		}
		a := arm{place.bond, id}
		at, isNew := b.number("arm", a, len(b.arms))
		if isNew {
			b.arms = append(b.arms, a)
		}
		arms[q.parent] = append(arms[q.parent], at)
	}
	p.rotates = p.isCycle()
	slices.SortFunc(p.needs, func(x, y int32) int {
		return cmp.Or(cmp.Compare(b.tests[x].commonness(), b.tests[y].commonness()), cmp.Compare(x, y))
	})
	p.needs = slices.Compact(p.needs)
	for _, id := range p.needs {
		holds, _ := b.tests[id].outcomes()
		if kinds := kindsOf(&holds); kinds != everyKind && !slices.Contains(p.kinds, kinds) {
			p.kinds = append(p.kinds, kinds)
		}
	}
}

// isCycle reports whether the pattern is a ring of equal atoms and bonds, so that each of its matches begins at each of its atoms.
func (p *Pattern) isCycle() bool {
	first, last := &p.atoms[0], &p.atoms[len(p.atoms)-1]
	if len(last.closing) != 1 || last.closing[0].atom != 0 {
		return false
	}
	for k, q := range p.atoms {
		if q.parent != k-1 || k < len(p.atoms)-1 && q.closing != nil || k > 0 && q.bond != last.closing[0].bond || q.test.key() != first.test.key() {
			return false
		}
	}
	return true
}

// degrees returns the number of bonds of each atom of the pattern.
func (p *Pattern) degrees() []int32 {
	n := make([]int32, len(p.atoms))
	join := func(i, j int) {
		n[i]++
		n[j]++
	}
	for k, q := range p.atoms {
		if q.parent >= 0 {
			join(k, q.parent)
		}
		for _, c := range q.closing {
			join(k, c.atom)
		}
	}
	return n
}

// ringBonds returns for each atom of the pattern the bond to its parent and those that close rings. A bond in a ring of the pattern leads to one in a
// ring of the molecule, which the search need not find out.
func (p *Pattern) ringBonds() [][]bondTest {
	bonds := make([][]bondTest, len(p.atoms))
	for k, q := range p.atoms {
		bonds[k] = []bondTest{q.bond}
		for _, c := range q.closing {
			path := p.between(k, c.atom)
			for _, i := range path {
				bonds[i][0] &= matchInRing
			}
			if path != nil {
				c.bond &= matchInRing
			}
			bonds[k] = append(bonds[k], c.bond)
		}
	}
	return bonds
}

// between returns the atoms whose bonds to their parents lead from one atom to another, nil if there is no such way.
func (p *Pattern) between(i, j int) (path []int) {
	for i != j { // parents come first
		if i < j {
			i, j = j, i
		}
		if p.atoms[i].parent < 0 {
			return nil
		}
		path = append(path, i)
		i = p.atoms[i].parent
	}
	return path
}

// test numbers an expression, and the patterns in it.
func (b *builder) test(e *atomTest) int32 {
	id, isNew := b.number("test", e.key(), len(b.tests))
	if isNew {
		b.tests = append(b.tests, e)
	}
	b.inner(e)
	return id
}

// inner numbers the patterns in $(...) of an expression.
func (b *builder) inner(e *atomTest) {
	if e == nil {
		return
	}
	b.inner(e.left)
	b.inner(e.right)
	if e.sub == nil {
		return
	}
	var isNew bool
	if e.subID, isNew = b.number("sub", e.sub.source, len(b.subs)); isNew {
		b.subs = append(b.subs, e.sub)
	}
	if e.sub.library == nil {
		b.add(e.sub)
	}
}

func (b *builder) bond(t bondTest) int32 {
	id, isNew := b.number("bond", t, len(b.bonds))
	if isNew {
		b.bonds = append(b.bonds, t)
	}
	return id
}

// key is a text that equal expressions share.
func (e *atomTest) key() string {
	if e == nil {
		return ""
	}
	source := ""
	if e.sub != nil {
		source = e.sub.source
	}
	return fmt.Sprintf("(%d %d %d %s%s%q)", e.op, e.fact, e.value, e.left.key(), e.right.key(), source)
}

// commonness says roughly how often an expression holds: the rare ones decide soon that a pattern does not occur.
func (e *atomTest) commonness() int {
	holds, _ := e.outcomes()
	n := 0
	for _, kind := range []struct {
		number   uint8
		aromatic bool
		weight   int
	}{{6, false, 30}, {6, true, 30}, {8, false, 12}, {7, false, 8}, {7, true, 4}, {16, false, 2}, {17, false, 2}, {9, false, 1}, {8, true, 1}, {16, true, 1}} {
		if holds.has(atomType(kind.number, kind.aromatic)) {
			n += kind.weight
		}
	}
	return 16*n - e.size()
}
