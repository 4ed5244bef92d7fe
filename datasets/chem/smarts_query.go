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
