package smarts

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

func mustPattern(t testing.TB, smarts string) *Pattern {
	t.Helper()
	p, err := Parse(smarts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPatternCount(t *testing.T) {
	for _, c := range []struct {
		smarts, smiles string
		want           int
	}{
		// Elements and aromaticity.
		{"C", "CCO", 2}, {"c", "CCO", 0}, {"[#6]", "Cc1ccccc1", 7}, {"[c,C]", "Cc1ccccc1", 7}, {"a", "Cc1ccccc1", 6},
		{"A", "Cc1ccccc1", 1}, {"*", "Cc1ccccc1", 7}, {"Cl", "ClCCl", 2}, {"[Cl]", "ClCCl", 2}, {"[Sc]", "CS", 0},
		{"[se]", "c1cc[se]c1", 1}, {"[#34]", "c1cc[se]c1", 1}, {"Br", "BrB", 1}, {"B", "BrB", 1}, {"[Na]", "[Na+].[Cl-]", 1},
		// Hydrogen, the element and the count.
		{"[H]", "[H][H]", 2}, {"[2H]", "[2H]C", 1}, {"[H+]", "[H+]", 1}, {"[#1]", "CC", 0}, {"[H]C", "[2H]C", 1},
		{"[CH3]", "CCO", 1}, {"[CH]", "CC(C)C", 1}, {"[H1,c]", "CC(C)C", 1}, {"[OH]", "CCO", 1}, {"[CH3]", "[2H]C", 0},
		{"[CH4]", "[2H]C", 1}, {"[!H0]", "CC(C)(C)C", 4},
		// Counts.
		{"[D1]", "CC(C)C", 3}, {"[D3]", "CC(C)C", 1}, {"[X4]", "CC(C)C", 4}, {"[X3]", "CC=O", 1}, {"[X]", "CC#N", 1},
		{"[v4]", "CC=O", 2}, {"[v2]", "CC=O", 1}, {"[R]", "CC1CC1", 3}, {"[R0]", "CC1CC1", 1}, {"[R2]", "c1ccc2ccccc2c1", 2},
		{"[r]", "CC1CC1", 3}, {"[r3]", "CC1CC1", 3}, {"[r6]", "C1CC2CCCC2CC1", 4}, {"[r5]", "C1CC2CCCC2C1", 8},
		{"[x2]", "CC1CC1", 3}, {"[x3]", "C1CC2CCCC2CC1", 2}, {"[x0]", "CC1CC1", 1}, {"[h3]", "C[CH3]", 2},
		// Charges and isotopes.
		{"[+]", "C[NH3+]", 1}, {"[+1]", "C[NH3+]", 1}, {"[++]", "[Ca+2]", 1}, {"[+2]", "[Ca+2]", 1}, {"[-]", "[Cl-]", 1},
		{"[-0]", "CC", 2}, {"[+0]", "C[NH3+]", 1}, {"[13C]", "[13CH3]C", 1}, {"[13]", "[13CH3]C", 1}, {"[0*]", "[13CH3]C", 1},
		// Logic: ! before & before , before ;.
		{"[!C]", "CCO", 1}, {"[!C!O]", "CCO", 0}, {"[C,O;H1]", "CCO", 1}, {"[C,OH1]", "CCO", 3}, {"[C&H3,O]", "CCO", 2},
		{"[!!C]", "CCO", 2}, {"[N,O;!H0]", "NCCOC", 1}, {"[C;!$(CO)]", "CCO", 1}, {"[C:1]O", "CCO", 1},
		// Bonds.
		{"CC", "CC=CC", 2}, {"C-C", "CC=CC", 2}, {"C=C", "CC=CC", 1}, {"C~C", "CC=CC", 3}, {"C#N", "CC#N", 1},
		{"cc", "c1ccccc1-c1ccccc1", 13}, {"c:c", "c1ccccc1-c1ccccc1", 12}, {"c-c", "c1ccccc1-c1ccccc1", 1},
		{"C@C", "CC1CC1", 3}, {"C!@C", "CC1CC1", 1}, {"C-!@C", "CC1CC1", 1}, {"C=,#C", "C=CC#C", 2}, {"C!-C", "C=CC#C", 2},
		{"C/C=C\\C", "CC=CC", 1}, {"*-;!@*", "CC1CC1", 1}, {"C!-;!=C", "C=CC#C", 1}, {"C=&@C", "C1=CC1", 1},
		// Branches, ring closures, dots.
		{"CC(C)C", "CC(C)C", 1}, {"C(C)(C)(C)C", "CC(C)(C)C", 1}, {"C1CC1", "CC1CC1", 1}, {"C1CCC1", "CC1CC1", 0},
		{"C%12CC%12", "CC1CC1", 1}, {"C%(7)CC%(7)", "CC1CC1", 1}, {"C=1CC1", "C1=CC1", 1}, {"C1CC=1", "C1=CC1", 1},
		{"C1=CC-1", "C1=CC1", 1}, {"C1(CC1)C", "CC1CC1", 1}, {"*1**1", "C1CC1", 1}, {"F.F", "FC(F)F", 3}, {"[Na].[Cl]", "[Na+].[Cl-]", 1},
		{"c12ccccc1cccc2", "c1ccc2ccccc2c1", 1},
		{"C(C.O)N", "NCC.O", 1}, {"C1.C1", "CC", 1},
		// Chirality and direction.
		{"[C@](F)(Cl)Br", "FC(Cl)Br", 1}, {"[C@@H](F)(Cl)Br", "F[C@H](Cl)Br", 1}, {"[C@H]", "CC(C)C", 1}, {"[C@?H]", "CC(C)C", 1},
		{"[C@@?H1,O]", "CC(C)C", 1}, {"[C@TH1H]", "CC(C)C", 1}, {"[C@SP]", "CC", 2}, {"[@;O]", "CO", 1}, {"[C@OH1]", "CO", 1},
		{"F/C=C/F", "F/C=C\\F", 1}, {"F/?C=C\\?F", "FC=CF", 1}, {"C!/?C", "CC=C", 1},
		// Recursion.
		{"[$(CO)]", "CCO", 1}, {"[$(*O)]", "COC", 2}, {"[$([CH3][$(CO)])]", "CCO", 1}, {"[C!$(C=O)]O", "CC(=O)OC", 1},
		{"[$(C(=O)O),$(C(=O)N)]", "NC(=O)CC(=O)O", 2}, {"[$(C.O)]", "CO", 1},
		// Equal sets of atoms count once, different ones each.
		{"CCC", "CCC", 1}, {"C~*~O", "CC(=O)O", 2}, {"OCO", "OC(O)O", 3}, {"c1ccccc1", "c1ccccc1", 1}, {"*~*", "", 0}, {"", "CC", 0},
	} {
		if got := mustPattern(t, c.smarts).Count(chemtest.Mol(t, c.smiles)); got != c.want {
			t.Errorf("%s in %s: %d matches, want %d", c.smarts, c.smiles, got, c.want)
		}
	}
}

func TestPatternMatches(t *testing.T) {
	m := chemtest.Mol(t, "OC(=O)CC(=O)N")
	p := mustPattern(t, "[CX3](=O)[O,N]")
	got := p.Matches(m)
	if want := [][]int{{1, 2, 0}, {4, 5, 6}}; len(got) != 2 || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
		t.Errorf("matches %v, want %v", got, want)
	}
	if p.NumAtoms() != 3 || p.String() != "[CX3](=O)[O,N]" {
		t.Errorf("%d atoms in %s", p.NumAtoms(), p)
	}
	if !p.Match(m) || p.Match(chemtest.Mol(t, "CC=O")) {
		t.Error("Match is wrong")
	}
	if empty := mustPattern(t, ""); empty.Match(m) || empty.Matches(m) != nil {
		t.Error("an empty pattern matches")
	}
}

// TestPatternLimit: a pattern with many symmetries ends at the limit instead of listing them all.
func TestPatternLimit(t *testing.T) {
	m := chemtest.Mol(t, strings.Repeat("C(C)(C)", 200))
	if n := mustPattern(t, "*~*~*~*~*~*").Count(m); n == 0 || n > maxEmbeddings {
		t.Errorf("%d matches", n)
	}
}

// TestPatternOfSMILES: a molecule's own SMILES, read as a pattern, is found in it, wherever it starts.
func TestPatternOfSMILES(t *testing.T) {
	for _, s := range chemtest.Mixed {
		if strings.ContainsAny(s, ".+-") {
			continue // charges stand for themselves in SMARTS but a plain atom may be charged
		}
		p, m := mustPattern(t, s), chemtest.Mol(t, s)
		if p.NumAtoms() != len(m.Atoms()) || !p.Match(m) {
			t.Errorf("%s is not found in itself", s)
		}
		if n := p.Count(m); n != 1 {
			t.Errorf("%s: %d matches in itself", s, n)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		smarts string
		column string
	}{
		{"C(", "column 3"}, {"C)", "column 2"}, {"(C)", "column 1"}, {"C()C", "column 3"}, {"C1CC", "column 2"},
		{"C11", "column 3"}, {"=C", "column 1"}, {"C=", "column 3"}, {"C.", "column 3"}, {".C", "column 1"},
		{"C(.C)", "column 3"}, {"C(C.)C", "column 5"}, {"C((C)C)", "column 3"}, {"C1C1", "column 4"}, {"C1.C1C2C12", "column 10"}, {"C%00CC%00", "column 2"},
		{"C(1CC1)", "column 3"}, {"[C^2]", "column 3"}, {"[C", "column 1"}, {"[]", "column 2"}, {"[C,]", "column 4"}, {"[C;]", "column 4"},
		{"[C&]", "column 4"}, {"[!]", "column 3"}, {"[$(C]", "column 2"}, {"[$C]", "column 2"}, {"[$()]", "column 2"},
		{"C[$(C(]", "column 3"}, {"[Q]", "column 2"}, {"Q", "column 1"}, {"[#]", "column 2"}, {"[#300]", "column 2"},
		{"C%1", "column 2"}, {"C%(1", "column 2"}, {"1CC1", "column 1"}, {"C=1CC-1", "column 7"}, {"[C:]", "column 4"},
		{"C!C", "column 3"}, {"C-,C", "column 4"}, {"[99999C]", "column 2"}, {"[C@Q]", "column 4"}, {"C-?C", "column 3"}, {"(C).(C)", "column 1"}, {"C C", "column 2"},
		{"[+200]", "column 2"}, {"CC[$(O", "column 4"}, {"C[$(CQ)]", "column 6"}, {"[D99999]", "column 3"}, {"Ц", "column 1"},
		{strings.Repeat("[$(", 40) + "C" + strings.Repeat(")]", 40), "column 98"},
	} {
		_, err := Parse(c.smarts)
		if err == nil {
			t.Errorf("%s is accepted", c.smarts)
		} else if !strings.Contains(err.Error(), c.column+":") {
			t.Errorf("%s: %v, want %s", c.smarts, err, c.column)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"[$([N;!H0;v3,v4&+1]),$([O,S;H1;+0]),n&H1&+0]", "[$([C,S](=[O,S,P])-[O;H1,-1])]", "[CX3](=O)[OX2H0][#6]",
		"[!$(*#*)&!D1]-!@[!$(*#*)&!D1]", "[$([NX3](=O)=O),$([NX3+](=O)[O-])][!#8]", "c1ccc2c(c1)ccc(=O)o2",
	} {
		f.Add(s)
	}
	for _, s := range []string{"C1CC1", "C%12C%(3)C%12C3", "[$([$(C)])]", "C/C=C\\C", "[13C@H+2:1]", "[!#6!#1]~*", "C(.C)", "[[", "[H,c]"} {
		f.Add(s)
	}
	f.Add("*1~*~*~*~*~*~*~*~*~1")
	f.Add("*~[$(*~*~[$(*~*~*~[!$(*1~*~*~*~*~1)])])]")
	molecules := []*chem.Mol{
		chemtest.Mol(f, "CC(=O)Nc1ccc(cc1)[N+](=O)[O-].[Na+].[2H]C1CC1"), chemtest.Mol(f, completeBipartite(9)),
		chemtest.Mol(f, "*"+strings.Repeat("(CO)", 30)+strings.Repeat("(C)", 30)), chemtest.Mol(f, ""),
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Parse(s)
		if err != nil {
			return
		}
		for _, m := range molecules {
			checkMatches(t, p, m)
		}
	})
}

// checkMatches checks that matches have the atoms and bonds of the pattern.
func checkMatches(t *testing.T, p *Pattern, m *chem.Mol) {
	t.Helper()
	target := NewTarget(m)
	found, n := target.Match(p), p.NumAtoms()
	matches := target.distinct(p)
	if found != (len(matches) > 0) && !target.Exhausted() {
		t.Fatalf("%q: Match gives %v, but there are %d atoms of matches", p, found, len(matches))
	}
	for ; len(matches) > 0; matches = matches[n:] {
		for k := range n {
			if slices.Contains(matches[:k], matches[k]) {
				t.Fatalf("%q: an atom twice in match %v", p, matches[:n])
			}
			if q := p.atoms[k].parent; q >= 0 && m.BondBetween(int(matches[q]), int(matches[k])) < 0 {
				t.Fatalf("%q: no bond between atoms %d and %d of match %v", p, q, k, matches[:n])
			}
		}
		if !target.MatchAt(p, int(matches[0])) && !target.Exhausted() {
			t.Fatalf("%q: found at atom %d only by Count", p, matches[0])
		}
	}
}

// TestBondTests: the code of each bond satisfies its own symbol and no other type's.
func TestBondTests(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := chem.Bond{Order: uint8(rapid.IntRange(1, 4).Draw(rt, "order")), InRing: rapid.Bool().Draw(rt, "ring")}
		b.Aromatic = b.Order < 3 && rapid.Bool().Draw(rt, "aromatic")
		kinds := map[bondTest]bool{
			matchSingle: b.Order == 1 && !b.Aromatic, matchDouble: b.Order == 2 && !b.Aromatic, matchTriple: b.Order == 3,
			matchFourfold: b.Order == 4, matchAromatic: b.Aromatic, matchInRing: b.InRing, matchAny: true,
		}
		for test, want := range kinds {
			if test.holds(bondCode(&b)) != want {
				rt.Fatalf("%+v: test %b gives %v", b, test, !want)
			}
		}
	})
}
