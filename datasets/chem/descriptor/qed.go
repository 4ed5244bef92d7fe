package descriptor

import (
	"math"

	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// qedBlock holds the quantitative estimate of drug-likeness, 0 to 1: the weighted geometric mean of eight desirability
// functions. Bickerton, Paolini, Besnard, Muresan and Hopkins 2012, "Quantifying the chemical beauty of drugs",
// Nature Chemistry 4, 90, with RDKit's properties and the paper's mean weights.
var qedBlock = block{
	[]string{"qed"},
	func(p *profile, values []float64) {
		properties := [...]float64{
			p.m.Weight(), p.crippen.all.logP, qedAcceptors(p.t), float64(p.donors), p.tpsa, float64(p.rotatable),
			aromaticCycles(p.t), structuralAlerts(p.t),
		}
		sum, weights := 0.0, 0.0
		for k, x := range properties {
			sum += desirabilities[k].weight * math.Log(desirabilities[k].of(x))
			weights += desirabilities[k].weight
		}
		values[0] = math.Exp(sum / weights)
	},
}

// desirability is an asymmetric double sigmoid, equation 2 of the paper, and its weight in the mean.
type desirability struct{ a, b, c, d, e, f, top, weight float64 }

func (s desirability) of(x float64) float64 {
	rise := 1 + math.Exp(-(x-s.c+s.d/2)/s.e)
	fall := 1 - 1/(1+math.Exp(-(x-s.c-s.d/2)/s.f))
	return (s.a + s.b/rise*fall) / s.top
}

// desirabilities are the parameters of the supplementary table 1 of the paper, in the order of the properties above.
var desirabilities = [...]desirability{
	{2.817065973, 392.5754953, 290.7489764, 2.419764353, 49.22325677, 65.37051707, 104.9805561, 0.66}, // weight
	{3.172690585, 137.8624751, 2.534937431, 4.581497897, 0.822739154, 0.576295591, 131.3186604, 0.46}, // log P
	{2.948620388, 160.4605972, 3.615294657, 4.435986202, 0.290141953, 1.300669958, 148.7763046, 0.05}, // acceptors
	{1.618662227, 1010.051101, 0.985094388, 0.000000001, 0.713820843, 0.920922555, 258.1632616, 0.61}, // donors
	{1.876861559, 125.2232657, 62.90773554, 87.83366614, 12.01999824, 28.51324732, 104.5686167, 0.06}, // surface
	{0.010000000, 272.4121427, 2.558379970, 1.565547684, 1.271567166, 2.758063707, 105.4420403, 0.65}, // rotatable
	{3.217788970, 957.7374108, 2.274627939, 0.000000001, 1.317690384, 0.375760881, 312.3372610, 0.48}, // rings
	{0.010000000, 1199.094025, -0.09002883, 0.000000001, 0.185904477, 0.875193782, 417.7253140, 0.95}, // alerts
}

// qedAliphaticSMARTS are the ring atoms that end an aromatic ring.
const qedAliphaticSMARTS = "[$([A;R][!a])]"

// aromaticCycles counts the rings that are left without ring atoms of an aliphatic kind that have an aliphatic neighbour.
// As in RDKit these are all rings of the molecule if there are no such atoms, and otherwise the independent ones.
func aromaticCycles(t *smarts.Target) float64 {
	kept := make([]bool, len(t.Mol().Atoms()))
	atoms := 0
	for i := range kept {
		if kept[i] = !t.MatchAt(patterns().qedAliphatic, i); kept[i] {
			atoms++
		}
	}
	if atoms == len(kept) {
		return float64(len(t.Mol().Rings()))
	}
	// The number of independent rings is bonds - atoms + fragments. Each fragment is found by flooding it.
	cycles := -atoms
	for _, b := range t.Mol().Bonds() {
		if kept[b.Begin] && kept[b.End] {
			cycles++
		}
	}
	var stack []int32
	for i := range kept {
		if !kept[i] {
			continue
		}
		cycles++
		kept[i] = false
		for stack = append(stack[:0], int32(i)); len(stack) > 0; {
			a := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, nb := range t.Mol().Neighbors(int(a)) {
				if kept[nb.Atom] {
					kept[nb.Atom] = false
					stack = append(stack, nb.Atom)
				}
			}
		}
	}
	return float64(cycles)
}

func qedAcceptors(t *smarts.Target) float64 {
	n := 0
	for _, p := range patterns().qedAcceptors {
		n += t.Count(p)
	}
	return float64(n)
}

func structuralAlerts(t *smarts.Target) float64 {
	n := 0
	for _, p := range patterns().qedAlerts {
		if t.Match(p) {
			n++
		}
	}
	return float64(n)
}
