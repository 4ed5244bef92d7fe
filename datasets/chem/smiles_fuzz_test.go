package chem

import (
	"testing"

	"github.com/pkg/errors"
)

// FuzzParseSMILES checks that no text makes the parser panic, that errors name a place in the text, and that a molecule
// survives being written and read again.
func FuzzParseSMILES(f *testing.F) {
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
		m, err := ParseSMILES(s)
		if err != nil {
			checkPlace(t, s, err)
			return
		}
		checkMol(t, m)
		text := m.CanonicalSMILES()
		again, err := ParseSMILES(text)
		if err != nil {
			t.Fatalf("%q: canonical %q: %v", s, text, err)
		}
		if got, want := again.Formula(), m.Formula(); got != want {
			t.Fatalf("%q: formula %s, of canonical %q %s", s, want, text, got)
		}
		if got := again.CanonicalSMILES(); got != text {
			t.Fatalf("%q: canonical %q, again %q", s, text, got)
		}
		checkMol(t, m.Parent())
	})
}

// checkPlace checks that an error names a place in the text.
func checkPlace(t *testing.T, s string, err error) {
	t.Helper()
	var text *SyntaxError
	var atom *AtomError
	switch {
	case errors.As(err, &text):
		if text.Column < 1 || text.Column > len(s) {
			t.Fatalf("%q: column %d is outside: %v", s, text.Column, err)
		}
	case errors.As(err, &atom):
		if atom.Column < 1 || atom.Column > len(s) || atom.Atom < 1 {
			t.Fatalf("%q: column %d or atom %d is outside: %v", s, atom.Column, atom.Atom, err)
		}
	case err != errRings:
		t.Fatalf("%q: unexpected error %v", s, err)
	}
}

// checkMol checks that neighbour lists, rings and ring marks agree with the bonds.
func checkMol(t testing.TB, m *Mol) {
	t.Helper()
	for i := range m.Atoms {
		for _, n := range m.Neighbors(i) {
			b := m.Bonds[n.Bond]
			if int(b.Begin)+int(b.End) != i+int(n.Atom) || int(b.Begin) != i && int(b.End) != i {
				t.Fatalf("neighbour %v of atom %d does not fit bond %v", n, i, b)
			}
		}
	}
	atoms, bonds := map[int32]bool{}, map[int32]bool{}
	for _, r := range m.Rings() {
		for k, i := range r {
			b := m.bondBetween(i, r[(k+1)%len(r)])
			if b < 0 {
				t.Fatalf("ring %v is none", r)
			}
			atoms[i], bonds[b] = true, true
		}
	}
	for i := range m.Atoms {
		if m.Atoms[i].InRing != atoms[int32(i)] {
			t.Fatalf("atom %d: in a ring %v, in a listed ring %v", i, m.Atoms[i].InRing, atoms[int32(i)])
		}
	}
	for k := range m.Bonds {
		if m.Bonds[k].InRing != bonds[int32(k)] {
			t.Fatalf("bond %d: in a ring %v, in a listed ring %v", k, m.Bonds[k].InRing, bonds[int32(k)])
		}
	}
	if want := len(m.Bonds) - len(m.Atoms) + len(m.components()); len(m.Rings()) < want {
		t.Fatalf("%d rings, at least %d are independent", len(m.Rings()), want)
	}
}
