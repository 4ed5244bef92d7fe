package descriptor

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/hybrid"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
)

// describe returns the descriptors of a SMILES by name.
func describe(t testing.TB, smiles string) map[string]float64 {
	t.Helper()
	values := Compute(chemtest.Mol(t, smiles))
	names := Names()
	if len(values) != len(names) {
		t.Fatalf("%s: %d values, %d names", smiles, len(values), len(names))
	}
	byName := make(map[string]float64, len(names))
	for k, name := range names {
		byName[name] = values[k]
	}
	return byName
}

func TestDescriptorNames(t *testing.T) {
	names := Names()
	if len(names) != 207 {
		t.Errorf("%d descriptors", len(names))
	}
	slices.Sort(names)
	if distinct := slices.Compact(slices.Clone(names)); len(distinct) != len(names) {
		t.Error("a name occurs twice")
	}
}

// TestDescriptorsFinite: all values are finite, also for molecules without parameters, atoms or bonds.
func TestDescriptorsFinite(t *testing.T) {
	odd := []string{
		"", "C", "[H][H]", "[H+]", "[Na+].[Cl-]", "*", "*C", "C[Hg]C", "[Fe]", "CC[Sn](CC)(CC)CC", "[2H]O[2H]", "[BH4-]",
		"O=[Os](=O)(=O)=O", "N#N", "F[P-](F)(F)(F)(F)F", "[Cm+3]", "[U]", "C1CC1", "[He]", strings.Repeat("C", 700),
	}
	for _, s := range append(odd, chemtest.Mixed...) {
		for name, v := range describe(t, s) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s of %q is %v", name, s, v)
			}
		}
	}
}

func TestDescriptorsIgnoreAtomOrder(t *testing.T) {
	names := Names()
	for _, group := range chemtest.SameMolecule {
		want := Compute(chemtest.Mol(t, group[0]))
		for _, s := range group[1:] {
			for k, v := range Compute(chemtest.Mol(t, s)) {
				if math.Abs(v-want[k]) > 1e-8*max(1, math.Abs(v)) {
					t.Errorf("%s: %v from %s, %v from %s", names[k], want[k], group[0], v, s)
				}
			}
		}
	}
}

// TestDescriptorValues compares with values of RDKit for sulfadiazine and aspirin.
func TestDescriptorValues(t *testing.T) {
	for smiles, want := range map[string]map[string]float64{
		"Nc1ccc(S(=O)(=O)Nc2ncccn2)cc1": {
			"MaxEStateIndex": 11.880950491, "MinEStateIndex": -3.660648148, "MinAbsEStateIndex": 0.031782407,
			"qed": 0.787139558, "MolWt": 250.283, "HeavyAtomMolWt": 240.203, "ExactMolWt": 250.05244656,
			"NumValenceElectrons": 88, "MaxPartialCharge": 0.263723395, "MinPartialCharge": -0.398727717,
			"BCUT2D_MWHI": 32.233271046, "BCUT2D_MWLOW": 10.319170391, "BCUT2D_CHGHI": 2.141505765,
			"BCUT2D_CHGLO": -2.054683409, "BCUT2D_LOGPHI": 2.136710750, "BCUT2D_LOGPLOW": -2.142824543,
			"BCUT2D_MRHI": 7.923068764, "BCUT2D_MRLOW": 0.600567337, "BalabanJ": 2.285509074, "BertzCT": 595.962841307,
			"Chi0": 12.303118619, "Chi0n": 8.737974216, "Chi0v": 9.554470797, "Chi1": 8.077316828, "Chi1n": 4.731902005,
			"Chi1v": 6.215065253, "Chi2n": 3.246932628, "Chi2v": 4.929334870, "Chi3n": 1.981825672, "Chi3v": 3.325896564,
			"Chi4n": 1.177881373, "Chi4v": 2.135887799, "HallKierAlpha": -2.15, "PEOE_VSA3": 23.107848891,
			"PEOE_VSA7": 30.331835342, "PEOE_VSA8": 18.081073418, "PEOE_VSA9": 4.895483476, "SMR_VSA1": 8.417796984,
			"SMR_VSA3": 9.967957042, "SMR_VSA7": 42.725522486, "SMR_VSA10": 21.659016709, "SlogP_VSA1": 10.455762342,
			"SlogP_VSA2": 18.385754026, "SlogP_VSA6": 47.621005961, "EState_VSA1": 10.023291153,
			"EState_VSA5": 36.659155417, "EState_VSA8": 14.690051906, "EState_VSA10": 8.417796984,
			"VSA_EState1": 26.025085034, "VSA_EState6": 7.461365065, "VSA_EState9": -3.660648148, "NHOHCount": 3,
			"NOCount": 6, "NumHeteroatoms": 7, "MolLogP": 0.8596, "MolMR": 63.6949, "fr_ArN": 1, "fr_Ar_N": 2, "fr_NH0": 2,
			"fr_NH1": 1, "fr_NH2": 1, "fr_aniline": 2, "fr_benzene": 1, "fr_sulfonamd": 1, "fr_nitro": 0,
		},
		"CC(=O)Oc1ccccc1C(=O)O": {
			"qed": 0.550121797, "BertzCT": 343.222867717, "BalabanJ": 3.043527355, "LabuteASA": 74.757052644,
			"FpDensityMorgan1": 17. / 13, "NumRotatableBonds": 2, "RingCount": 1, "NumAromaticCarbocycles": 1,
			"FractionCSP3": 1. / 9, "fr_COO": 1, "fr_ester": 1, "fr_C_O": 2,
		},
	} {
		got := describe(t, smiles)
		for name, w := range want {
			if v, ok := got[name]; !ok || math.Abs(v-w) > 1e-6 {
				t.Errorf("%s of %s: %.9f, want %.9f", name, smiles, v, w)
			}
		}
	}
}

// TestBertz compares with the values of RDKit's documentation tests.
func TestBertz(t *testing.T) {
	for smiles, want := range map[string]float64{
		"C=CC=C": 21.01955, "O=CC=O": 25.01955, "FCC(=O)CF": 46.7548875, "O=C1C=CC(=O)C=C1": 148.705216,
		"C12C(F)=C(O)C(F)C1C(F)=C(O)C(F)2": 315.250442, "C12CC=CCC1C(=O)C3CC=CCC3C(=O)2": 321.539522, "C": 0, "CC": 0,
	} {
		if got := describe(t, smiles)["BertzCT"]; math.Abs(got-want) > 1e-5 {
			t.Errorf("%s: %v, want %v", smiles, got, want)
		}
	}
}

// TestRingDescriptors counts rings by kind.
func TestRingDescriptors(t *testing.T) {
	for _, c := range []struct {
		smiles string
		want   map[string]float64
	}{
		{"c1ccncc1", map[string]float64{"NumAromaticHeterocycles": 1, "NumAromaticRings": 1, "NumAliphaticRings": 0}},
		{"C1CCNCC1", map[string]float64{"NumSaturatedHeterocycles": 1, "NumSaturatedRings": 1, "NumAliphaticHeterocycles": 1}},
		{"C1=CCCCC1", map[string]float64{"NumSaturatedRings": 0, "NumAliphaticCarbocycles": 1, "RingCount": 1}},
		{"c1ccc2c(c1)CCC2", map[string]float64{"NumAromaticCarbocycles": 1, "NumAliphaticCarbocycles": 1, "RingCount": 2}},
	} {
		got := describe(t, c.smiles)
		for name, want := range c.want {
			if got[name] != want {
				t.Errorf("%s: %s %v, want %v", c.smiles, name, got[name], want)
			}
		}
	}
}

// TestSurfaceBins: each family of bins adds up to the surface of the atoms.
func TestSurfaceBins(t *testing.T) {
	for _, s := range chemtest.Mixed {
		d := describe(t, s)
		atoms, _ := labuteSurface(chemtest.Mol(t, s), new(space))
		for _, family := range []string{"PEOE_VSA", "SMR_VSA", "SlogP_VSA", "EState_VSA"} {
			total := 0.0
			for name, v := range d {
				if strings.HasPrefix(name, family) {
					total += v
				}
			}
			if math.Abs(total-sum(atoms)) > 1e-9 {
				t.Errorf("%s: %s adds up to %v, the surface is %v", s, family, total, sum(atoms))
			}
		}
	}
}

// TestChargesAddUp: partial charges with those of the hydrogens make the formal charge, so without hydrogens they do so
// by themselves.
func TestChargesAddUp(t *testing.T) {
	for smiles, want := range map[string]float64{
		"ClC(Cl)(Cl)Cl": 0, "O=C=O": 0, "[O-]C(=O)C(=O)[O-]": -2, "FC(F)(F)C#N": 0, "[Na+].[Cl-]": 0,
	} {
		m := chemtest.Mol(t, smiles)
		hybrids, conjugated := hybrid.Of(m)
		charges := gasteigerCharges(m, hybrids, conjugated, new(space))
		if got := sum(charges); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: charges %v add up to %v, want %v", smiles, charges, got, want)
		}
	}
	m := chemtest.Mol(t, "[O-]C(=O)C")
	hybrids, conjugated := hybrid.Of(m)
	if q := gasteigerCharges(m, hybrids, conjugated, new(space)); math.Abs(q[0]-q[2]) > 1e-12 {
		t.Errorf("the oxygens of acetate have charges %v and %v", q[0], q[2])
	}
}

// TestEStates uses the published states of alanine (Hall, Mohney and Kier 1991) and butane.
func TestEStates(t *testing.T) {
	for smiles, want := range map[string][]float64{
		"CC(N)C(=O)O": {1.42, -0.73, 4.84, -0.96, 9.57, 7.87},
		"CCCC":        {2.18, 1.32, 1.32, 2.18},
	} {
		m := chemtest.Mol(t, smiles)
		for i, got := range estates(m, m.Components(), topology.NewWalker(m), new(space)) {
			if math.Abs(got-want[i]) > 0.005 {
				t.Errorf("atom %d of %s: %v, want %v", i, smiles, got, want[i])
			}
		}
	}
}

// BenchmarkDescriptors computes the dense families for 20 molecules.
func BenchmarkDescriptors(b *testing.B) {
	mols := chemtest.Mols(b, chemtest.Mixed)
	for name, f := range map[string]func(*chem.Mol){
		"Compute":          func(m *chem.Mol) { Compute(m) },
		"Autocorrelation":  func(m *chem.Mol) { Autocorrelation2D(m) },
		"MACCS":            func(m *chem.Mol) { fingerprint.MACCS(m) },
		"CrippenTPSALipin": func(m *chem.Mol) { CrippenLogP(m); TPSA(m); Donors(m); Acceptors(m); RotatableBonds(m) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, m := range mols {
					f(m)
				}
			}
		})
	}
}
