// Package smiles reads and writes molecules in the SMILES notation.
package smiles

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// SyntaxError reports the position at which a text is not a valid SMILES.
type SyntaxError struct {
	Column int // 1-based, in bytes
	Msg    string
}

func (e *SyntaxError) Error() string {
	if e == nil {
		return "smiles: no error"
	}
	return fmt.Sprintf("smiles: column %d: %s", e.Column, e.Msg)
}

// Parse reads a molecule in the OpenSMILES notation and completes it as chem.New does. Fragments may be separated by dots; the empty text
// is a molecule without atoms. White space around the text does not matter; to read a name behind it, see ParseLine. Chirality, double bond
// geometry and atom maps are accepted but dropped.
//
// Bonds are - = # $ : / \, the dative ones -> and <-, and ~ for chem.Bond.Unspecified. Elements 110 to 118 may have their temporary symbols, such
// as Uub. Ring numbers go up to %(99999), and numbers may begin with zeros. An aromatic atom whose Kekulé structure exceeds its valence is an
// error, as in c1cnccn#1, which RDKit reads.
//
// For a text that is not a SMILES the error is a *SyntaxError with the column. For a molecule that is impossible because of a valence or
// because an aromatic ring has no Kekulé structure, it is a *chem.AtomError with the atom and its column.
func Parse(s string) (*chem.Mol, error) {
	p := parsers.Get().(*parser)
	defer parsers.Put(p)
	p.reset(s)
	if err := p.parse(); err != nil {
		return nil, err
	}
	for _, c := range p.closures {
		p.bonds = append(p.bonds, c.bond)
	}
	m, err := chem.New(p.atoms, p.bonds)
	if err != nil {
		return nil, p.place(err)
	}
	return m, nil
}

// ParseLine reads a SMILES at the beginning of a line, and returns what stands behind the first blank or tab: a name, a CXSMILES extension, or
// both. Errors are those of Parse, with columns in the line.
//
// It does not interpret the extension, |...|. So labels, coordinates and stereochemistry are ignored, and so is what would change the molecule
// in other programs: radicals (^), coordinate, hydrogen and zero-order bonds (C: H: Z:), variable attachment (m:), repeated and
// polymer units (LN: Sg:) and fragments that belong together (f:).
func ParseLine(line string) (m *chem.Mol, rest string, err error) {
	begin := len(line) - len(strings.TrimLeft(line, blanks))
	if end := strings.IndexAny(line[begin:], blanks); end >= 0 {
		line, rest = line[:begin+end], strings.Trim(line[begin+end:], blanks)
	}
	m, err = Parse(line)
	return m, rest, err
}

// blanks may stand around a SMILES.
const blanks = " \t\r\n"

// place adds the column to an error of chem.New.
func (p *parser) place(err error) error {
	var atom *chem.AtomError
	var bond *chem.BondError
	switch {
	case errors.As(err, &atom):
		atom.Column = int(p.columns[atom.Atom-1]) + 1
	case errors.As(err, &bond):
		return p.repeatedClosure()
	}
	return err
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
	case '~':
		p.bond = bondUnspecified
	case '/':
		p.bond = bondDirected
	case '\\':
		p.bond = bondDirected
		if p.peek() == '\\' { // escaped twice by some programs
			p.at++
		}
	case '<':
		if p.peek() != '-' {
			return p.errorAt(p.bondAt, "expected <-")
		}
		p.at++
		p.bond = bondDativeFrom
	}
	return nil
}

func isBondSymbol(c byte) bool {
	switch c {
	case '-', '=', '#', '$', ':', '/', '\\', '<', '~':
		return true
	}
	return false
}
