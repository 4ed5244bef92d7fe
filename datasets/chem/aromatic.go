package chem

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/rings"
)

const (
	maxFusedRing    = 24      // atoms; larger rings are tested alone only (just above the outer ring of a porphyrin)
	maxFusedRings   = 6       // rings tested together
	maxRingSubsets  = 200_000 // sets of fused rings tested in one ring system
	maxSystemToFuse = 300     // rings of a system; of larger ones only pairs are tested
)

// donor is the number of π electrons that an atom can give to a ring.
type donor struct {
	low, high int8
	any       bool // wildcard: one or two
	candidate bool
}

// aromatizer holds the rings that may be aromatic while perceiveAromaticity works.
type aromatizer struct {
	m      *Mol
	donors []donor
	rings  [][]int32 // atoms of the candidate rings
	bonds  [][]int32 // bonds of the candidate rings
	near   [][]int32 // rings that share exactly one bond
	arena  []int32
	member []int32 // how many rings of the set at hand an atom or bond is in, 0 between tests
	system []int32
	state  []int32
	seen   []int32 // in the set at hand or near it
}

// perceiveAromaticity marks aromatic atoms and bonds by RDKit's model (RDKit Book, "Aromaticity"): rings, and sets
// of up to six rings fused by single bonds, whose atoms can give 4n+2 π electrons. Bonds have Kekulé orders and keep them.
func (m *Mol) perceiveAromaticity(w *workspace) {
	if len(m.rings) == 0 {
		return
	}
	z := &w.arom
	z.m = m
	z.collect(&w.rings)
	if len(z.rings) == 0 {
		return
	}
	z.member = graph.Fill(&z.member, max(len(m.bonds), len(m.atoms)), 0)
	z.findNear()
	z.testSystems()
}

// collect lists the relevant rings whose atoms all may be aromatic.
func (z *aromatizer) collect(w *rings.Workspace) {
	m := z.m
	z.rings, z.bonds, z.arena = z.rings[:0], z.bonds[:0], z.arena[:0]
	if cap(z.donors) < len(m.atoms) {
		z.donors = make([]donor, len(m.atoms))
	}
	z.donors = z.donors[:len(m.atoms)]
	for i := range m.atoms {
		if m.atoms[i].InRing {
			z.donors[i] = m.piDonor(int32(i))
		}
	}
	candidates := w.Relevant(m.rings, func(i int32) bool { return z.donors[i].candidate })
	size := 0
	for _, r := range candidates {
		size += len(r)
	}
	z.arena = slices.Grow(z.arena, size) // no reallocation below: z.bonds points into it
	for _, r := range candidates {
		if !slices.ContainsFunc(r, func(i int32) bool { return m.atoms[i].Number != 0 }) {
			continue
		}
		begin := len(z.arena)
		for k, i := range r {
			z.arena = append(z.arena, m.graph.Between(i, r[(k+1)%len(r)]))
		}
		z.rings = append(z.rings, r)
		z.bonds = append(z.bonds, z.arena[begin:])
	}
}

// findNear lists for each ring those that share one bond with it.
func (z *aromatizer) findNear() {
	n := len(z.rings)
	for len(z.near) < n {
		z.near = append(z.near, nil)
	}
	z.near = z.near[:n]
	for k := range z.near {
		z.near[k] = z.near[k][:0]
	}
	for k, r := range z.bonds {
		if len(r) > maxFusedRing {
			continue
		}
		for _, b := range r {
			z.member[b] = 1
		}
		for j := k + 1; j < n; j++ {
			if len(z.bonds[j]) > maxFusedRing {
				continue
			}
			shared := int32(0)
			for _, b := range z.bonds[j] {
				shared += z.member[b]
			}
			if shared == 1 {
				z.near[k] = append(z.near[k], int32(j))
				z.near[j] = append(z.near[j], int32(k))
			}
		}
		for _, b := range r {
			z.member[b] = 0
		}
	}
}

// testSystems tests the sets of rings in each group of fused rings.
func (z *aromatizer) testSystems() {
	n := len(z.rings)
	z.state = graph.Fill(&z.state, n, 0) // 1: in a system that was tested
	for k := range z.rings {
		if z.state[k] != 0 {
			continue
		}
		z.state[k] = 1
		z.system = append(z.system[:0], int32(k))
		for j := 0; j < len(z.system); j++ {
			for _, o := range z.near[z.system[j]] {
				if z.state[o] == 0 {
					z.state[o] = 1
					z.system = append(z.system, o)
				}
			}
		}
		z.testSystem(z.system)
	}
}

// testSystem tests all fused sets of one ring, then of two, and so on, until all bonds of the system are aromatic.
func (z *aromatizer) testSystem(rings []int32) {
	for _, k := range rings {
		z.test([]int32{k})
	}
	largest := min(len(rings), maxFusedRings)
	if len(rings) > maxSystemToFuse {
		largest = min(largest, 2)
	}
	e := subsets{z: z, left: maxRingSubsets}
	for e.size = 2; e.size <= largest && !z.allAromatic(rings); e.size++ {
		z.seen = graph.Fill(&z.seen, len(z.rings), 0)
		for _, k := range rings {
			e.from(k)
		}
	}
}

func (z *aromatizer) allAromatic(rings []int32) bool {
	for _, k := range rings {
		for _, b := range z.bonds[k] {
			if !z.m.bonds[b].Aromatic {
				return false
			}
		}
	}
	return true
}

// test applies Hückel's rule to the atoms that are in one or two rings of the set, and marks the rings' atoms and the
// bonds that are in one ring only.
func (z *aromatizer) test(set []int32) {
	if !z.huckel(set) {
		return
	}
	for _, k := range set {
		for _, i := range z.rings[k] {
			z.m.atoms[i].Aromatic = true
		}
		for _, b := range z.bonds[k] {
			z.member[b]++
		}
	}
	for _, k := range set {
		for _, b := range z.bonds[k] {
			if z.member[b] == 1 {
				z.m.bonds[b].Aromatic = true
			}
		}
	}
	for _, k := range set {
		for _, b := range z.bonds[k] {
			z.member[b] = 0
		}
	}
}

// huckel reports whether the atoms of a set of rings can have 4n+2 π electrons together. At most one wildcard may choose
// its number.
func (z *aromatizer) huckel(set []int32) bool {
	for _, k := range set {
		for _, i := range z.rings[k] {
			z.member[i]++
		}
	}
	low, high, wild := 0, 0, 0
	for _, k := range set {
		for _, i := range z.rings[k] {
			if c := z.member[i]; c == 1 || c == 2 {
				d := &z.donors[i]
				low, high = low+int(d.low), high+int(d.high)
				if d.any {
					wild++
				}
			}
			z.member[i] = 0
		}
	}
	switch {
	case wild > 1:
		return false
	case high == 2:
		return true
	case high < 6:
		return false
	}
	return (low+1)/4 != (high+2)/4 // a number 4n+2 in [low, high]
}
