package chem

var massBlock = descriptorBlock{
	[]string{"MolWt", "HeavyAtomMolWt", "ExactMolWt", "NumValenceElectrons", "NumRadicalElectrons"},
	func(p *profile, values []float64) {
		for i := range p.m.Atoms {
			a := &p.m.Atoms[i]
			hydrogens := float64(a.Hs)
			values[0] += a.mass() + hydrogens*elements[1].mass
			if a.Number != 1 {
				values[1] += a.mass()
			}
			values[2] += a.exactMass() + hydrogens*commonMass[1]
			values[3] += float64(elements[a.Number].outer) - float64(a.Charge) + hydrogens
			values[4] += float64(a.Radicals)
		}
	},
}

var countBlock = descriptorBlock{
	[]string{"FractionCSP3", "HeavyAtomCount", "NHOHCount", "NOCount", "NumHeteroatoms"},
	func(p *profile, values []float64) {
		carbons, saturated := 0, 0
		for i := range p.m.Atoms {
			switch number := p.m.Atoms[i].Number; number {
			case 1:
				continue
			case 6:
				carbons++
				if totalDegree(p.m, i) == 4 {
					saturated++
				}
				continue
			case 7, 8:
				values[2] += float64(p.t.atoms[i][factHydrogens])
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
var polarBlock = descriptorBlock{
	[]string{"NumHAcceptors", "NumHDonors", "NumRotatableBonds", "TPSA", "MolLogP", "MolMR"},
	func(p *profile, values []float64) {
		copy(values, []float64{
			float64(p.acceptors), float64(p.donors), float64(p.rotatable), p.tpsa, p.crippen.all.logP, p.crippen.all.r,
		})
	},
}

// ringKind says what a ring consists of.
type ringKind struct {
	aromatic, saturated bool // all bonds aromatic, all bonds single
	hetero              bool // an atom other than carbon
}

func ringKinds(m *Mol) []ringKind {
	kinds := make([]ringKind, len(m.Rings()))
	for k, ring := range m.Rings() {
		kind := ringKind{aromatic: true, saturated: true}
		for at, i := range ring {
			b := &m.Bonds[m.bondBetween(i, ring[(at+1)%len(ring)])]
			kind.aromatic = kind.aromatic && b.Aromatic
			kind.saturated = kind.saturated && b.Order == 1 && !b.Aromatic
			kind.hetero = kind.hetero || m.Atoms[i].Number != 6
		}
		kinds[k] = kind
	}
	return kinds
}

var ringBlock = descriptorBlock{
	[]string{
		"RingCount", "NumAliphaticCarbocycles", "NumAliphaticHeterocycles", "NumAliphaticRings",
		"NumAromaticCarbocycles", "NumAromaticHeterocycles", "NumAromaticRings",
		"NumSaturatedCarbocycles", "NumSaturatedHeterocycles", "NumSaturatedRings",
	},
	func(p *profile, values []float64) {
		values[0] = float64(len(p.rings))
		for _, r := range p.rings {
			hetero := 0
			if r.hetero {
				hetero = 1
			}
			if r.aromatic {
				values[4+hetero]++
				values[6]++
			} else {
				values[1+hetero]++
				values[3]++
			}
			if r.saturated {
				values[7+hetero]++
				values[9]++
			}
		}
	},
}

// densityBlock holds the numbers of distinct Morgan identifiers per heavy atom.
var densityBlock = descriptorBlock{
	[]string{"FpDensityMorgan1", "FpDensityMorgan2", "FpDensityMorgan3"},
	func(p *profile, values []float64) {
		for k := range values {
			values[k] = float64(len(ECFP(p.m, k+1))) / float64(p.heavy)
		}
	},
}
