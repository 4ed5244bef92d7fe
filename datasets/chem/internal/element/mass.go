package element

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// ElectronMass is the mass of an electron in g/mol.
const ElectronMass = 0.00054857991

// isotopeText lists the masses of isotopes in g/mol (AME2003), an element a line in the order of atomic numbers: symbol,
// mass number of the most common isotope, lowest mass number, and the masses from there on without a gap.
//
//go:embed isotopes.txt
var isotopeText string

// isotopes holds the masses of the isotopes of an element.
type isotopes struct {
	common int // mass number of the most common one, the most stable one of a radioactive element
	lowest int // mass number of the first of masses
	masses []float64
}

var isotopeTable = sync.OnceValue(func() *[Max + 1]isotopes {
	table, number := new([Max + 1]isotopes), 0
	for line := range strings.Lines(isotopeText) {
		number++
		fields := strings.Fields(line)
		e := &table[number]
		e.common, _ = strconv.Atoi(fields[1]) // the file is part of the package, and a test reads all of it
		e.lowest, _ = strconv.Atoi(fields[2])
		e.masses = make([]float64, len(fields)-3)
		for k := range e.masses {
			e.masses[k], _ = strconv.ParseFloat(fields[k+3], 64)
		}
	}
	return table
})

// Mass is the mass in g/mol of an isotope, or the average of the natural mixture if isotope is 0. Isotopes that are not
// known have their mass number, and a wildcard has no mass.
func Mass(number uint8, isotope uint16) float64 {
	if isotope == 0 || number == 0 {
		return Table[number].Mass
	}
	if e := &isotopeTable()[number]; int(isotope) >= e.lowest && int(isotope) < e.lowest+len(e.masses) {
		return e.masses[int(isotope)-e.lowest]
	}
	return float64(isotope)
}

// CommonMass is the mass in g/mol of the most common isotope of an element, 0 for a wildcard.
func CommonMass(number uint8) float64 {
	if number == 0 {
		return 0
	}
	e := &isotopeTable()[number]
	return e.masses[e.common-e.lowest]
}
