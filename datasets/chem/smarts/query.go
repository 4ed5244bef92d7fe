package smarts

// atomTest is a node of the expression that an atom of a pattern stands for.
type atomTest struct {
	op          testOp
	fact        uint8 // for testEqual and testPositive
	value       int16
	left, right *atomTest // for testNot only left
	sub         *Pattern  // for testRecursive
	subID       int32     // of sub in its library
}

type testOp uint8

const (
	testAny testOp = iota
	testEqual
	testPositive
	testNot
	testAnd
	testOr
	testRecursive
)

// holds reports whether atom i of the molecule satisfies the expression.
func (e *atomTest) holds(t *Target, i int32) bool {
	switch e.op {
	case testEqual:
		return t.atoms[i][e.fact] == e.value
	case testPositive:
		return t.atoms[i][e.fact] > 0
	case testNot:
		return !e.left.holds(t, i)
	case testAnd:
		return e.left.holds(t, i) && e.right.holds(t, i)
	case testOr:
		return e.left.holds(t, i) || e.right.holds(t, i)
	case testRecursive:
		return t.recursion(e.sub, i)
	}
	return true
}

// outcomes returns the types of atoms (see atomType) for which the expression can hold and can fail, whatever their other properties.
func (e *atomTest) outcomes() (mayHold, mayFail typeSet) {
	switch e.op {
	case testAny:
		return allTypes, typeSet{}
	case testEqual:
		if mayHold, ok := typesWith(e.fact, e.value); ok {
			return mayHold, allTypes.without(mayHold)
		}
	case testNot:
		mayFail, mayHold = e.left.outcomes()
		return mayHold, mayFail
	case testAnd, testOr:
		mayHold, mayFail = e.left.outcomes()
		holdRight, failRight := e.right.outcomes()
		if e.op == testAnd {
			return mayHold.and(holdRight), mayFail.or(failRight)
		}
		return mayHold.or(holdRight), mayFail.and(failRight)
	case testRecursive:
		return e.sub.atoms[0].types, allTypes
	}
	return allTypes, allTypes
}

// size is the number of nodes without those of patterns in $(...).
func (e *atomTest) size() int {
	if e == nil {
		return 0
	}
	return 1 + e.left.size() + e.right.size()
}

func (e *atomTest) recursive() bool {
	return e != nil && (e.op == testRecursive || e.left.recursive() || e.right.recursive())
}

// finish completes a pattern whose atoms are read.
func (p *Pattern) finish() *Pattern {
	for k := range p.atoms {
		q := &p.atoms[k]
		q.types, _ = q.test.outcomes()
		q.weight = q.test.size()
		p.deep = p.deep || q.test.recursive()
		p.dots = p.dots || k > 0 && q.parent < 0
	}
	return p
}

// mayStart reports whether a match can begin at an atom of that type.
func (p *Pattern) mayStart(kind int16) bool { return len(p.atoms) > 0 && p.atoms[0].types.has(kind) }
