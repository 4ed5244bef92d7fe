package topology

import "github.com/selfnorm/selfnorm/datasets/chem"

// Ring describes what a ring consists of.
type Ring struct {
	Aromatic  bool // all bonds are aromatic
	Saturated bool // all bonds are single
	Hetero    bool // there is an atom other than carbon
}

// Rings describes the rings of m, in the order of m.Rings.
func Rings(m *chem.Mol) []Ring {
	rings := make([]Ring, len(m.Rings()))
	for k, atoms := range m.Rings() {
		ring := Ring{Aromatic: true, Saturated: true}
		for at, i := range atoms {
			b := &m.Bonds()[m.BondBetween(int(i), int(atoms[(at+1)%len(atoms)]))]
			ring.Aromatic = ring.Aromatic && b.Aromatic
			ring.Saturated = ring.Saturated && b.Order == 1 && !b.Aromatic
			ring.Hetero = ring.Hetero || m.Atoms()[i].Number != 6
		}
		rings[k] = ring
	}
	return rings
}
