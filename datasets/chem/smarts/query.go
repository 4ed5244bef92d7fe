package smarts

import "github.com/selfnorm/selfnorm/datasets/chem/internal/element"

// atomTest is a node of the expression that an atom of a pattern stands for.
type atomTest struct {
	op          testOp
	fact        uint8 // for testEqual and testPositive
	value       int16
	left, right *atomTest // for testNot only left
	sub         *Pattern  // for testRecursive
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
		return t.matchAt(e.sub, i)
	}
	return true
}

// outcomes returns which results the expression can have for atoms of a type (see atomType), whatever their other
// properties.
func (e *atomTest) outcomes(kind int16) (mayHold, mayFail bool) {
	switch e.op {
	case testAny:
		return true, false
	case testEqual:
		switch e.fact {
		case factType:
			return kind == e.value, kind != e.value
		case factNumber:
			return kind&0xff == e.value, kind&0xff != e.value
		case factAromatic:
			return kind>>8 == e.value, kind>>8 != e.value
		}
	case testNot:
		mayFail, mayHold = e.left.outcomes(kind)
		return mayHold, mayFail
	case testAnd, testOr:
		holdA, failA := e.left.outcomes(kind)
		holdB, failB := e.right.outcomes(kind)
		if e.op == testAnd {
			return holdA && holdB, failA || failB
		}
		return holdA || holdB, failA && failB
	case testRecursive:
		return e.sub.mayStart(kind), true
	}
	return true, true
}

// typeSet is a set of atom types.
type typeSet [8]uint64

func startsOf(atoms []queryAtom) (s typeSet) {
	if len(atoms) == 0 {
		return s
	}
	for kind := range int16(512) {
		if kind&0xff > element.Max {
			continue
		}
		if mayHold, _ := atoms[0].test.outcomes(kind); mayHold {
			s[kind>>6] |= 1 << (kind & 63)
		}
	}
	return s
}

// mayStart reports whether a match can begin at an atom of that type.
func (p *Pattern) mayStart(kind int16) bool { return p.starts[kind>>6]>>(kind&63)&1 != 0 }
