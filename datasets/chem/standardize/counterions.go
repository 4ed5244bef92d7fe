package standardize

import (
	"slices"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// counterIons are the organic counter-ions and solvents that Parent takes only if nothing better is there, as neutral molecules where they
// can be. They are from the lists of RDKit's SaltRemover (Salts.txt) and of the ChEMBL structure pipeline (salts.smi and solvents.smi; Bento
// and others 2020, J. Cheminform. 12, 51), without those that are more often the substance itself: fatty acids, sugars, preservatives,
// amino acids other than arginine and lysine; with further anions of ionic liquids and complexes. docs/chem.md shows them.
var counterIons = []string{
	// acids
	"OC=O", "CC(=O)O", "OC(=O)C(F)(F)F", "OC(=O)C(Cl)Cl", "CCC(=O)O", "OCC(=O)O", "CC(O)C(=O)O", "OC(=O)C(=O)O", "OC(=O)CC(=O)O",
	"OC(=O)CCC(=O)O", "OC(=O)C=CC(=O)O", "OC(=O)CC(O)C(=O)O", "OC(=O)C(O)C(O)C(=O)O", "OC(=O)CC(O)(CC(=O)O)C(=O)O", "OC(=O)CCCCC(=O)O",
	"OCC(O)C(O)C(O)C(O)C(=O)O", "OCC(O)C(O)C(O)C(O)C(O)C(=O)O", "OCC(O)C(OC1OC(CO)C(O)C(O)C1O)C(O)C(O)C(=O)O", "OC(C(=O)O)c1ccccc1",
	"OC(=O)c1cc2ccccc2c(Cc2c(O)c(cc3ccccc23)C(=O)O)c1O", "OC(=O)c1ccc2ccccc2c1O", "CS(=O)(=O)O", "CCS(=O)(=O)O", "OCCS(=O)(=O)O",
	"OS(=O)(=O)CCS(=O)(=O)O", "OS(=O)(=O)C(F)(F)F", "OS(=O)(=O)c1ccccc1", "Cc1ccc(cc1)S(=O)(=O)O", "OS(=O)(=O)c1ccc2ccccc2c1",
	"OS(=O)(=O)c1cccc2c(cccc12)S(=O)(=O)O", "CC1(C)C2CCC1(CS(=O)(=O)O)C(=O)C2", "OS(=O)(=O)NC1CCCCC1", "COS(=O)(=O)O", "CCOS(=O)(=O)O",
	"Oc1c(cc(cc1[N+](=O)[O-])[N+](=O)[O-])[N+](=O)[O-]", "OC(=O)O", "C#N", "OC#N", "N=C=O", "SC#N", "N=C=S",
	"FC(F)(F)S(=O)(=O)NS(=O)(=O)C(F)(F)F", "c1ccc(cc1)[B-](c1ccccc1)(c1ccccc1)c1ccccc1",
	// bases
	"CN", "CNC", "CN(C)C", "CCN", "CCNCC", "CCN(CC)CC", "CC(C)(C)N", "CC(C)N", "CC(C)NC(C)C", "NCCN", "NCCO", "OCCNCCO", "OCCN(CCO)CCO",
	"CN(C)CCO", "CCN(CC)CCO", "CC(C)(N)CO", "OCCN1CCCC1", "NC(CO)(CO)CO", "CNCC(O)C(O)C(O)C(O)CO", "C[N+](C)(C)CCO", "C[N+](C)(C)C",
	"CC[N+](CC)(CC)CC", "CCCC[N+](CCCC)(CCCC)CCCC", "C1CNCCN1", "C1CCC(CC1)NC1CCCCC1", "C(Cc1ccccc1)NCc1ccccc1", "C(CNCc1ccccc1)NCc1ccccc1",
	"NC(CCCNC(=N)N)C(=O)O", "NCCCCC(N)C(=O)O",
	// solvents
	"CO", "CCO", "CC(C)O", "CC(C)=O", "CS(C)=O", "CC#N", "CN(C)C=O", "CCOC(C)=O", "C1CCOC1", "C1COCCO1", "CCOCC", "ClCCl", "ClC(Cl)Cl",
}

// counterIonKeys holds the canonical SMILES of the counter-ions, with the number of atoms of the largest.
var counterIonKeys = sync.OnceValues(func() (keys map[string]bool, largest int) {
	keys = make(map[string]bool)
	for _, s := range counterIons {
		m, err := smiles.Parse(s)
		if err != nil {
			panic(err) // a mistake in the list
		}
		keys[smiles.Canonical(m)] = true
		largest = max(largest, len(m.Atoms()))
	}
	return keys, largest
})

// isCounterIon reports whether a fragment is in the list, whatever its charge and isotopes.
func isCounterIon(f *chem.Mol) bool {
	keys, largest := counterIonKeys()
	if f.HeavyAtoms() > largest {
		return false
	}
	return keys[smiles.Canonical(uncharged(natural(f)))]
}

// natural is a molecule without isotopes.
func natural(m *chem.Mol) *chem.Mol {
	if !slices.ContainsFunc(m.Atoms(), func(a chem.Atom) bool { return a.Isotope != 0 }) {
		return m.MergeHydrogens()
	}
	atoms, bonds := slices.Clone(m.Atoms()), slices.Clone(m.Bonds())
	for i := range atoms {
		atoms[i].Isotope, atoms[i].Aromatic, atoms[i].NoImplicit, atoms[i].Radicals = 0, false, true, 0
	}
	for k := range bonds {
		bonds[k].Aromatic, bonds[k].Directed = false, false
	}
	if n, err := chem.New(atoms, bonds); err == nil {
		return n
	}
	return m.MergeHydrogens()
}
