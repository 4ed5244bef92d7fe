package descriptor

import (
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/hybrid"
)

var massBlock = block{
	[]string{"MolWt", "HeavyAtomMolWt", "ExactMolWt", "NumValenceElectrons", "NumRadicalElectrons"},
	func(p *profile, values []float64) {
		for i := range p.m.Atoms() {
			a := &p.m.Atoms()[i]
			hydrogens := float64(a.Hs)
			values[0] += a.Mass() + hydrogens*element.Table[1].Mass
			if a.Number != 1 {
				values[1] += a.Mass()
			}
			values[2] += exactMass(a) + hydrogens*element.CommonMass(1) - float64(a.Charge)*element.ElectronMass
			values[3] += float64(element.Table[a.Number].Outer) - float64(a.Charge) + hydrogens
			values[4] += float64(a.Radicals)
		}
	},
}

var countBlock = block{
	[]string{"FractionCSP3", "HeavyAtomCount", "NHOHCount", "NOCount", "NumHeteroatoms"},
	func(p *profile, values []float64) {
		carbons, saturated := 0, 0
		for i := range p.m.Atoms() {
			switch number := p.m.Atoms()[i].Number; number {
			case 1:
				continue
			case 6:
				carbons++
				if hybrid.TotalDegree(p.m, i) == 4 {
					saturated++
				}
				continue
			case 7, 8:
				values[2] += float64(hydrogens(p.m, i))
				values[3]++
			}
			values[4]++
		}
		if carbons > 0 {
			values[0] = float64(saturated) / float64(carbons)
		}
		values[1] = float64(p.heavy)
	},
}

// polarBlock holds what other functions of the package compute.
var polarBlock = block{
	[]string{"NumHAcceptors", "NumHDonors", "NumRotatableBonds", "TPSA", "MolLogP", "MolMR"},
	func(p *profile, values []float64) {
		copy(values, []float64{
			float64(p.acceptors), float64(p.donors), float64(p.rotatable), p.tpsa, p.crippen.all.logP, p.crippen.all.r,
		})
	},
}

// hydrogens counts those at atom i, whether or not they are atoms of the graph.
func hydrogens(m *chem.Mol, i int) int {
	n := int(m.Atoms()[i].Hs)
	for _, nb := range m.Neighbors(i) {
		if m.Atoms()[nb.Atom].Number == 1 {
			n++
		}
	}
	return n
}

var ringBlock = block{
	[]string{
		"RingCount", "NumAliphaticCarbocycles", "NumAliphaticHeterocycles", "NumAliphaticRings",
		"NumAromaticCarbocycles", "NumAromaticHeterocycles", "NumAromaticRings",
		"NumSaturatedCarbocycles", "NumSaturatedHeterocycles", "NumSaturatedRings",
	},
	func(p *profile, values []float64) {
		values[0] = float64(len(p.rings))
		for _, r := range p.rings {
			hetero := 0
			if r.Hetero {
				hetero = 1
			}
			if r.Aromatic {
				values[4+hetero]++
				values[6]++
			} else {
				values[1+hetero]++
				values[3]++
			}
			if r.Saturated {
				values[7+hetero]++
				values[9]++
			}
		}
	},
}

// densityBlock holds the numbers of distinct Morgan identifiers per heavy atom.
var densityBlock = block{
	[]string{"FpDensityMorgan1", "FpDensityMorgan2", "FpDensityMorgan3"},
	func(p *profile, values []float64) {
		sizes := fingerprint.ECFPSizes(p.m, len(values))
		for k := range values {
			values[k] = float64(sizes[min(k+1, len(sizes)-1)]) / float64(p.heavy)
		}
	},
}
