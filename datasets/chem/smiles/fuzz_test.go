package smiles_test

import (
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// FuzzParse checks that no text makes the parser panic, that errors name a place in the text, and that a molecule
// survives being written and read again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "CCO", "c1ccccc1", "C1CC1.[Na+]", "[13CH3:2][N+](=O)[O-]", "C%12CC%12", "C%(123)CC%(123)", "F/C=C\\F", "[H]/N=C/C",
		"N[C@@H](C)C(=O)O", "[Fe]<-N", "C$C", "C1(CC)=CC=CC=C1", "c1cc2ccc1cc2", "[2H]O[2H]", "*c1cc*cc1", "[se]1cccc1", "[H+].[H-]",
		"C1CC2CCC1CC2", "C12C3C4C1C5C2C3C45", "CN=N#N", "OCl(=O)(=O)=O", "C(", "C)", "C1CC", "[C", "[Xx]", "C==C", "c1cccc1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 400 {
			return
		}
		m, err := smiles.Parse(s)
		if err != nil {
			checkPlace(t, s, err)
			return
		}
		chemtest.CheckMol(t, m)
		text := smiles.Canonical(m)
		again, err := smiles.Parse(text)
		if err != nil {
			t.Fatalf("%q: canonical %q: %v", s, text, err)
		}
		if got, want := again.Formula(), m.Formula(); got != want {
			t.Fatalf("%q: formula %s, of canonical %q %s", s, want, text, got)
		}
		if got := smiles.Canonical(again); got != text && !separable(m) {
			t.Fatalf("%q: canonical %q, again %q", s, text, got)
		}
	})
}

// separable reports whether a molecule that was aromatic has C=P=O, which has charges when it is read again, as in RDKit.
func separable(m *chem.Mol) bool {
	for i, a := range m.Atoms() {
		if a.Number != 15 || a.Charge != 0 || m.Degree(i) != 3 {
			continue
		}
		double := map[uint8]bool{}
		for _, nb := range m.Neighbors(i) {
			if m.Bonds()[nb.Bond].Order == 2 {
				double[m.Atoms()[nb.Atom].Number] = true
			}
		}
		if double[8] && (double[6] || double[7]) {
			return true
		}
	}
	return false
}

// checkPlace checks that an error names a place in the text.
func checkPlace(t *testing.T, s string, err error) {
	t.Helper()
	var text *smiles.SyntaxError
	var atom *chem.AtomError
	switch {
	case errors.As(err, &text):
		if text.Column < 1 || text.Column > len(s) {
			t.Fatalf("%q: column %d is outside: %v", s, text.Column, err)
		}
	case errors.As(err, &atom):
		if atom.Column < 1 || atom.Column > len(s) || atom.Atom < 1 {
			t.Fatalf("%q: column %d or atom %d is outside: %v", s, atom.Column, atom.Atom, err)
		}
	case err != chem.ErrTooManyRings:
		t.Fatalf("%q: unexpected error %v", s, err)
	}
}
