package element

// isotopeMass holds the masses in g/mol of isotopes used as labels (AME2003), by atomic number << 16 | mass number.
var isotopeMass = map[uint32]float64{
	1<<16 | 1: 1.007825032, 1<<16 | 2: 2.014101778, 1<<16 | 3: 3.016049278,
	6<<16 | 11: 11.0114336, 6<<16 | 12: 12, 6<<16 | 13: 13.00335484, 6<<16 | 14: 14.00324199,
	7<<16 | 13: 13.00573861, 7<<16 | 14: 14.003074, 7<<16 | 15: 15.0001089,
	8<<16 | 15: 15.0030656, 8<<16 | 16: 15.99491462, 8<<16 | 17: 16.9991317, 8<<16 | 18: 17.999161,
	9<<16 | 18: 18.000938, 9<<16 | 19: 18.99840322,
}

// Mass is the mass in g/mol of an isotope, or the average of the natural mixture if isotope is 0.
func Mass(number uint8, isotope uint16) float64 {
	if isotope == 0 {
		return Table[number].Mass
	}
	if m, ok := isotopeMass[uint32(number)<<16|uint32(isotope)]; ok {
		return m
	}
	return float64(isotope)
}
