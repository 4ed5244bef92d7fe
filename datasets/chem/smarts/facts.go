package smarts

import "github.com/selfnorm/selfnorm/datasets/chem"

// atomFacts holds one number for each kind of atom primitive.
type atomFacts [numFacts]int16

const (
	factType = iota // element and aromaticity, see atomType
	factNumber
	factAromatic
	factDegree
	factConnections
	factHydrogens
	factImplicitHydrogens
	factValence
	factRings
	factSmallestRing
	factRingBonds
	factCharge
	factIsotope
	numFacts
)

// factsOf collects the properties of one atom and its bonds, all but the rings.
func factsOf(m *chem.Mol, i int) (f atomFacts) {
	a := &m.Atoms()[i]
	f[factType] = atomType(a.Number, a.Aromatic)
	f[factNumber] = int16(a.Number)
	if a.Aromatic {
		f[factAromatic] = 1
	}
	f[factDegree] = int16(m.Degree(i))
	f[factConnections] = int16(m.Degree(i)) + int16(a.Hs)
	f[factHydrogens] = int16(a.Hs)
	f[factImplicitHydrogens] = int16(a.Hs) // also those in brackets, as in RDKit
	f[factValence] = int16(a.Hs)
	for _, nb := range m.Neighbors(i) {
		b := &m.Bonds()[nb.Bond]
		f[factValence] += int16(b.Order)
		if m.Atoms()[nb.Atom].Number == 1 {
			f[factHydrogens]++
		}
		if b.InRing {
			f[factRingBonds]++
		}
	}
	f[factCharge] = int16(a.Charge)
	f[factIsotope] = int16(a.Isotope)
	return f
}
