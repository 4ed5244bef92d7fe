package fingerprint

import (
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func TestFingerprintsIgnoreAtomOrder(t *testing.T) {
	kinds := map[string]func(*chem.Mol) Counts{
		"ECFP6":     func(m *chem.Mol) Counts { return ECFP(m, 3) },
		"FCFP4":     func(m *chem.Mol) Counts { return FCFP(m, 2) },
		"AtomPairs": AtomPairs,
	}
	for name, f := range kinds {
		for _, group := range chemtest.SameMolecule {
			want := f(chemtest.Mol(t, group[0]))
			checkFingerprint(t, want)
			for _, s := range group[1:] {
				if got := f(chemtest.Mol(t, s)); !slices.Equal(got, want) {
					t.Errorf("%s of %s: %v, of %s: %v", name, group[0], want, s, got)
				}
			}
		}
	}
}

// TestECFPIdentifiers compares with published identifiers: the RDKit book's 2-methylpyridine and, from RDKit
// mailing list (21 April 2021), caffeine.
func TestECFPIdentifiers(t *testing.T) {
	f := ECFP(chemtest.Mol(t, "c1cccnc1C"), 2)
	if len(f) != 16 || f.N(98513984) != 2 || f.N(4048591891) != 1 {
		t.Errorf("2-methylpyridine: %v", f)
	}
	want := Counts{
		{10565946, 2}, {348155210, 1}, {476388586, 1}, {540046244, 1}, {553412256, 1}, {864942730, 2}, {909857231, 1},
		{1100037548, 1}, {1333761024, 1}, {1512818157, 1}, {1981181107, 1}, {2030573601, 1}, {2041434490, 1},
		{2092489639, 3}, {2246728737, 3}, {2370996728, 1}, {2877515035, 1}, {2971716993, 1}, {2975126068, 2},
		{3140581776, 1}, {3217380708, 4}, {3218693969, 1}, {3462333187, 1}, {3657471097, 3}, {3796970912, 1},
	}
	if f := ECFP(chemtest.Mol(t, "Cn1cnc2n(C)c(=O)n(C)c(=O)c12"), 2); !slices.Equal(f, want) {
		t.Errorf("caffeine: %v", f)
	}
}

func TestECFPRadii(t *testing.T) {
	for _, group := range chemtest.SameMolecule {
		m := chemtest.Mol(t, group[0])
		if n := ECFP(m, 0).Total(); n != len(m.Atoms()) {
			t.Errorf("%s: %d identifiers of radius 0, %d atoms", group[0], n, len(m.Atoms()))
		}
		for radius := 0; radius < 5; radius++ {
			small, large := ECFP(m, radius), ECFP(m, radius+1)
			for _, c := range small {
				if large.N(c.ID) < c.N {
					t.Errorf("%s: identifier %d of radius %d is missing at %d", group[0], c.ID, radius, radius+1)
				}
			}
		}
		if a, b := ECFP(m, len(m.Atoms())), ECFP(m, 1000000); !slices.Equal(a, b) {
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
		m := chemtest.Mol(t, c.smiles)
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
	plain := ECFP(chemtest.Mol(t, "CCO"), 0)
	if f := ECFP(chemtest.Mol(t, "[13CH3]CO"), 0); !slices.Equal(f, plain) {
		t.Errorf("carbon-13: %v, want %v", f, plain)
	}
	if f := ECFP(chemtest.Mol(t, "CC[18OH]"), 0); slices.Equal(f, plain) {
		t.Error("oxygen-18 is not told apart")
	}
}

func TestLongChain(t *testing.T) {
	const n = 2000
	m := chemtest.Mol(t, strings.Repeat("C", n))
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

// BenchmarkParseECFP6 reads 20 SMILES and takes their fingerprints of radius 3.
func BenchmarkParseECFP6(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range chemtest.Mixed {
			m, err := smiles.Parse(s)
			if err != nil {
				b.Fatal(err)
			}
			ECFP(m, 3)
		}
	}
}

// BenchmarkFingerprints takes one fingerprint each of 20 molecules.
func BenchmarkFingerprints(b *testing.B) {
	mols := chemtest.Mols(b, chemtest.Mixed)
	for _, k := range []struct {
		name string
		f    func(*chem.Mol) Counts
	}{
		{"ECFP6", func(m *chem.Mol) Counts { return ECFP(m, 3) }},
		{"FCFP4", func(m *chem.Mol) Counts { return FCFP(m, 2) }},
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

// TestECFPSizes: the sizes are those of the fingerprints, whatever was computed before in the same memory.
func TestECFPSizes(t *testing.T) {
	for _, s := range append(chemtest.Mixed, "", "C", "*"+strings.Repeat("(C)", 300), strings.Repeat("CC(=O)N", 60)) {
		m := chemtest.Mol(t, s)
		sizes := ECFPSizes(m, 5)
		for radius := range 6 {
			if n, want := sizes[min(radius, len(sizes)-1)], len(ECFP(m, radius)); n != want {
				t.Errorf("%s: %d identifiers up to radius %d, want %d", s, n, radius, want)
			}
			if got, want := ECFPSizes(m, radius), sizes[:min(radius+1, len(sizes))]; !slices.Equal(got, want) {
				t.Errorf("%s: after the fingerprint of radius %d, sizes %v, want %v", s, radius, got, want)
			}
		}
	}
	if sizes := ECFPSizes(nil, -1); sizes != nil {
		t.Errorf("radius -1: %v", sizes)
	}
}
