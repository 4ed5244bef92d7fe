package smiles

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// maxHydrogens limits the hydrogens written at an atom.
const maxHydrogens = 99

// bracketAtom reads [isotope symbol chirality hydrogens charge :map].
func (p *parser) bracketAtom() error {
	open := p.at
	p.at++
	a := chem.Atom{NoImplicit: true}
	if n, digits := p.number(); digits > 0 {
		if n > 999 {
			return p.errorAt(open+1, "mass number above 999")
		}
		a.Isotope = uint16(n)
	}
	if err := p.symbol(&a, open); err != nil {
		return err
	}
	if err := p.chirality(); err != nil {
		return err
	}
	if p.peek() == 'H' {
		at := p.at
		p.at++
		a.Hs = 1
		if n, digits := p.number(); digits > 0 {
			if n > maxHydrogens {
				return p.errorAt(at, fmt.Sprintf("more than %d hydrogens", maxHydrogens))
			}
			a.Hs = uint8(n)
		}
	}
	if err := p.charge(&a); err != nil {
		return err
	}
	if p.peek() == ':' {
		p.at++
		if _, digits := p.number(); digits == 0 || digits > 9 {
			return p.failEnd(open, "expected the number of an atom map, up to nine digits")
		}
	}
	if p.peek() != ']' {
		return p.failEnd(open, "expected ]")
	}
	p.at++
	return p.addAtom(a, open)
}

// failEnd is fail, or the complaint that the bracket opened at open never ends if the text ends here.
func (p *parser) failEnd(open int, msg string) error {
	if p.at >= len(p.text) {
		return p.errorAt(open, "bracket is never closed")
	}
	return p.fail(msg)
}

// symbol reads an element, an aromatic element, * or #number.
func (p *parser) symbol(a *chem.Atom, open int) error {
	rest := p.text[p.at:]
	if len(rest) == 0 {
		return p.errorAt(open, "bracket is never closed")
	}
	switch c := rest[0]; {
	case c == '*':
		p.at++
		return nil
	case c == '#':
		at := p.at
		p.at++
		n, digits := p.number()
		if digits == 0 || n > element.Max {
			return p.errorAt(at, fmt.Sprintf("expected an atomic number up to %d", element.Max))
		}
		a.Number = uint8(n)
		return nil
	case c >= 'A' && c <= 'Z':
		if n := element.Temporary(rest[:min(3, len(rest))]); n > 0 {
			a.Number = n
			p.at += 3
			return nil
		}
		if len(rest) > 1 && element.Named(rest[:2]) > 0 {
			a.Number = element.Named(rest[:2])
			p.at += 2
			return nil
		}
		if n := element.Named(rest[:1]); n > 0 {
			a.Number = n
			p.at++
			return nil
		}
	case len(rest) > 1 && aromaticPair(rest[:2]) > 0:
		a.Number, a.Aromatic = aromaticPair(rest[:2]), true
		p.at += 2
		return nil
	case c == 'b' || c == 'c' || c == 'n' || c == 'o' || c == 'p' || c == 's':
		a.Number, a.Aromatic = aromaticOrganic(c), true
		p.at++
		return nil
	}
	if rest[0] == ']' {
		return p.fail("bracket without an element")
	}
	return p.fail("no such element")
}

func aromaticPair(s string) uint8 {
	switch s {
	case "si":
		return 14
	case "as":
		return 33
	case "se":
		return 34
	case "te":
		return 52
	}
	return 0
}

// chirality reads @, @@ or a class such as @TH1, with or without its number, and drops it.
func (p *parser) chirality() error {
	if p.peek() != '@' {
		return nil
	}
	at := p.at
	p.at++
	if p.peek() == '@' {
		p.at++
		return nil
	}
	if p.at+2 > len(p.text) {
		return nil
	}
	most := 0
	switch p.text[p.at : p.at+2] {
	case "TH", "AL":
		most = 2
	case "SP":
		most = 3
	case "TB":
		most = 20
	case "OH":
		most = 30
	default:
		return nil
	}
	p.at += 2
	n, digits := p.number()
	if digits > 0 && (n < 1 || n > most) {
		return p.errorAt(at, fmt.Sprintf("chirality number %d is not between 1 and %d", n, most))
	}
	return nil
}

// charge reads +, ++, +n or the same with minus signs.
func (p *parser) charge(a *chem.Atom) error {
	sign := p.peek()
	if sign != '+' && sign != '-' {
		return nil
	}
	at := p.at
	p.at++
	n, digits := p.number()
	if digits == 0 {
		n = 1
		if p.peek() == sign {
			p.at++
			n = 2
		}
	}
	if n > 15 {
		return p.errorAt(at, "charge beyond 15")
	}
	if sign == '-' {
		n = -n
	}
	a.Charge = int8(n)
	return nil
}
