package smiles

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// plainAtom reads an atom without brackets.
func (p *parser) plainAtom() error {
	at := p.at
	a := chem.Atom{}
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
