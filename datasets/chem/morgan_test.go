package chem

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sameMolecule holds different ways to write the same molecule.
var sameMolecule = [][]string{
	{"CCO", "OCC", "C(O)C"},
	{"c1ccccc1C(=O)O", "OC(=O)c1ccccc1", "C1=CC=CC=C1C(O)=O"},
	{"CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"},
	{"[Na+].[O-]C(=O)C", "CC([O-])=O.[Na+]"},
	{"C1CC2CCC1C2", "C1C2CCC(C2)C1"},
	{"O=[N+]([O-])c1ccc2[nH]ccc2c1", "c1cc2cc(ccc2[nH]1)[N+]([O-])=O"},
	{"CC(C)(C)c1cc(O)c(cc1)S(=O)(=O)NC(F)(F)F", "FC(F)(F)NS(=O)(=O)c1ccc(cc1O)C(C)(C)C"},
}

func TestFingerprintsIgnoreAtomOrder(t *testing.T) {
	kinds := map[string]func(*Mol) Fingerprint{
		"ECFP6":     func(m *Mol) Fingerprint { return ECFP(m, 3) },
		"FCFP4":     func(m *Mol) Fingerprint { return FCFP(m, 2) },
		"AtomPairs": AtomPairs,
	}
	for name, f := range kinds {
		for _, group := range sameMolecule {
			want := f(mustMol(t, group[0]))
			checkFingerprint(t, want)
			for _, s := range group[1:] {
				if got := f(mustMol(t, s)); !slices.Equal(got, want) {
					t.Errorf("%s of %s: %v, of %s: %v", name, group[0], want, s, got)
				}
			}
		}
	}
}

// TestECFPIdentifiers compares with published identifiers: the RDKit book's 2-methylpyridine and, from the RDKit
// mailing list (21 April 2021), caffeine.
func TestECFPIdentifiers(t *testing.T) {
	f := ECFP(mustMol(t, "c1cccnc1C"), 2)
	if len(f) != 16 || f.N(98513984) != 2 || f.N(4048591891) != 1 {
		t.Errorf("2-methylpyridine: %v", f)
	}
	want := Fingerprint{
		{10565946, 2}, {348155210, 1}, {476388586, 1}, {540046244, 1}, {553412256, 1}, {864942730, 2}, {909857231, 1},
		{1100037548, 1}, {1333761024, 1}, {1512818157, 1}, {1981181107, 1}, {2030573601, 1}, {2041434490, 1},
		{2092489639, 3}, {2246728737, 3}, {2370996728, 1}, {2877515035, 1}, {2971716993, 1}, {2975126068, 2},
		{3140581776, 1}, {3217380708, 4}, {3218693969, 1}, {3462333187, 1}, {3657471097, 3}, {3796970912, 1},
	}
	if f := ECFP(mustMol(t, "Cn1cnc2n(C)c(=O)n(C)c(=O)c12"), 2); !slices.Equal(f, want) {
		t.Errorf("caffeine: %v", f)
	}
}

func TestECFPRadii(t *testing.T) {
	for _, group := range sameMolecule {
		m := mustMol(t, group[0])
		if n := ECFP(m, 0).Total(); n != len(m.Atoms) {
			t.Errorf("%s: %d identifiers of radius 0, %d atoms", group[0], n, len(m.Atoms))
		}
		for radius := 0; radius < 5; radius++ {
			small, large := ECFP(m, radius), ECFP(m, radius+1)
			for _, c := range small {
				if large.N(c.ID) < c.N {
					t.Errorf("%s: identifier %d of radius %d is missing at %d", group[0], c.ID, radius, radius+1)
				}
			}
		}
		if a, b := ECFP(m, len(m.Atoms)), ECFP(m, 1000000); !slices.Equal(a, b) {
			t.Errorf("%s: still growing beyond its own size", group[0])
		}
	}
}

func TestFingerprintsOfSmallMolecules(t *testing.T) {
	for _, c := range []struct {
		smiles             string
		ecfp, fcfp, bonded int // totals for radius 2, and of the atom pairs
	}{
		{"", 0, 0, 0},
		{"C", 1, 1, 0},
		{"[Na+].[Cl-]", 2, 2, 0},
		{"CC", 3, 3, 1},              // both atoms see the same bond at radius 1
		{"CC.CC", 6, 6, 2},           // fragments do not see each other
		{"C1CC1", 7, 7, 3},           // three pairs of bonds, then the ring
		{"[2H]C([2H])[2H]", 8, 8, 6}, // 4 atoms, 3 bonds, 1 star
	} {
		m := mustMol(t, c.smiles)
		if n := ECFP(m, 2).Total(); n != c.ecfp {
			t.Errorf("%q: ECFP4 has %d environments, want %d", c.smiles, n, c.ecfp)
		}
		if n := FCFP(m, 2).Total(); n != c.fcfp {
			t.Errorf("%q: FCFP4 has %d environments, want %d", c.smiles, n, c.fcfp)
		}
		if n := AtomPairs(m).Total(); n != c.bonded {
			t.Errorf("%q: %d pairs, want %d", c.smiles, n, c.bonded)
		}
		if f := ECFP(m, -1); len(f) != 0 {
			t.Errorf("%q: radius -1 gives %v", c.smiles, f)
		}
	}
}

// TestIsotopes: an isotope label changes the identifier only where the mass differs by a whole unit or more.
func TestIsotopes(t *testing.T) {
	plain := ECFP(mustMol(t, "CCO"), 0)
	if f := ECFP(mustMol(t, "[13CH3]CO"), 0); !slices.Equal(f, plain) {
		t.Errorf("carbon-13: %v, want %v", f, plain)
	}
	if f := ECFP(mustMol(t, "CC[18OH]"), 0); slices.Equal(f, plain) {
		t.Error("oxygen-18 is not told apart")
	}
}

func TestLongChain(t *testing.T) {
	const n = 2000
	m := mustMol(t, strings.Repeat("C", n))
	// At each end, the environment of radius 2 of the last atom is that of radius 1 of the next one, and so on.
	if got, want := ECFP(m, 3).Total(), n+n+(n-2)+(n-4); got != want {
		t.Errorf("%d environments, want %d", got, want)
	}
	pairs := 0
	for d := 1; d <= maxPairDistance; d++ {
		pairs += n - d
	}
	if got := AtomPairs(m).Total(); got != pairs {
		t.Errorf("%d pairs up to distance %d, want %d", got, maxPairDistance, pairs)
	}
}

func TestOracleFingerprints(t *testing.T) {
	tab := readTable(t, "chem", "rdkit_oracle.csv.gz")
	prints := make([]Fingerprint, len(tab.rows))
	agree := map[string]int{}
	for row := range tab.rows {
		m, err := ParseSMILES(tab.text(t, row, "smiles"))
		if err != nil {
			continue
		}
		prints[row] = ECFP(m, 2)
		count := func(column string, got int) {
			if got == int(tab.number(t, row, column)) {
				agree[column]++
			}
		}
		for radius := range 4 {
			count(fmt.Sprintf("n_morgan_r%d", radius), len(ECFP(m, radius)))
		}
		count("sum_morgan_r2", prints[row].Total())
	}
	for _, column := range []string{"n_morgan_r0", "n_morgan_r1", "n_morgan_r2", "n_morgan_r3", "sum_morgan_r2"} {
		checkShare(t, column, agree[column], len(tab.rows), 0.99)
	}

	pairs := readTable(t, "chem", "rdkit_tanimoto.csv.gz")
	same := 0
	for row := range pairs.rows {
		i, j := int(pairs.number(t, row, "i")), int(pairs.number(t, row, "j"))
		if i < 0 || j < 0 || i >= len(prints) || j >= len(prints) {
			t.Fatalf("pair %d, %d is out of range", i, j)
		}
		if d := Tanimoto(prints[i], prints[j]) - pairs.number(t, row, "tanimoto"); d < 1e-3 && d > -1e-3 {
			same++
		}
	}
	checkShare(t, "tanimoto", same, len(pairs.rows), 0.98)
}

// checkShare fails if less than the wanted share of the values agree.
func checkShare(t testing.TB, name string, agree, of int, want float64) {
	t.Helper()
	share := float64(agree) / float64(of)
	t.Logf("%s: %d of %d agree", name, agree, of)
	if share < want {
		t.Errorf("%s: %.2f %% agree, want %.2f %%", name, 100*share, 100*want)
	}
}

// benchmarkSMILES are drugs, pesticides, solvents and salts of all sizes.
var benchmarkSMILES = []string{
	"CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2n(C)c(=O)n(C)c(=O)c12", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "ClCCl", "CCO",
	"[Na+].[O-]S(=O)(=O)c1ccc(N)cc1", "Clc1ccc(cc1)C(c1ccc(Cl)cc1)C(Cl)(Cl)Cl", "CCCCCCCCCCCC(=O)O",
	"CC12CCC3C(CCc4cc(O)ccc34)C1CCC2O", "CN(C)CCCN1c2ccccc2CCc2ccccc12", "O=C1c2ccccc2C(=O)c2ccccc12",
	"COc1ccc2cc3[n+](cc2c1OC)CCc1cc2c(cc1-3)OCO2.[Cl-]", "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O",
	"FC(F)(F)c1cc(cc(c1)C(F)(F)F)NC(=O)c1cc(Cl)ccc1O", "CCN(CC)C(=O)c1cccc(C)c1", "OCC1OC(O)C(O)C(O)C1O",
	"CC(C)(c1ccc(O)cc1)c1ccc(O)cc1", "CCOP(=S)(OCC)Oc1ccc(cc1)[N+](=O)[O-]", "c1ccc2c(c1)ccc1c2ccc2ccccc21",
	"CCCCC(CC)COC(=O)c1ccccc1C(=O)OCC(CC)CCCC",
}

func benchmarkMolecules(b *testing.B) []*Mol {
	b.Helper()
	mols := make([]*Mol, len(benchmarkSMILES))
	for k, s := range benchmarkSMILES {
		mols[k] = mustMol(b, s)
	}
	return mols
}

// BenchmarkParseECFP6 reads 20 SMILES and takes their fingerprints of radius 3.
func BenchmarkParseECFP6(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range benchmarkSMILES {
			m, err := ParseSMILES(s)
			if err != nil {
				b.Fatal(err)
			}
			ECFP(m, 3)
		}
	}
}

// BenchmarkFingerprints takes one fingerprint each of 20 molecules.
func BenchmarkFingerprints(b *testing.B) {
	mols := benchmarkMolecules(b)
	for _, k := range []struct {
		name string
		f    func(*Mol) Fingerprint
	}{
		{"ECFP6", func(m *Mol) Fingerprint { return ECFP(m, 3) }},
		{"FCFP4", func(m *Mol) Fingerprint { return FCFP(m, 2) }},
		{"AtomPairs", AtomPairs},
	} {
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, m := range mols {
					k.f(m)
				}
			}
		})
	}
}
