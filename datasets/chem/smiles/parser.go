package smiles

import (
	"fmt"
	"strings"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// bondKind is a bond as written in a SMILES.
type bondKind uint8

const (
	bondNone     bondKind = iota // not written: single, or aromatic between aromatic atoms
	bondDirected                 // / or \: like bondNone
	bondSingle
	bondDouble
	bondTriple
	bondQuadruple
	bondAromatic
	bondDativeTo    // ->
	bondDativeFrom  // <-
	bondUnspecified // ~
)

// parser is the state of Parse.
type parser struct {
	text string
	at   int

	atoms    []chem.Atom
	columns  []int32 // of the atoms, 0-based
	bonds    []chem.Bond
	closures []closure // ring bonds, which follow the other bonds

	last      int32 // atom that the next one is bonded to, -1 before the first
	bond      bondKind
	bondAt    int
	afterDot  bool
	afterOpen bool
	branches  []branch
	near      [100]ringEnd       // by ring number
	far       map[int32]*ringEnd // ring numbers from 100 on
	openRings int
}

type branch struct {
	atom int32
	at   int
}

// ringEnd is the first end of a ring bond.
type ringEnd struct {
	atom int32
	at   int32
	bond bondKind
	open bool
}

type closure struct {
	bond chem.Bond
	at   int32
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

func (p *parser) reset(s string) {
	text := strings.TrimRight(s, blanks)
	*p = parser{text: text, at: len(text) - len(strings.TrimLeft(text, blanks)), last: -1,
		atoms: p.atoms[:0], columns: p.columns[:0], bonds: p.bonds[:0],
		closures: p.closures[:0], branches: p.branches[:0]}
}

// fail is a syntax error at the present place.
func (p *parser) fail(msg string) error { return p.errorAt(p.at, msg) }

func (p *parser) errorAt(at int, msg string) error { return &SyntaxError{Column: at + 1, Msg: msg} }

// peek is the next byte, 0 at the end.
func (p *parser) peek() byte { return p.peekAt(0) }

func (p *parser) peekAt(k int) byte {
	if p.at+k < len(p.text) {
		return p.text[p.at+k]
	}
	return 0
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// number reads digits, none if there are none. Beyond a million it stays there.
func (p *parser) number() (n, digits int) {
	for isDigit(p.peek()) {
		n = min(10*n+int(p.peek()-'0'), 1_000_000)
		digits++
		p.at++
	}
	return n, digits
}

// addAtom appends an atom that began at a place in the text and bonds it to the last one.
func (p *parser) addAtom(a chem.Atom, at int) error {
	k := int32(len(p.atoms))
	if k == chem.MaxAtoms {
		return p.errorAt(at, fmt.Sprintf("more than %d atoms", chem.MaxAtoms))
	}
	p.atoms = append(p.atoms, a)
	p.columns = append(p.columns, int32(at))
	if p.last >= 0 && !p.afterDot {
		p.bonds = append(p.bonds, p.newBond(p.last, k, p.bond))
	}
	p.last, p.bond, p.afterDot, p.afterOpen = k, bondNone, false, false
	return nil
}

// newBond joins two atoms by a bond of the written kind.
func (p *parser) newBond(begin, end int32, kind bondKind) chem.Bond {
	b := chem.Bond{Begin: begin, End: end, Order: 1, Directed: kind == bondDirected}
	switch kind {
	case bondNone, bondDirected:
		b.Aromatic = p.atoms[begin].Aromatic && p.atoms[end].Aromatic
	case bondAromatic:
		b.Aromatic = true
	case bondDouble:
		b.Order = 2
	case bondTriple:
		b.Order = 3
	case bondQuadruple:
		b.Order = 4
	case bondDativeTo:
		b.Order = 0
	case bondUnspecified:
		b.Order, b.Unspecified = 0, true
	case bondDativeFrom:
		b.Begin, b.End, b.Order = end, begin, 0
	}
	return b
}
