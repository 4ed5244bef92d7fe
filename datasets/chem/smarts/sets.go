package smarts

// quickAtoms is the number of atoms up to which a molecule is searched by sets of atoms: nearly all molecules.
const quickAtoms = 64

// atomSet is a set of atoms of a molecule that has up to quickAtoms.
type atomSet uint64

// factSets holds the atoms by their properties.
type factSets struct {
	all   atomSet
	small [numFacts][smallFact]atomSet // those whose fact is the index, charges shifted
	types [512]atomSet
	below [smallFact + 1]atomSet // those with fewer neighbours than the index
}

// smallFact is where a table of the values of a fact ends, and chargeShift the place of charge 0 in it.
const smallFact, chargeShift = 16, 8

// factPlace is the place of a value in the table of a fact, or false if it has none.
func factPlace(fact uint8, value int16) (int16, bool) {
	if fact == factCharge {
		value += chargeShift
	}
	return value, value >= 0 && value < smallFact
}

// clear forgets the atoms of a molecule.
func (f *factSets) clear(atoms []atomFacts) {
	if f.all == 0 {
		return
	}
	for i := range atoms {
		f.types[atoms[i][factType]] = 0
	}
	f.all, f.small = 0, [numFacts][smallFact]atomSet{}
}

// fill enters the atoms of a molecule if it is not too large.
func (f *factSets) fill(atoms []atomFacts) {
	if len(atoms) > quickAtoms {
		return
	}
	for i := range atoms {
		bit := atomSet(1) << i
		f.all |= bit
		f.types[atoms[i][factType]] |= bit
		for fact, value := range atoms[i] {
			if at, ok := factPlace(uint8(fact), value); ok {
				f.small[fact][at] |= bit
			}
		}
	}
	for d, atoms := range f.small[factDegree] {
		f.below[d+1] = f.below[d] | atoms
	}
}

// equal returns the atoms with that value of a fact.
func (t *Target) equal(fact uint8, value int16) (s atomSet) {
	switch fact {
	case factType:
		return t.facts.types[value]
	case factNumber:
		return t.facts.types[value] | t.facts.types[value+256]
	}
	if at, ok := factPlace(fact, value); ok {
		return t.facts.small[fact][at]
	}
	for i := range t.atoms {
		if t.atoms[i][fact] == value {
			s |= 1 << i
		}
	}
	return s
}
