package tox21

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// featuresSum is the checksum of the features of version featurizerVersion, for the molecules below. See TestFeaturesVersion.
const featuresSum = "a0994e1133fbef14adec7684e0d42915"

// molecules of all kinds: drug-like ones, salts and mixtures, charges, radicals, isotopes, wildcards, metals, cages, macrocycles, and those
// whose treatment is a matter of convention.
var molecules = []string{
	"CC(=O)Oc1ccccc1C(=O)O", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "CN1CCC[C@H]1c1cccnc1", "CC(C)(C)NCC(O)COc1cccc2c1CCC(=O)N2",
	"OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O", "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O", "Clc1ccc(cc1)C(c1ccc(Cl)cc1)C(Cl)(Cl)Cl",
	"NCC(=O)NC(CO)C(=O)NC(Cc1ccccc1)C(=O)O", "C=CC(=O)OCC", "CCCCCCCCCCCCCCCCCC(=O)O", "N#Cc1ccc(cc1)N=Nc1ccc(cc1)N(C)C", "OP(=O)(O)OCC",
	"CCS(=O)(=O)NC(=O)c1cnc(s1)N1CCOCC1", "O=[N+]([O-])c1ccccc1N=[N+]=[N-]", "C[N+](C)(C)CC([O-])=O", "CP(C)(C)=C", "[O-][n+]1ccccc1",
	"[Na+].[O-]C(=O)c1ccccc1", "Cl.Cl.NCCN", "OC(=O)C(F)(F)F.NCc1ccccc1", "[Na+].[BH4-].OCC", "CC(N)C(=O)O.CC(O)C(=O)N", "[Cl-].[K+]",
	"C[C@H](O)C(=O)O.C[C@@H](N)c1ccccc1", "CCO.O.O", "[H][H]", "[2H]C([2H])([2H])O", "[3H]c1ccccc1", "[13CH3]O", "[H]/N=C/C", "C[CH2]", "[O][O]", "C[N]C",
	"*c1ccccc1", "*CC(*)N", "[*:1]C1CCCCC1", "[U]", "[Fe+2].c1cc[cH-]c1.c1cc[cH-]c1", "Cl[Pt](Cl)(N)N", "N->[Cu]<-N", "CC[Hg]Cl", "O=[Se]=O", "C[Si](C)(C)C", "OB(O)c1ccccc1",
	"C12C3C4C1C5C2C3C45", "C1C2CC3CC1CC(C2)C3", "CC1(C)C2CCC(=C)C1C2", "C1CCCCCCCCCCCCCC1", "c1cc2ccc3cccc4ccc(c1)c2c34", "C1=CC=CC=CC=C1", "c1cc[n-]c1",
	"C[n+]1ccccc1", "[cH+]1cccccc1", "c1ccc2[nH]c3ccccc3c2c1", "O=C1C=CC(=O)C=C1", "c1ccoc1-c1cccs1", "CC#CC=C=C", "FC(F)(F)S(F)(F)(F)(F)F", "I(Cl)(Cl)c1ccccc1",
	"[O-]Cl(=O)(=O)=O.[NH4+]", "C", "O", "[Cu]", "",
	"C1OCCOCCOCCOCCOCCO1", "CCCC(C)(CC(C)C)C(C)C", "NS(=O)(=O)c1ccc(cc1)C(C)C", "c1nc2c([nH]1)ncn2C", "OC1=NC=CC=C1", "OC(=O)c1cc(O)c(O)c(O)c1", "CSCCC(N)C(=O)O",
}

// Whoever changes features raises featurizerVersion with the checksum, so that no network gets other features than it was trained on: the
// file of a trained network is refused then. docs/CONTRIBUTING.md describes the steps.
func TestFeaturesVersion(t *testing.T) {
	mols := make([]*chem.Mol, len(molecules))
	for i, s := range molecules {
		m, err := smiles.Parse(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
		}
		mols[i] = m
	}
	raw, err := Compute(t.Context(), mols, DefaultFamilies(), 0)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for i := range mols {
		for _, f := range raw.families {
			raw.sum(h, f.Kind, raw.entry[i])
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)[:16]); got != featuresSum {
		t.Errorf("the features of molecules are no longer those of version %d: if that is meant, set featurizerVersion to %d and featuresSum to %q, and train the published results anew",
			featurizerVersion, featurizerVersion+1, got)
	}
}

// sum adds the features of a kind of a molecule to a checksum. Values are rounded to four digits, between which no values of few decimals
// lie, because processors differ in the last digits.
func (r *Raw) sum(h hash.Hash, kind Kind, entry int) {
	fmt.Fprintln(h, kind)
	if methods[kind].fingerprint != nil {
		for _, c := range r.prints[kind][entry] {
			fmt.Fprintln(h, c.ID, c.N)
		}
		return
	}
	for k, name := range methods[kind].names() {
		fmt.Fprintln(h, name, int(math.Round(math.Asinh(1000*float64(r.values[kind][entry][k]))*12345.678)))
	}
}
