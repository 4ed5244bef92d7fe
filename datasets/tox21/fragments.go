package tox21

// The stand-in's molecules are assembled from these pieces of SMILES. The first atom of a piece is bonded to the piece before it and the
// last one to the piece after it; * is replaced by a substituent. Ring closures are numbered 1 and 2 and are shifted where pieces are
// nested.

// fragment is a piece, and its effects on the chance of being active.
type fragment struct {
	text    string
	effects []effect
}

// effect is a contribution to the score of a task.
type effect struct {
	task int
	by   float64
}

// Indices of the assays in the list of tasks.
const (
	ahr = iota
	ar
	arLBD
	aromatase
	er
	erLBD
	pparGamma
	are
	atad5
	hse
	mmp
	p53
)

// The effects are invented, with a nod to real chemistry: flat aromatic and halogenated compounds bind to AhR, phenols to ER, azoles block
// aromatase, acids activate PPAR gamma, Michael acceptors and nitro compounds cause stress.
var rings = []fragment{
	{"c1ccc(*)cc1", nil},
	{"c1cc(*)ccc1", nil},
	{"c1ccnc(*)c1", []effect{{aromatase, 0.4}}},
	{"c1nc(*)ncc1", []effect{{are, -0.5}, {mmp, -0.6}}},
	{"c1sc(*)cc1", []effect{{ahr, 0.5}, {hse, 0.4}}},
	{"c1oc(*)cc1", []effect{{are, 0.7}}},
	{"c1nc(*)n(C)c1", []effect{{aromatase, 1.8}, {ahr, 0.3}}},
	{"c1ccc2c(*)cccc2c1", []effect{{ahr, 1.6}, {p53, 0.7}, {mmp, 0.6}, {atad5, 0.8}}},
	{"c1ccc2nc(*)ccc2c1", []effect{{ahr, 1.3}, {atad5, 1.2}, {p53, 0.8}}},
	{"c1ccc2[nH]c(*)cc2c1", []effect{{ahr, 1.2}, {er, 0.4}, {erLBD, 0.4}}},
	{"C1CCC(*)CC1", []effect{{ar, 0.6}, {arLBD, 0.6}, {ahr, -0.6}}},
	{"C1CCN(*)CC1", []effect{{mmp, -0.4}, {hse, -0.3}}},
	{"C1CCC2C(*)CCCC2C1", []effect{{ar, 1.8}, {arLBD, 2.0}, {er, 0.6}}},
}

var linkers = []fragment{
	{"", nil},
	{"C", nil},
	{"CC", []effect{{pparGamma, 0.2}}},
	{"O", []effect{{pparGamma, 0.5}}},
	{"N", []effect{{ahr, 0.2}}},
	{"S", []effect{{hse, 0.3}}},
	{"C(=O)N", []effect{{er, -0.4}, {erLBD, -0.4}}},
	{"C(=O)O", []effect{{are, 0.3}}},
	{"S(=O)(=O)N", []effect{{pparGamma, 0.6}, {aromatase, -0.3}}},
	{"C=CC(=O)", []effect{{are, 1.7}, {hse, 1.5}, {p53, 0.9}}}, // Michael acceptor
	{"N=N", []effect{{ahr, 0.9}, {mmp, 0.6}}},
}

var groups = []fragment{
	{"C", nil},
	{"CC", nil},
	{"CCCC", []effect{{mmp, 0.3}, {pparGamma, 0.4}}},
	{"F", nil},
	{"Cl", []effect{{ahr, 0.5}, {mmp, 0.5}, {are, 0.2}}},
	{"Br", []effect{{ahr, 0.5}, {mmp, 0.6}}},
	{"O", []effect{{er, 1.4}, {erLBD, 1.5}, {mmp, 0.4}}},
	{"OC", nil},
	{"N", []effect{{ahr, 0.4}, {p53, 0.2}}},
	{"N(C)C", []effect{{hse, -0.3}}},
	{"C(=O)O", []effect{{pparGamma, 1.8}, {mmp, -1.0}, {er, -0.8}, {ahr, -0.6}}},
	{"C(=O)OCC", []effect{{pparGamma, 0.5}}},
	{"C(N)=O", []effect{{mmp, -0.5}}},
	{"C#N", []effect{{ar, 0.8}, {arLBD, 0.6}, {aromatase, 0.7}}},
	{"C=O", []effect{{are, 1.0}, {hse, 0.8}}},
	{"C(F)(F)F", []effect{{mmp, 0.9}, {ar, 0.7}, {are, 0.4}}},
	{"[N+](=O)[O-]", []effect{{p53, 1.3}, {atad5, 1.5}, {mmp, 0.8}, {ar, 0.5}}},
	{"S(N)(=O)=O", []effect{{mmp, -0.6}, {are, -0.4}}},
	{"CCl", []effect{{p53, 1.4}, {hse, 1.3}, {atad5, 1.0}}},
	{"C(C)(C)C", []effect{{ar, 0.5}, {er, 0.5}, {mmp, 0.5}}},
	{"N1CCOCC1", []effect{{mmp, -0.3}}},
	{"n1cncn1", []effect{{aromatase, 2.0}, {hse, 0.3}}},
}

// pairs are joint effects of two pieces, which a linear model cannot represent.
var pairs = []struct {
	first, second string
	effect
}{
	{"O", "c1ccc(*)cc1", effect{er, 0.9}},
	{"O", "C1CCC2C(*)CCCC2C1", effect{erLBD, 1.5}},
	{"Cl", "c1ccc2c(*)cccc2c1", effect{ahr, 1.2}},
	{"O", "[N+](=O)[O-]", effect{mmp, 1.6}},
	{"C(=O)O", "O", effect{er, -1.0}},
	{"N", "[N+](=O)[O-]", effect{p53, 1.0}},
	{"C#N", "C(F)(F)F", effect{arLBD, 1.6}},
	{"c1sc(*)cc1", "[N+](=O)[O-]", effect{hse, 1.2}},
}

// prevalence is the share of actives of each task.
var prevalence = [NumTasks]float64{0.12, 0.05, 0.04, 0.06, 0.13, 0.06, 0.04, 0.15, 0.05, 0.06, 0.14, 0.07}
