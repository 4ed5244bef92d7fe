package descriptor

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// crippenType is one row of the table of atom contributions to log P and molar refractivity.
type crippenType struct {
	smarts  string
	logP, r float64
}

// crippenTypes classifies atoms other than hydrogen: an atom has the first type that matches. Wildman and Crippen 1999,
// "Prediction of physicochemical parameters by atomic contributions", J. Chem. Inf. Comput. Sci. 39, 868, table 1, with
// RDKit's SMARTS and order.
var crippenTypes = []crippenType{
	{"[CH4]", 0.1441, 2.503}, // C1
	{"[CH3]C", 0.1441, 2.503},
	{"[CH2](C)C", 0.1441, 2.503},
	{"[CH](C)(C)C", 0, 2.433}, // C2
	{"[C](C)(C)(C)C", 0, 2.433},
	{"[CH3][N,O,P,S,F,Cl,Br,I]", -0.2035, 2.753}, // C3
	{"[CH2X4]([N,O,P,S,F,Cl,Br,I])[A;!#1]", -0.2035, 2.753},
	{"[CH1X4]([N,O,P,S,F,Cl,Br,I])([A;!#1])[A;!#1]", -0.2051, 2.731}, // C4
	{"[CH0X4]([N,O,P,S,F,Cl,Br,I])([A;!#1])([A;!#1])[A;!#1]", -0.2051, 2.731},
	{"[C]=[!C;A;!#1]", -0.2783, 5.007}, // C5
	{"[CH2]=C", 0.1551, 3.513},         // C6
	{"[CH1](=C)[A;!#1]", 0.1551, 3.513},
	{"[CH0](=C)([A;!#1])[A;!#1]", 0.1551, 3.513},
	{"[C](=C)=C", 0.1551, 3.513},
	{"[CX2]#[A;!#1]", 0.0017, 3.888},                            // C7
	{"[CH3]c", 0.08452, 2.464},                                  // C8
	{"[CH3]a", -0.1444, 2.412},                                  // C9
	{"[CH2X4]a", -0.0516, 2.488},                                // C10
	{"[CHX4]a", 0.1193, 2.582},                                  // C11
	{"[CH0X4]a", -0.0967, 2.576},                                // C12
	{"[cH0]-[A;!C;!N;!O;!S;!F;!Cl;!Br;!I;!#1]", -0.5443, 4.041}, // C13
	{"[c][#9]", 0, 3.257},                                       // C14
	{"[c][#17]", 0.245, 3.564},                                  // C15
	{"[c][#35]", 0.198, 3.18},                                   // C16
	{"[c][#53]", 0, 3.104},                                      // C17
	{"[cH]", 0.1581, 3.35},                                      // C18
	{"[c](:a)(:a):a", 0.2955, 4.346},                            // C19
	{"[c](:a)(:a)-a", 0.2713, 3.904},                            // C20
	{"[c](:a)(:a)-C", 0.136, 3.509},                             // C21
	{"[c](:a)(:a)-N", 0.4619, 4.067},                            // C22
	{"[c](:a)(:a)-O", 0.5437, 3.853},                            // C23
	{"[c](:a)(:a)-S", 0.1893, 2.673},                            // C24
	{"[c](:a)(:a)=[C,N,O]", -0.8186, 3.135},                     // C25
	{"[C](=C)(a)[A;!#1]", 0.264, 4.305},                         // C26
	{"[C](=C)(c)a", 0.264, 4.305},
	{"[CH1](=C)a", 0.264, 4.305},
	{"[C]=c", 0.264, 4.305},
	{"[CX4][A;!C;!N;!O;!P;!S;!F;!Cl;!Br;!I;!#1]", 0.2148, 2.693}, // C27
	{"[#6]", 0.08129, 3.243},                                     // CS

	{"[NH2+0][A;!#1]", -1.019, 2.262},                  // N1
	{"[NH+0]([A;!#1])[A;!#1]", -0.7096, 2.173},         // N2
	{"[NH2+0]a", -1.027, 2.827},                        // N3
	{"[NH1+0]([!#1;A,a])a", -0.5188, 3},                // N4
	{"[NH+0]=[!#1;A,a]", 0.08387, 1.757},               // N5
	{"[N+0](=[!#1;A,a])[!#1;A,a]", 0.1836, 2.428},      // N6
	{"[N+0]([A;!#1])([A;!#1])[A;!#1]", -0.3187, 1.839}, // N7
	{"[N+0](a)([!#1;A,a])[A;!#1]", -0.4458, 2.819},     // N8
	{"[N+0](a)(a)a", -0.4458, 2.819},
	{"[N+0]#[A;!#1]", 0.01508, 1.725},                                    // N9
	{"[NH3,NH2,NH;+,+2,+3]", -1.95, 0},                                   // N10
	{"[n+0]", -0.3239, 2.202},                                            // N11
	{"[n;+,+2,+3]", -1.119, 0},                                           // N12
	{"[NH0;+,+2,+3]([A;!#1])([A;!#1])([A;!#1])[A;!#1]", -0.3396, 0.2604}, // N13
	{"[NH0;+,+2,+3](=[A;!#1])([A;!#1])[!#1;A,a]", -0.3396, 0.2604},
	{"[NH0;+,+2,+3](=[#6])=[#7]", -0.3396, 0.2604},
	{"[N;+,+2,+3]#[A;!#1]", 0.2887, 3.359}, // N14
	{"[N;-,-2,-3]", 0.2887, 3.359},
	{"[N;+,+2,+3](=[N;-,-2,-3])=N", 0.2887, 3.359},
	{"[#7]", -0.4806, 2.134}, // NS

	{"[o]", 0.1552, 1.08},                   // O1
	{"[OH,OH2]", -0.2893, 0.8238},           // O2
	{"[O]([A;!#1])[A;!#1]", -0.0684, 1.085}, // O3
	{"[O](a)[!#1;A,a]", -0.4195, 1.182},     // O4
	{"[O]=[#7,#8]", 0.0335, 3.367},          // O5
	{"[OX1;-,-2,-3][#7]", 0.0335, 3.367},
	{"[OX1;-,-2,-2][#16]", -0.3339, 0.7774}, // O6
	{"[O;-0]=[#16;-0]", -0.3339, 0.7774},
	{"[O-]C(=O)", -1.326, 0},                // O12, before O7
	{"[OX1;-,-2,-3][!#1;!N;!S]", -1.189, 0}, // O7
	{"[O]=c", 0.1788, 3.135},                // O8
	{"[O]=[CH]C", -0.1526, 0},               // O9
	{"[O]=C(C)([A;!#1])", -0.1526, 0},
	{"[O]=[CH][N,O]", -0.1526, 0},
	{"[O]=[CH2]", -0.1526, 0},
	{"[O]=[CX2]=O", -0.1526, 0},
	{"[O]=[CH]c", 0.1129, 0.2215}, // O10
	{"[O]=C([C,c])[a;!#1]", 0.1129, 0.2215},
	{"[O]=C(c)[A;!#1]", 0.1129, 0.2215},
	{"[O]=C([!#1;!#6])[!#1;!#6]", 0.4833, 0.389}, // O11
	{"[#8]", -0.1188, 0.6865},                    // OS

	{"[#9-0]", 0.4202, 1.108},         // F
	{"[#17-0]", 0.6895, 5.853},        // Cl
	{"[#35-0]", 0.8456, 8.927},        // Br
	{"[#53-0]", 0.8857, 14.02},        // I
	{"[#9,#17,#35,#53;-]", -2.996, 0}, // Hal
	{"[#53;+,+2,+3]", -2.996, 0},
	{"[+;#3,#11,#19,#37,#55]", -2.996, 0},

	{"[#15]", 0.8612, 6.92},                           // P
	{"[S;-,-2,-3,-4,+1,+2,+3,+5,+6]", -0.0024, 7.365}, // S2, before S1
	{"[S-0]=[N,O,P,S]", -0.0024, 7.365},
	{"[S;A]", 0.6482, 7.591}, // S1
	{"[s;a]", 0.6237, 6.691}, // S3

	{"[#3,#11,#19,#37,#55]", -0.3808, 5.754}, // Me1
	{"[#4,#12,#20,#38,#56]", -0.3808, 5.754},
	{"[#5,#13,#31,#49,#81]", -0.3808, 5.754},
	{"[#14,#32,#50,#82]", -0.3808, 5.754},
	{"[#33,#51,#83]", -0.3808, 5.754},
	{"[#34,#52,#84]", -0.3808, 5.754},
	{"[#21,#22,#23,#24,#25,#26,#27,#28,#29,#30]", -0.0025, 0}, // Me2
	{"[#39,#40,#41,#42,#43,#44,#45,#46,#47,#48]", -0.0025, 0},
	{"[#72,#73,#74,#75,#76,#77,#78,#79,#80]", -0.0025, 0},
}

// crippenHydrogens classifies hydrogens by the atom they are bonded to. The hydrogen itself is not part of the patterns.
var crippenHydrogens = []crippenType{
	{"[#6,#1]", 0.123, 1.057},    // H1
	{"O[CX4,c]", -0.2677, 1.395}, // H2
	{"O[!#6;!#7;!#8;!#16;!#1]", -0.2677, 1.395},
	{"[O;!H0;!H1]", -0.2677, 1.395}, // the other hydrogen is neither C, N, O nor S
	{"[!#6;!#7;!#8]", -0.2677, 1.395},
	{"[#7]", 0.2142, 0.9627}, // H3
	{"O[#7]", 0.2142, 0.9627},
	{"OC=[#6,#7,O,S]", 0.298, 1.805}, // H4
	{"O[O,S]", 0.298, 1.805},
}

// crippenTable holds types with their parsed patterns.
type crippenTable struct {
	types    []crippenType
	patterns []*smarts.Pattern
	other    crippenType // of atoms that match none
}

func crippenSources(types []crippenType) []string {
	sources := make([]string, len(types))
	for k := range types {
		sources[k] = types[k].smarts
	}
	return sources
}

// find sets the type of each of some atoms: the first that matches, the last of all if none does. It reorders the atoms.
func (c *crippenTable) find(t *smarts.Target, atoms []int32, kind []int16) {
	for k, p := range c.patterns {
		n := t.Split(p, atoms)
		for _, i := range atoms[:n] {
			kind[i] = int16(k)
		}
		if atoms = atoms[n:]; len(atoms) == 0 {
			return
		}
	}
	for _, i := range atoms {
		kind[i] = int16(len(c.patterns))
	}
}

// crippenSum holds the contributions of the atoms of a molecule. Its memory serves one molecule after another.
type crippenSum struct {
	logP, r []float64 // per atom, without its counted hydrogens
	all     crippenType

	atoms       []int32
	kind, under []int16 // types of the atoms, and of hydrogens at them
}

// reset adds up the contributions of all atoms and hydrogens.
func (s *crippenSum) reset(t *smarts.Target, sp *space) {
	atoms := t.Mol().Atoms()
	n := len(atoms)
	s.logP, s.r, s.all = sp.zeros(n), sp.zeros(n), crippenType{}
	s.kind, s.under = slices.Grow(s.kind[:0], n)[:n], slices.Grow(s.under[:0], n)[:n]
	s.atoms = s.atoms[:0]
	for i := range atoms {
		if atoms[i].Number != 1 {
			s.atoms = append(s.atoms, int32(i))
		}
	}
	heavy, hydrogen := &patterns().crippenAtoms, &patterns().crippenHydrogen
	heavy.find(t, s.atoms, s.kind)
	s.atoms = s.atoms[:0]
	for i := range atoms {
		s.atoms = append(s.atoms, int32(i))
	}
	hydrogen.find(t, s.atoms, s.under)
	for i := range atoms {
		a := &atoms[i]
		own := heavy.of(s.kind[i])
		if a.Number == 1 {
			own = s.hydrogenOn(t.Mol(), i)
		}
		s.logP[i], s.r[i] = own.logP, own.r
		s.all.logP += own.logP
		s.all.r += own.r
		if a.Hs > 0 {
			h := hydrogen.of(s.under[i])
			s.all.logP += float64(a.Hs) * h.logP
			s.all.r += float64(a.Hs) * h.r
		}
	}
}

// of returns a type; the one behind the last is that of atoms without a type.
func (c *crippenTable) of(kind int16) crippenType {
	if int(kind) < len(c.types) {
		return c.types[kind]
	}
	return c.other
}

var otherHydrogen = crippenType{logP: 0.1125, r: 1.112} // HS

// hydrogenOn is the type of the hydrogen atom i, which is part of the graph.
func (s *crippenSum) hydrogenOn(m *chem.Mol, i int) crippenType {
	hydrogen := &patterns().crippenHydrogen
	neighbors := m.Neighbors(i)
	switch {
	case len(neighbors) > 0:
		return hydrogen.of(s.under[neighbors[0].Atom])
	case m.Atoms()[i].Hs > 0:
		return hydrogen.of(s.under[i])
	}
	return otherHydrogen
}

// crippen adds up the contributions of all atoms and hydrogens.
func crippen(m *chem.Mol) crippenType {
	var s crippenSum
	s.reset(smarts.NewTarget(m), new(space))
	return s.all
}

// CrippenLogP estimates log P, the logarithm of the partition coefficient between octanol and water, as a sum over the
// atoms. Wildman and Crippen 1999, with RDKit's atom types (MolLogP).
func CrippenLogP(m *chem.Mol) float64 { return crippen(m).logP }

// CrippenMR estimates the molar refractivity in cm³/mol, as a sum over the atoms. Wildman and Crippen 1999, with
// RDKit's atom types (MolMR).
func CrippenMR(m *chem.Mol) float64 { return crippen(m).r }
