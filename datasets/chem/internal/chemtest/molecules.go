package chemtest

// SameMolecule holds different ways to write the same molecule.
var SameMolecule = [][]string{
	{"CCO", "OCC", "C(O)C"},
	{"c1ccccc1C(=O)O", "OC(=O)c1ccccc1", "C1=CC=CC=C1C(O)=O"},
	{"CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"},
	{"[Na+].[O-]C(=O)C", "CC([O-])=O.[Na+]"},
	{"C1CC2CCC1C2", "C1C2CCC(C2)C1"},
	{"O=[N+]([O-])c1ccc2[nH]ccc2c1", "c1cc2cc(ccc2[nH]1)[N+]([O-])=O"},
	{"CC(C)(C)c1cc(O)c(cc1)S(=O)(=O)NC(F)(F)F", "FC(F)(F)NS(=O)(=O)c1ccc(cc1O)C(C)(C)C"},
}

// Mixed are drugs, pesticides, solvents and salts of all sizes.
var Mixed = []string{
	"CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2n(C)c(=O)n(C)c(=O)c12", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "ClCCl", "CCO",
	"[Na+].[O-]S(=O)(=O)c1ccc(N)cc1", "Clc1ccc(cc1)C(c1ccc(Cl)cc1)C(Cl)(Cl)Cl", "CCCCCCCCCCCC(=O)O",
	"CC12CCC3C(CCc4cc(O)ccc34)C1CCC2O", "CN(C)CCCN1c2ccccc2CCc2ccccc12", "O=C1c2ccccc2C(=O)c2ccccc12",
	"COc1ccc2cc3[n+](cc2c1OC)CCc1cc2c(cc1-3)OCO2.[Cl-]", "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O",
	"FC(F)(F)c1cc(cc(c1)C(F)(F)F)NC(=O)c1cc(Cl)ccc1O", "CCN(CC)C(=O)c1cccc(C)c1", "OCC1OC(O)C(O)C(O)C1O",
	"CC(C)(c1ccc(O)cc1)c1ccc(O)cc1", "CCOP(=S)(OCC)Oc1ccc(cc1)[N+](=O)[O-]", "c1ccc2c(c1)ccc1c2ccc2ccccc21",
	"CCCCC(CC)COC(=O)c1ccccc1C(=O)OCC(CC)CCCC",
}
