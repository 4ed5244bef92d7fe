package smiles_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text, formula          string
		atoms, rings, aromatic int
	}{
		{"", "", 0, 0, 0},
		{" \tCCO\n", "C2H6O", 3, 0, 0},
		{"C", "CH4", 1, 0, 0},
		{"[H][H]", "H2", 2, 0, 0},
		{"[HH]", "H2", 1, 0, 0},
		{"[2H]C([2H])([2H])[2H]", "CH4", 5, 0, 0},
		{"[H]C([H])([H])[H]", "CH4", 1, 0, 0},
		{"[H]O[H]", "H2O", 1, 0, 0},
		{"[H]n1cccc1", "C4H5N", 5, 1, 5},
		{"[H]*", "H*", 2, 0, 0},
		{"[H]/N=C/C", "C2H5N", 4, 0, 0}, // this hydrogen tells the geometry
		{"[H]N=CC", "C2H5N", 3, 0, 0},
		{"B1C=CC=CC=1", "C5H5B", 6, 1, 6},
		{"ClC(Br)(F)I", "CBrClFI", 5, 0, 0},
		{"c1ccccc1-c1ccccc1", "C12H10", 12, 2, 12},
		{"c1ccccc1c1ccccc1", "C12H10", 12, 2, 12},
		{"c1ccc2ccccc2c1", "C10H8", 10, 2, 10},
		{"C1=CC=C2C=CC=CC2=C1", "C10H8", 10, 2, 10},
		{"c1cc[nH]c1", "C4H5N", 5, 1, 5},
		{"c1cnc[nH]1", "C3H4N2", 5, 1, 5},
		{"o1cccc1", "C4H4O", 5, 1, 5},
		{"s1cccc1", "C4H4S", 5, 1, 5},
		{"[se]1cccc1", "C4H4Se", 5, 1, 5},
		{"[te]1cccc1", "C4H4Te", 5, 1, 5},
		{"[cH-]1cccc1", "C5H5-", 5, 1, 5},
		{"[cH+]1cccccc1", "C7H7+", 7, 1, 7},
		{"C1=CC=CC=CC=C1", "C8H8", 8, 1, 0},
		{"C1=CC=C2C(=C1)C=CC2", "C9H8", 9, 2, 6},
		{"c1ccc2cccc2cc1", "C10H8", 10, 2, 10}, // azulene: aromatic together only
		{"O=c1cccc[nH]1", "C5H5NO", 7, 1, 6},
		{"O=C1C=CC(=O)C=C1", "C6H4O2", 8, 1, 0},
		{"N#N", "N2", 2, 0, 0},
		{"[C-]#[O+]", "CO", 2, 0, 0},
		{"C$C", "C2", 2, 0, 0},
		{"CC(C)Cs1NC(=O)C(C)NC1=O", "C8H16N2O2S", 13, 1, 0}, // as [SH]
		{"[Uub]", "Cn", 1, 0, 0},
		{"[UH][Uuo]", "HOgU", 2, 0, 0},
		{"[Na+].[Cl-]", "ClNa", 2, 0, 0},
		{"C1.C1", "C2H6", 2, 0, 0},
		{"C%12CC%12", "C3H6", 3, 1, 0},
		{"C%(12345)CC%(12345)", "C3H6", 3, 1, 0},
		{"C1CC1C1CC1", "C6H10", 6, 2, 0},
		{"C12C3C4C1C5C2C3C45", "C8H8", 8, 6, 0}, // cubane: all six faces
		{"C1CC2CCC1CC2", "C8H14", 8, 3, 0},
		{"C1CC2CCC1C2", "C7H12", 7, 2, 0},
		{"C1C2CC3CC1CC(C2)C3", "C10H16", 10, 4, 0},
		{"C1CC11CC1", "C5H8", 5, 2, 0},
		{"[13CH4]", "CH4", 1, 0, 0},
		{"[CH3]", "CH3", 1, 0, 0},
		{"[Fe+2]", "Fe+2", 1, 0, 0},
		{"[Fe++]", "Fe+2", 1, 0, 0},
		{"[O--]", "O-2", 1, 0, 0},
		{"[NH4+:7]", "H4N+", 1, 0, 0},
		{"[#6]", "C", 1, 0, 0},
		{"N[C@@H](C)C(=O)O", "C3H7NO2", 6, 0, 0},
		{"F[Pt@SP1](Cl)(Br)I", "BrClFIPt", 5, 0, 0},
		{"C[Co@OH3](F)(Cl)(Br)(I)S", "CH4BrClCoFIS", 7, 0, 0},
		{"[OH2]", "H2O", 1, 0, 0},
		{"[Fe@OH]C", "CH3Fe", 2, 0, 0},
		{"F/C=C\\F", "C2H2F2", 4, 0, 0},
		{"F/C=C\\\\F", "C2H2F2", 4, 0, 0},
		{"C1=CC/1", "C3H4", 3, 1, 0},
		{"N->[Fe]", "H3FeN", 2, 0, 0},
		{"[Fe]<-N", "H3FeN", 2, 0, 0},
		{"CN(=O)=O", "CH3NO2", 4, 0, 0},
		{"CN=N#N", "CH3N3", 4, 0, 0},
		{"O=n1ccccc1", "C5H5NO", 7, 1, 6},
		{"OCl(=O)(=O)=O", "HClO4", 5, 0, 0},
		{"CC(C)=P(=O)C", "C4H9OP", 6, 0, 0},
		{"CS(C)(=O)=O", "C2H6O2S", 5, 0, 0},
		{"FS(F)(F)(F)(F)F", "F6S", 7, 0, 0},
		{"FP(F)(F)(F)F", "F5P", 6, 0, 0},
		{"[H]P([H])(C)(C)C", "C3H11P", 4, 0, 0},
		{"CI(C)C", "C3H9I", 4, 0, 0},
		{"C[Mg]Br", "CH3BrMg", 3, 0, 0},
		{"c1cc*cc1", "C5H5*", 6, 1, 6},
	} {
		m, err := smiles.Parse(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if m.Formula() != c.formula || len(m.Atoms()) != c.atoms || len(m.Rings()) != c.rings || chemtest.CountAromatic(m) != c.aromatic {
			t.Errorf("%q: %s, %d atoms, %d rings, %d aromatic; want %s, %d, %d, %d", c.text, m.Formula(), len(m.Atoms()),
				len(m.Rings()), chemtest.CountAromatic(m), c.formula, c.atoms, c.rings, c.aromatic)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
	}{
		{"C1CC", 2}, {"C1CCCCC2", 2}, {"C11", 3}, {"C12CC12", 6}, {"C1C1", 4}, {"C%1", 2}, {"C%01CC%01", 2},
		{"C%(1", 2}, {"C%()C", 2}, {"C%(100000)C", 2}, {"C%(100)C", 2},
		{"CC(C", 3}, {"CC)C", 3}, {"C()C", 3}, {"(C)C", 1}, {"C((C))C", 3}, {"C(1CC1)", 3}, {"C(", 2}, {"C=(C)C", 3}, {"C(C=)C", 5},
		{"C.", 2}, {"C..C", 3}, {".C", 1}, {"C.(C)", 3}, {"C.=C", 3}, {"C.1CC1", 3}, {"C(.C)", 3},
		{"C=", 2}, {"C==C", 3}, {"=C", 1}, {"C-=C", 3}, {"1CC1", 1}, {"C<C", 2}, {"C~~C", 3}, {"[CH4:1234567890]", 16},
		{"[", 1}, {"[C", 1}, {"C]", 2}, {"[]", 2}, {"[Xx]", 2}, {"[13]", 4}, {"[1000C]", 2}, {"[CH100]", 3}, {"[C+16]", 3},
		{"[C+++]", 5}, {"[C:]", 4}, {"[C:", 1}, {"[C@TH3]", 3}, {"[C@SP4]", 3}, {"[#119]", 2}, {"[#]", 2}, {"[CC]", 3}, {"[cH", 1}, {"[C@@@]", 5},
		{"X", 1}, {"CH4", 2}, {"CNa", 3}, {"C C", 2}, {"Cé", 2}, {"C!", 2},
		{strings.Repeat("C", 10_001), 10_001},
	} {
		_, err := smiles.Parse(c.text)
		var e *smiles.SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%.40q: error %v, want a syntax error", c.text, err)
		} else if e.Column != c.column {
			t.Errorf("%.40q: %v, want column %d", c.text, err, c.column)
		}
	}
}

func TestAtomErrors(t *testing.T) {
	for _, c := range []struct {
		text         string
		atom, column int
	}{
		{"CC(C)(C)(C)C", 2, 2}, {"c1cccc1", 5, 6}, {"Cc", 2, 2}, {"C[O+2](C)(C)(C)C", 2, 2}, {"F=F", 1, 1},
		{"[H]C([H])([H])([H])[H]", 2, 4}, {"[CH5]", 1, 1}, {"C[H]C", 2, 2}, {"cc", 1, 1}, {"[HH2]", 1, 1}, {"[Cl-]C", 1, 1},
	} {
		_, err := smiles.Parse(c.text)
		var e *chem.AtomError
		if !errors.As(err, &e) {
			t.Errorf("%q: error %v, want an atom error", c.text, err)
		} else if e.Column != c.column || e.Atom != c.atom {
			t.Errorf("%q: %v, want atom %d, column %d", c.text, err, c.atom, c.column)
		}
	}
}

// TestSameMolecule checks that different spellings give one molecule.
func TestSameMolecule(t *testing.T) {
	for _, group := range [][]string{
		{"CCO", "OCC", "C(O)C", "[CH3][CH2][OH]", "[H]OCC", "C-C-O"},
		{"c1ccccc1", "C1=CC=CC=C1", "C=1C=CC=CC=1", "c:1:c:c:c:c:c1", "[cH]1[cH][cH][cH][cH][cH]1"},
		{"CN(=O)=O", "C[N+](=O)[O-]", "C[N+]([O-])=O"},
		{"CN=N#N", "CN=[N+]=[N-]"},
		{"O=n1ccccc1", "[O-][n+]1ccccc1", "C1=CC=CN(=O)=C1"},
		{"N[C@@H](C)C(=O)O", "N[C@H](C)C(=O)O", "NC(C)C(=O)O", "C[C@H](N)C(=O)O"},
		{"F/C=C/F", "F/C=C\\F", "FC=CF"},
		{"[H]/N=C/C", "N=CC"},
		{"C1CC1.O", "O.C1CC1"},
		{"C[CH2:3]C", "CCC"},
		{"[Fe]<-N", "N->[Fe]"},
		{"C1CCCCC1", "C12CCCCC1.C2", "C%10CCCCC%10"},
	} {
		want := ""
		for k, s := range group {
			if s == "C12CCCCC1.C2" { // methylcyclohexane, written across a dot
				if smiles.Canonical(chemtest.Mol(t, s)) != smiles.Canonical(chemtest.Mol(t, "CC1CCCCC1")) {
					t.Errorf("%s is not methylcyclohexane", s)
				}
				continue
			}
			got := smiles.Canonical(chemtest.Mol(t, s))
			if k == 0 {
				want = got
			}
			if got != want {
				t.Errorf("%s gives %s, %s gives %s", group[0], want, s, got)
			}
		}
	}
}

// TestConcurrentParsing reads in several goroutines, which share scratch memory; run it with -race.
func TestConcurrentParsing(t *testing.T) {
	texts := []string{"c1ccc2ccccc2c1", "CC(=O)[O-].[Na+]", "C12C3C4C1C5C2C3C45", "[H]n1cccc1", "C1CC", "c1cccc1", "CN(=O)=O"}
	read := func() string {
		out := ""
		for _, s := range texts {
			m, err := smiles.Parse(s)
			if err != nil {
				out += err.Error()
				continue
			}
			out += smiles.Canonical(m) + m.Formula()
		}
		return out
	}
	want := read()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got := read(); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// TestUnspecifiedBonds: ~ is an edge of the graph that leaves the valences of its atoms alone. The formulas and numbers of rings and
// aromatic atoms are those of RDKit 2022.09.
func TestUnspecifiedBonds(t *testing.T) {
	for _, c := range []struct {
		text, formula   string
		rings, aromatic int
	}{
		{"C~C", "C2H8", 0, 0}, {"N~[Fe]", "H3FeN", 0, 0}, {"c1cc~ccc1", "C6H8", 1, 6}, {"c1ccccc1~c1ccccc1", "C12H12", 2, 12},
		{"C1CC~C1", "C4H10", 1, 0}, {"[nH]1cccc1~[Fe]", "C4H5FeN", 1, 5}, {"c1ccc2c(c1)C~C2", "C8H10", 2, 6}, {"C~C(C)(C)(C)C", "C6H16", 0, 0},
		{"[H]~C", "CH4", 0, 0}, {"[Cl-]~[Na+]", "ClNa", 0, 0}, {"CN(~C)(=O)=O", "C2H7NO2", 0, 0}, {"C1=CC=CC~C1", "C6H10", 1, 0},
		{"C~[*]", "CH4*", 0, 0}, {"O~[H]~O", "H5O2", 0, 0},
	} {
		m := chemtest.Mol(t, c.text)
		chemtest.CheckMol(t, m)
		if m.Formula() != c.formula || len(m.Rings()) != c.rings || chemtest.CountAromatic(m) != c.aromatic {
			t.Errorf("%s: %s, %d rings, %d aromatic atoms; want %s, %d, %d", c.text, m.Formula(), len(m.Rings()), chemtest.CountAromatic(m),
				c.formula, c.rings, c.aromatic)
		}
		text := smiles.Canonical(m)
		again := chemtest.Mol(t, text)
		if smiles.Canonical(again) != text || again.Formula() != c.formula {
			t.Errorf("%s: canonical %s is read as %s, %s", c.text, text, smiles.Canonical(again), again.Formula())
		}
	}
	for _, text := range []string{"~C", "C~", "C.~C", "C~.C", "C=~C", "C~=C", "[C~]"} {
		if _, err := smiles.Parse(text); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}

// TestTemporarySymbols: elements had symbols of three letters before they were named.
func TestTemporarySymbols(t *testing.T) {
	for old, name := range map[string]string{"[Uun]": "Ds", "[Uuu]": "Rg", "[Uub]": "Cn", "[Uut]": "Nh", "[Uuq]": "Fl", "[Uup]": "Mc", "[Uuh]": "Lv",
		"[Uus]": "Ts", "[294Uuo+2]": "Og+2"} {
		if got := chemtest.Mol(t, old).Formula(); got != name {
			t.Errorf("%s: %s, want %s", old, got, name)
		}
	}
	for _, text := range []string{"[Uue]", "[Uu]", "[Unq]", "Uuo"} {
		if _, err := smiles.Parse(text); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}
