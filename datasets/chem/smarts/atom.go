package smarts

import "github.com/selfnorm/selfnorm/datasets/chem/internal/element"

// atomTest reads one atom: a symbol or an expression in brackets.
func (p *parser) atomTest() (*atomTest, error) {
	start := p.pos
	if !p.accept('[') {
		test, ok := p.bareAtom()
		if !ok {
			return nil, p.fail(start, "want an atom, got %s", p.next())
		}
		return test, nil
	}
	test, err := p.hydrogen()
	if test == nil && err == nil {
		test, err = p.atomLow()
	}
	if err != nil {
		return nil, err
	}
	if p.accept(':') {
		if _, ok := p.number(); !ok {
			return nil, p.fail(p.pos, "want a number for the atom map")
		}
	}
	if !p.accept(']') {
		if p.pos == len(p.text) {
			return nil, p.fail(start, "bracket is not closed")
		}
		return nil, p.fail(p.pos, "want ] after the atom map, got %s", p.next())
	}
	return test, nil
}

// bareAtom reads an atom without brackets.
func (p *parser) bareAtom() (*atomTest, bool) {
	rest := p.text[p.pos:]
	if rest == "" {
		return nil, false
	}
	if len(rest) > 1 && (rest[:2] == "Cl" || rest[:2] == "Br") {
		p.pos += 2
		return elementTest(rest[:2])
	}
	switch rest[0] {
	case '*', 'a', 'A':
		p.pos++
		return wildcard(rest[0]), true
	case 'B', 'C', 'N', 'O', 'P', 'S', 'F', 'I', 'b', 'c', 'n', 'o', 'p', 's':
		p.pos++
		return elementTest(rest[:1])
	}
	return nil, false
}

func wildcard(c byte) *atomTest {
	switch c {
	case 'a':
		return equal(factAromatic, 1)
	case 'A':
		return equal(factAromatic, 0)
	}
	return &atomTest{op: testAny}
}

func equal(fact uint8, value int) *atomTest {
	return &atomTest{op: testEqual, fact: fact, value: int16(value)}
}

// elementTest tests for an element. A symbol in lower case asks for an aromatic atom, and B, C, N, O, P and S for an
// aliphatic one; the others, such as [Se], match both, as in RDKit.
func elementTest(symbol string) (*atomTest, bool) {
	aromatic := symbol[0] >= 'a'
	if aromatic {
		switch symbol {
		case "b", "c", "n", "o", "p", "s", "si", "as", "se", "te":
			symbol = string(symbol[0]-'a'+'A') + symbol[1:]
		default:
			return nil, false
		}
	}
	number := element.Named(symbol)
	if number == 0 {
		return nil, false
	}
	switch number {
	case 5, 6, 7, 8, 15, 16:
	default:
		if !aromatic {
			return equal(factNumber, int(number)), true
		}
	}
	return equal(factType, int(atomType(number, aromatic))), true
}

// atomType joins an element and whether the atom is aromatic.
func atomType(number uint8, aromatic bool) int16 {
	if aromatic {
		return int16(number) + 256
	}
	return int16(number)
}

// hydrogen reads the bracket atoms [H], [2H], [H+] and similar, in which H is the element and not a count of
// hydrogens. It returns nil, and reads nothing, if the bracket holds anything else.
func (p *parser) hydrogen() (*atomTest, error) {
	start := p.pos
	test := equal(factNumber, 1)
	if isotope, ok := p.number(); ok {
		test = and(equal(factIsotope, isotope), test)
	}
	if p.accept('H') {
		if c := p.peek(); c == '+' || c == '-' {
			charge, err := p.primitive()
			if err != nil {
				return nil, err
			}
			test = and(test, charge)
		}
		if c := p.peek(); c == ']' || c == ':' {
			return test, nil
		}
	}
	p.pos = start
	return nil, nil
}

func and(a, b *atomTest) *atomTest { return &atomTest{op: testAnd, left: a, right: b} }

func (p *parser) atomLow() (*atomTest, error) { return p.chain(';', testAnd, p.atomOr) }
func (p *parser) atomOr() (*atomTest, error)  { return p.chain(',', testOr, p.atomAnd) }

// chain reads one or more operands with the separator between them.
func (p *parser) chain(separator byte, op testOp, operand func() (*atomTest, error)) (*atomTest, error) {
	left, err := operand()
	for err == nil && p.accept(separator) {
		var right *atomTest
		right, err = operand()
		left = &atomTest{op: op, left: left, right: right}
	}
	return left, err
}

// atomAnd reads primitives that are joined by & or by nothing.
func (p *parser) atomAnd() (*atomTest, error) {
	left, err := p.atomNot()
	for err == nil {
		if c := p.peek(); c == 0 || c == ',' || c == ';' || c == ']' || c == ':' {
			return left, nil
		}
		p.accept('&')
		var right *atomTest
		right, err = p.atomNot()
		left = and(left, right)
	}
	return nil, err
}

func (p *parser) atomNot() (*atomTest, error) {
	negate := false
	for p.accept('!') {
		negate = !negate
	}
	test, err := p.primitive()
	if err != nil {
		return nil, err
	}
	if negate {
		test = &atomTest{op: testNot, left: test}
	}
	return test, nil
}
