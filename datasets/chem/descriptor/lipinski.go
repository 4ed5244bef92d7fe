package descriptor

import "github.com/selfnorm/selfnorm/datasets/chem"

// lipinskiSMARTS are RDKit's definitions of hydrogen bond donors and acceptors and of rotatable bonds ("strict": no
// bonds of amides, esters and their like, and none to CF3, CCl3, CBr3 or tert-butyl).
var lipinskiSMARTS = []string{
	"[N&!H0&v3,N&!H0&+1&v4,O&H1&+0,S&H1&+0,n&H1&+0]",
	"[$([O,S;H1;v2]-[!$(*=[O,N,P,S])]),$([O,S;H0;v2]),$([O,S;-]),$([N;v3;!$(N-*=!@[O,N,P,S])]),$([nH0,o,s;+0])]",
	"[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])" +
		"&!$([CD3](=[N,O,S])-!@[#7,O,S!D1])&!$([#7,O,S!D1]-!@[CD3]=[N,O,S])" +
		"&!$([CD3](=[N+])-!@[#7!D1])&!$([#7!D1]-!@[CD3]=[N+])]" +
		"-!@[!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])]",
}

// Donors is the number of hydrogen bond donors: N, O and S atoms with hydrogens (RDKit's CalcNumHBD).
func Donors(m *chem.Mol) int { return patterns().donor.Count(m) }

// Acceptors is the number of hydrogen bond acceptors (RDKit's CalcNumHBA).
func Acceptors(m *chem.Mol) int { return patterns().acceptor.Count(m) }

// RotatableBonds is the number of single bonds outside rings about which a rotation changes the shape: neither end is
// terminal or next to a triple bond, and amides, esters and bonds to CF3 or tert-butyl do not count (RDKit's strict
// definition of CalcNumRotatableBonds).
func RotatableBonds(m *chem.Mol) int { return patterns().rotatable.Count(m) }
