package chem

import (
	"fmt"

	"github.com/pkg/errors"
)

const (
	maxAtoms      = 10_000 // atoms of a molecule
	maxRingNumber = 99_999 // %(99999)
)

// SyntaxError says where a text is no SMILES.
type SyntaxError struct {
	Column int // 1-based, in bytes
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("chem: SMILES column %d: %s", e.Column, e.Msg)
}

// ParseSMILES reads a molecule in the OpenSMILES notation and completes it as the RDKit does: charges of nitro groups
// and the like are separated, explicit hydrogens become counts where they carry no information of their own, rings and
// aromaticity are perceived. Fragments may be separated by dots; the empty text is a molecule without atoms. Chirality,
// double bond geometry and atom maps are accepted and dropped.
//
// A text that is no SMILES gives a *SyntaxError with the column. An impossible molecule, by valence or because its
// aromatic rings have no Kekulé structure, gives an *AtomError with the atom and its column.
func ParseSMILES(s string) (*Mol, error) {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.reset(s)
	if err := p.parse(); err != nil {
		return nil, err
	}
	m := p.molecule()
	if err := p.checkClosures(m); err != nil {
		return nil, err
	}
	var kept []int32
	if p.hydrogens > 0 {
		kept = m.mergeHydrogens(p.directed)
	}
	if err := m.sanitize(); err != nil {
		var e *AtomError
		if errors.As(err, &e) {
			e.place(kept)
			e.Column = int(p.columns[e.Atom-1]) + 1
		}
		return nil, err
	}
	return m, nil
}

// checkClosures refuses ring bonds between atoms that are bonded already.
func (p *parser) checkClosures(m *Mol) error {
	m.link()
	for _, c := range p.closures {
		a, b := c.bond.Begin, c.bond.End
		if m.Degree(int(a)) > m.Degree(int(b)) {
			a, b = b, a
		}
		bonds := 0
		for _, n := range m.Neighbors(int(a)) {
			if n.Atom == b {
				bonds++
			}
		}
		if bonds > 1 {
			return p.errorAt(int(c.at), "ring bond between two atoms that are bonded already")
		}
	}
	return nil
}

// parse reads the whole text: chains of atoms with branches, ring bonds and dots.
func (p *parser) parse() error {
	for p.at < len(p.text) {
		var err error
		switch c := p.text[p.at]; {
		case c == '(':
			err = p.openBranch()
		case c == ')':
			err = p.closeBranch()
		case c == '.':
			err = p.dot()
		case c == '%' || c >= '0' && c <= '9':
			err = p.ringBond()
		case c == '[':
			err = p.bracketAtom()
		case isBondSymbol(c):
			err = p.bondSymbol()
		default:
			err = p.plainAtom()
		}
		if err != nil {
			return err
		}
	}
	return p.finish()
}

// finish checks that nothing is left open.
func (p *parser) finish() error {
	switch {
	case p.bond != bondNone:
		return p.errorAt(p.bondAt, "bond without an atom after it")
	case p.afterDot:
		return p.errorAt(len(p.text)-1, "dot without an atom after it")
	case p.afterOpen:
		return p.errorAt(p.branches[len(p.branches)-1].at, "empty branch")
	case len(p.branches) > 0:
		return p.errorAt(p.branches[len(p.branches)-1].at, "parenthesis is never closed")
	case p.openRings > 0:
		return p.unclosedRing()
	}
	return nil
}

// unclosedRing complains about the first ring bond that is still open.
func (p *parser) unclosedRing() error {
	number, first := int32(-1), ringEnd{at: int32(len(p.text))}
	for k := range p.near {
		if r := &p.near[k]; r.open && r.at < first.at {
			number, first = int32(k), *r
		}
	}
	for k, r := range p.far {
		if r.open && r.at < first.at {
			number, first = k, *r
		}
	}
	return p.errorAt(int(first.at), fmt.Sprintf("ring bond %d is never closed", number))
}

func (p *parser) openBranch() error {
	if p.last < 0 || p.afterDot {
		return p.fail("branch before the first atom")
	}
	if p.bond != bondNone || p.afterOpen {
		return p.fail("branch where an atom must stand")
	}
	p.branches = append(p.branches, branch{atom: p.last, at: p.at})
	p.afterOpen = true
	p.at++
	return nil
}

func (p *parser) closeBranch() error {
	switch {
	case len(p.branches) == 0:
		return p.fail("parenthesis was never opened")
	case p.afterOpen:
		return p.fail("empty branch")
	case p.bond != bondNone || p.afterDot:
		return p.fail("parenthesis where an atom must stand")
	}
	k := len(p.branches) - 1
	p.last = p.branches[k].atom
	p.branches = p.branches[:k]
	p.at++
	return nil
}

func (p *parser) dot() error {
	if p.last < 0 || p.afterDot || p.afterOpen || p.bond != bondNone {
		return p.fail("dot where an atom must stand")
	}
	p.afterDot = true
	p.at++
	return nil
}

// bondSymbol reads a bond that the next atom or ring number completes.
func (p *parser) bondSymbol() error {
	if p.last < 0 || p.afterDot {
		return p.fail("bond without an atom before it")
	}
	if p.bond != bondNone {
		return p.fail("two bonds in a row")
	}
	p.bondAt = p.at
	c := p.text[p.at]
	p.at++
	switch c {
	case '-':
		p.bond = bondSingle
		if p.peek() == '>' {
			p.at++
			p.bond = bondDativeTo
		}
	case '=':
		p.bond = bondDouble
	case '#':
		p.bond = bondTriple
	case '$':
		p.bond = bondQuadruple
	case ':':
		p.bond = bondAromatic
	case '/':
		p.bond = bondDirected
	case '\\':
		p.bond = bondDirected
		if p.peek() == '\\' { // escaped twice by some programs
			p.at++
		}
	case '<':
		if p.peek() != '-' {
			return p.fail("expected <-")
		}
		p.at++
		p.bond = bondDativeFrom
	}
	return nil
}

func isBondSymbol(c byte) bool {
	switch c {
	case '-', '=', '#', '$', ':', '/', '\\', '<':
		return true
	}
	return false
}

// ringBond opens or closes a ring bond: a digit, %nn or %(n) with up to five digits.
func (p *parser) ringBond() error {
	if p.last < 0 || p.afterDot || p.afterOpen {
		return p.fail("ring bond where an atom must stand")
	}
	at := p.at
	number, err := p.ringNumber()
	if err != nil {
		return err
	}
	r := p.ring(number)
	if !r.open {
		*r = ringEnd{atom: p.last, at: int32(at), bond: p.bond, open: true}
		p.openRings++
		p.bond = bondNone
		return nil
	}
	r.open = false
	p.openRings--
	begin, end, kind := r.atom, p.last, r.bond
	if begin == end {
		return p.errorAt(at, fmt.Sprintf("ring bond %d joins an atom with itself", number))
	}
	if kind <= bondDirected && p.bond != bondNone { // given where it closes
		begin, end, kind = end, begin, p.bond
	}
	p.closures = append(p.closures, closure{p.newBond(begin, end, kind), kind == bondDirected, int32(at)})
	p.bond = bondNone
	return nil
}

// ring is the entry of a ring number.
func (p *parser) ring(number int32) *ringEnd {
	if int(number) < len(p.near) {
		return &p.near[number]
	}
	r := p.far[number]
	if r == nil {
		if p.far == nil {
			p.far = map[int32]*ringEnd{}
		}
		r = new(ringEnd)
		p.far[number] = r
	}
	return r
}

func (p *parser) ringNumber() (int32, error) {
	if c := p.text[p.at]; c != '%' {
		p.at++
		return int32(c - '0'), nil
	}
	at := p.at
	p.at++
	if p.peek() == '(' {
		p.at++
		n, digits := p.number()
		if digits == 0 || n > maxRingNumber || p.peek() != ')' {
			return 0, p.errorAt(at, "expected %(n) with one to five digits")
		}
		p.at++
		return int32(n), nil
	}
	if p.at+1 >= len(p.text) || !isDigit(p.text[p.at]) || !isDigit(p.text[p.at+1]) || p.text[p.at] == '0' {
		return 0, p.errorAt(at, "expected two digits from 10 to 99 after %")
	}
	n := int32(p.text[p.at]-'0')*10 + int32(p.text[p.at+1]-'0')
	p.at += 2
	return n, nil
}

// plainAtom reads an atom without brackets.
func (p *parser) plainAtom() error {
	at := p.at
	a := Atom{}
	switch c := p.text[p.at]; c {
	case 'B':
		a.Number = 5
		if p.peekAt(1) == 'r' {
			a.Number = 35
		}
	case 'C':
		a.Number = 6
		if p.peekAt(1) == 'l' {
			a.Number = 17
		}
	case 'N':
		a.Number = 7
	case 'O':
		a.Number = 8
	case 'F':
		a.Number = 9
	case 'P':
		a.Number = 15
	case 'S':
		a.Number = 16
	case 'I':
		a.Number = 53
	case '*':
	case 'b', 'c', 'n', 'o', 'p', 's':
		a.Number = aromaticOrganic(c)
		a.Aromatic = true
	default:
		return p.fail(unexpected(c))
	}
	p.at++
	if a.Number == 17 || a.Number == 35 {
		p.at++
	}
	return p.addAtom(a, at)
}

func aromaticOrganic(c byte) uint8 {
	switch c {
	case 'b':
		return 5
	case 'c':
		return 6
	case 'n':
		return 7
	case 'o':
		return 8
	case 'p':
		return 15
	}
	return 16
}

func unexpected(c byte) string {
	switch {
	case c == ']':
		return "bracket was never opened"
	case c <= ' ':
		return "white space in a SMILES"
	case c > '~':
		return "not an ASCII character"
	case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
		return fmt.Sprintf("%q is no element that may stand without brackets", c)
	}
	return fmt.Sprintf("unexpected %q", c)
}
