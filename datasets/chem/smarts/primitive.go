package smarts

import "strings"

// primitive reads one atom primitive.
func (p *parser) primitive() (*atomTest, error) {
	start := p.pos
	if test, ok := p.symbol(); ok {
		return test, nil
	}
	c := p.peek()
	if isDigit(c) {
		isotope, ok := p.number()
		if !ok {
			return nil, p.fail(start, "isotope is too large")
		}
		return equal(factIsotope, isotope), nil
	}
	if p.pos < len(p.text) {
		p.pos++
	}
	switch c {
	case '*', 'a', 'A':
		return wildcard(c), nil
	case '#':
		if n, ok := p.number(); ok && n <= 255 {
			return equal(factNumber, n), nil
		}
		return nil, p.fail(start, "want an atomic number after #")
	case '@':
		return p.chirality()
	case '+', '-':
		return p.charge(c)
	case '$':
		return p.recursive()
	case 'D', 'X', 'H', 'h', 'v', 'R', 'r', 'x':
		return p.counted(c)
	}
	p.pos = start
	return nil, p.fail(start, "want an atom primitive, got %s", p.next())
}

// symbol reads the longest element symbol that fits. H is not a symbol here: it counts hydrogens.
func (p *parser) symbol() (*atomTest, bool) {
	rest := p.text[p.pos:]
	for n := min(2, len(rest)); n > 0; n-- {
		s := rest[:n]
		if s == "H" || n == 2 && (s[1] < 'a' || s[1] > 'z') || s[0] < 'A' || s[0] > 'z' {
			continue
		}
		if test, ok := elementTest(s); ok {
			p.pos += n
			return test, true
		}
	}
	return nil, false
}

// chirality reads @, @@ or a class such as @TH1, with a question mark for "or unspecified". Molecules have none to compare with, so every
// atom fits.
func (p *parser) chirality() (*atomTest, error) {
	if !p.accept('@') {
		for _, class := range []string{"TH", "AL", "SP", "TB", "OH"} {
			if strings.HasPrefix(p.text[p.pos:], class) {
				p.pos += len(class)
				if _, given := p.number(); !given && isDigit(p.peek()) {
					return nil, p.fail(p.pos, "number is too large")
				}
				break
			}
		}
	}
	p.accept('?')
	return &atomTest{op: testAny}, nil
}

// charge reads what follows the first sign: a number, more signs, or nothing.
func (p *parser) charge(sign byte) (*atomTest, error) {
	start := p.pos - 1
	n, given := p.number()
	if !given {
		for n = 1; p.accept(sign); n++ {
		}
	}
	if n > 127 {
		return nil, p.fail(start, "charge is too large")
	}
	if sign == '-' {
		n = -n
	}
	return equal(factCharge, n), nil
}

// counted reads the number behind a letter, which may be missing.
func (p *parser) counted(letter byte) (*atomTest, error) {
	start := p.pos
	n, given := p.number()
	if !given {
		if isDigit(p.peek()) {
			return nil, p.fail(start, "number is too large")
		}
		n = 1
	}
	var fact uint8
	positive := false // what the letter means without a number: more than 0 instead of exactly 1
	switch letter {
	case 'D':
		fact = factDegree
	case 'X':
		fact = factConnections
	case 'H':
		fact = factHydrogens
	case 'v':
		fact = factValence
	case 'h':
		fact, positive = factImplicitHydrogens, true
	case 'R':
		fact, positive = factRings, true
	case 'r':
		fact, positive = factSmallestRing, true
	case 'x':
		fact, positive = factRingBonds, true
	}
	if positive && !given {
		return &atomTest{op: testPositive, fact: fact}, nil
	}
	return equal(fact, n), nil
}

// recursive reads the pattern in $(...), whose first atom is the atom being tested.
func (p *parser) recursive() (*atomTest, error) {
	start := p.pos - 1
	if !p.accept('(') {
		return nil, p.fail(start, "want ( after $")
	}
	if p.nesting == maxNesting {
		return nil, p.fail(start, "$(...) is nested more than %d deep", maxNesting)
	}
	depth := 1
	for end := p.pos; end < len(p.text); end++ {
		switch p.text[end] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			sub, err := parsePattern(p.source, p.pos, end, p.nesting+1)
			if err != nil {
				return nil, err
			}
			if len(sub.atoms) == 0 {
				return nil, p.fail(start, "$() is empty")
			}
			p.pos = end + 1
			return &atomTest{op: testRecursive, sub: sub}, nil
		}
	}
	return nil, p.fail(start, "$( is not closed")
}
