package chem

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
func (e *atomTest) holds(t *target, i int32) bool {
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

// bondTest is the set of bond codes that satisfy a bond expression, one bit each.
type bondTest uint16

// bondCode numbers the kinds of bonds that SMARTS can tell apart: the type, plus 8 in a ring.
func bondCode(b *Bond) uint8 {
	code := min(b.Order, 4)
	if b.Aromatic {
		code = 5
	}
	if b.InRing {
		code += 8
	}
	return code
}

const (
	matchSingle   bondTest = 1<<1 | 1<<9
	matchDouble   bondTest = 1<<2 | 1<<10
	matchTriple   bondTest = 1<<3 | 1<<11
	matchFourfold bondTest = 1<<4 | 1<<12
	matchAromatic bondTest = 1<<5 | 1<<13
	matchInRing   bondTest = 0xff00
	matchAny      bondTest = 0xffff
	matchDefault           = matchSingle | matchAromatic
)

func (b bondTest) holds(code uint8) bool { return b>>code&1 != 0 }
