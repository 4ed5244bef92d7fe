package chem

import "math"

// descriptorBlock computes one family of descriptors.
type descriptorBlock struct {
	names []string
	fill  func(p *profile, values []float64) // values has the length of names
}

// descriptorBlocks lists all families in the order of DescriptorNames.
var descriptorBlocks = []descriptorBlock{
	massBlock, countBlock, ringBlock, polarBlock, connectivityBlock, distanceBlock, chargeBlock, surfaceBlock,
	estateBlock, densityBlock, bcutBlock, qedBlock, fragmentBlock,
}

// DescriptorNames returns the names of the values of Descriptors, RDKit's.
func DescriptorNames() []string {
	var names []string
	for _, b := range descriptorBlocks {
		names = append(names, b.names...)
	}
	return names
}

// Descriptors returns 207 numbers that describe a molecule, in the order of DescriptorNames, all with the definitions
// that RDKit 2022.09 has under the same names: weights, counts of atoms, rings and functional groups, hydrogen bonding,
// log P and refractivity, connectivity and shape indices, partial charges, surface areas by property, E-state indices,
// densities of fingerprints, BCUT eigenvalues and drug-likeness. Fragments are taken together. Values that are not
// defined (partial charges next to an element without parameters, for instance) are 0, so all are finite.
func Descriptors(m *Mol) []float64 {
	n := 0
	for _, b := range descriptorBlocks {
		n += len(b.names)
	}
	values := make([]float64, n)
	p := newProfile(m)
	rest := values
	for _, b := range descriptorBlocks {
		b.fill(p, rest[:len(b.names)])
		rest = rest[len(b.names):]
	}
	for k, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			values[k] = 0
		}
	}
	return values
}

// profile holds what several families need to know about a molecule.
type profile struct {
	m          *Mol
	t          *target
	hybrids    []hybrid
	conjugated []bool
	crippen    crippenSum
	surface    []float64 // van der Waals surface of each atom in Å²
	charges    []float64 // Gasteiger charges
	tpsa       float64
	heavy      int // atoms other than hydrogen
	donors     int
	acceptors  int
	rotatable  int
	rings      []ringKind
}

func newProfile(m *Mol) *profile {
	p := &profile{m: m, t: newTarget(m), tpsa: TPSA(m), heavy: m.HeavyAtoms()}
	p.hybrids, p.conjugated = hybridize(m)
	p.crippen = crippen(p.t)
	p.surface, _ = labuteSurface(m)
	p.charges = gasteigerCharges(m, p.hybrids, p.conjugated)
	patterns := lipinskiPatterns()
	p.donors, p.acceptors, p.rotatable = patterns[0].count(p.t), patterns[1].count(p.t), patterns[2].count(p.t)
	p.rings = ringKinds(m)
	return p
}
