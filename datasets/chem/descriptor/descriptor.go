// Package descriptor measures whole molecules: the descriptors of RDKit under their names, and 2-D autocorrelations.
package descriptor

import (
	"math"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/hybrid"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// block computes one family of descriptors.
type block struct {
	names []string
	fill  func(p *profile, values []float64) // values has the length of names
}

// blocks lists all families in the order of Names.
var blocks = []block{
	massBlock, countBlock, ringBlock, polarBlock, connectivityBlock, distanceBlock, chargeBlock, surfaceBlock,
	estateBlock, densityBlock, bcutBlock, qedBlock, fragmentBlock,
}

// Names returns the names of the values of Compute, which are RDKit's.
func Names() []string {
	var names []string
	for _, b := range blocks {
		names = append(names, b.names...)
	}
	return names
}

// Compute returns 207 numbers that describe a molecule, in the order of Names, all with the definitions that RDKit
// 2022.09 has under the same names: weights, counts of atoms, rings and functional groups, hydrogen bonding, log P and
// refractivity, connectivity and shape indices, partial charges, surface areas by property, E-state indices, densities
// of fingerprints, BCUT eigenvalues and drug-likeness. Fragments are taken together. All values are finite: those that
// are not defined, such as partial charges next to an element without parameters, are 0. In fragments of more than 1,000
// atoms BalabanJ and the E-state indices are estimates from a sample of the pairs of atoms.
func Compute(m *chem.Mol) []float64 {
	n := 0
	for _, b := range blocks {
		n += len(b.names)
	}
	values := make([]float64, n)
	p := profiles.Get().(*profile)
	defer profiles.Put(p)
	p.reset(m)
	rest := values
	for _, b := range blocks {
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

// profile holds the properties of a molecule that several families need.
type profile struct {
	m          *chem.Mol
	t          *smarts.Target
	parts      [][]int32 // the atoms of the fragments
	hybrids    []hybrid.Hybrid
	conjugated []bool
	crippen    crippenSum
	surface    []float64 // van der Waals surface of each atom in Å²
	labute     float64   // their sum with a share for the hydrogens
	charges    []float64 // Gasteiger charges
	tpsa       float64
	heavy      int // atoms other than hydrogen
	donors     int
	acceptors  int
	rotatable  int
	rings      []topology.Ring

	// Memory that serves one molecule after another.
	space    space
	target   smarts.Target
	walk     topology.Walker
	assigned hybrid.Assignment
	burden   burden
	lengths  lengths
	bertz    bertz
	paths    paths
}

var profiles = sync.Pool{New: func() any { return new(profile) }}

// reset computes the profile of another molecule in the memory of the one before.
func (p *profile) reset(m *chem.Mol) {
	p.space.reset()
	p.target.Reset(m)
	p.walk.Reset(m)
	p.assigned.Reset(m)
	p.m, p.t, p.tpsa, p.heavy = m, &p.target, TPSA(m), m.HeavyAtoms()
	p.parts = m.Components()
	p.hybrids, p.conjugated = p.assigned.Atoms, p.assigned.Conjugated
	p.crippen.reset(p.t, &p.space)
	p.surface, p.labute = labuteSurface(m, &p.space)
	p.charges = gasteigerCharges(m, p.hybrids, p.conjugated, &p.space)
	p.donors, p.acceptors, p.rotatable = p.t.Count(patterns().donor), p.t.Count(patterns().acceptor), p.t.Count(patterns().rotatable)
	p.rings = topology.Rings(m)
}
