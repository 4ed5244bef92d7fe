package chem

import "fmt"

// AtomError identifies the atom that makes a molecule impossible.
type AtomError struct {
	Atom   int    // 1-based position in the input
	Column int    // 1-based column of the atom in the SMILES, or 0 if it came from elsewhere
	Line   int    // 1-based line of the atom in the molfile or SD file, or 0 if it came from elsewhere
	Symbol string // of the element
	Msg    string
}

func (e *AtomError) Error() string {
	switch {
	case e == nil:
		return "chem: no error"
	case e.Column > 0:
		return fmt.Sprintf("chem: atom %d (%s, column %d): %s", e.Atom, e.Symbol, e.Column, e.Msg)
	case e.Line > 0:
		return fmt.Sprintf("chem: atom %d (%s, line %d): %s", e.Atom, e.Symbol, e.Line, e.Msg)
	}
	return fmt.Sprintf("chem: atom %d (%s): %s", e.Atom, e.Symbol, e.Msg)
}

// BondError identifies a bond that cannot be part of a graph.
type BondError struct {
	Bond       int // 1-based position in the input
	Begin, End int // 1-based positions of its atoms
	Msg        string
}

func (e *BondError) Error() string {
	if e == nil {
		return "chem: no error"
	}
	return fmt.Sprintf("chem: bond %d between atoms %d and %d: %s", e.Bond, e.Begin, e.End, e.Msg)
}
