package chem

// element is one row of the periodic table.
type element struct {
	symbol  string
	mass    float64 // standard atomic weight in g/mol, the mass number of a long-lived isotope where there is none
	outer   int8    // electrons in the outer shell
	valence []int8  // allowed valences in rising order, -1 at the end if any higher one is; empty for any
}

// maxElement is the highest atomic number.
const maxElement = 118

// elements is indexed by atomic number, with the wildcard at 0. The weights are those of IUPAC's abridged table
// rounded to three decimals; the valence lists are those of the RDKit's valence model.
var elements = [maxElement + 1]element{
	{"*", 0, 0, nil},
	{"H", 1.008, 1, []int8{1}}, {"He", 4.003, 2, []int8{0}},
	{"Li", 6.941, 1, []int8{1, -1}}, {"Be", 9.012, 2, []int8{2, -1}}, {"B", 10.812, 3, []int8{3}}, {"C", 12.011, 4, []int8{4}},
	{"N", 14.007, 5, []int8{3}}, {"O", 15.999, 6, []int8{2}}, {"F", 18.998, 7, []int8{1}}, {"Ne", 20.18, 8, []int8{0}},
	{"Na", 22.99, 1, []int8{1, -1}}, {"Mg", 24.305, 2, []int8{2, -1}}, {"Al", 26.982, 3, []int8{3, 6}}, {"Si", 28.086, 4, []int8{4, 6}},
	{"P", 30.974, 5, []int8{3, 5, 7}}, {"S", 32.067, 6, []int8{2, 4, 6}}, {"Cl", 35.453, 7, []int8{1}}, {"Ar", 39.948, 8, []int8{0}},
	{"K", 39.098, 1, []int8{1, -1}}, {"Ca", 40.078, 2, []int8{2, -1}}, {"Sc", 44.956, 3, nil}, {"Ti", 47.867, 4, nil},
	{"V", 50.942, 5, nil}, {"Cr", 51.996, 6, nil}, {"Mn", 54.938, 7, nil}, {"Fe", 55.845, 8, nil}, {"Co", 58.933, 9, nil},
	{"Ni", 58.693, 10, nil}, {"Cu", 63.546, 11, nil}, {"Zn", 65.39, 2, nil}, {"Ga", 69.723, 3, []int8{3}}, {"Ge", 72.61, 4, []int8{4}},
	{"As", 74.922, 5, []int8{3, 5, 7}}, {"Se", 78.96, 6, []int8{2, 4, 6}}, {"Br", 79.904, 7, []int8{1}}, {"Kr", 83.8, 8, []int8{0}},
	{"Rb", 85.468, 1, []int8{1}}, {"Sr", 87.62, 2, []int8{2, -1}}, {"Y", 88.906, 3, nil}, {"Zr", 91.224, 4, nil},
	{"Nb", 92.906, 5, nil}, {"Mo", 95.94, 6, nil}, {"Tc", 98, 7, nil}, {"Ru", 101.07, 8, nil}, {"Rh", 102.906, 9, nil},
	{"Pd", 106.42, 10, nil}, {"Ag", 107.868, 11, nil}, {"Cd", 112.412, 2, nil}, {"In", 114.818, 3, []int8{3}}, {"Sn", 118.711, 4, []int8{2, 4}},
	{"Sb", 121.76, 5, []int8{3, 5, 7}}, {"Te", 127.6, 6, []int8{2, 4, 6}}, {"I", 126.904, 7, []int8{1, 3, 5}}, {"Xe", 131.29, 8, []int8{0, 2, 4, 6}},
	{"Cs", 132.905, 1, []int8{1}}, {"Ba", 137.328, 2, []int8{2, -1}},
	{"La", 138.906, 3, nil}, {"Ce", 140.116, 4, nil}, {"Pr", 140.908, 3, nil}, {"Nd", 144.24, 4, nil}, {"Pm", 145, 5, nil},
	{"Sm", 150.36, 6, nil}, {"Eu", 151.964, 7, nil}, {"Gd", 157.25, 8, nil}, {"Tb", 158.925, 9, nil}, {"Dy", 162.5, 10, nil},
	{"Ho", 164.93, 11, nil}, {"Er", 167.26, 12, nil}, {"Tm", 168.934, 13, nil}, {"Yb", 173.04, 14, nil}, {"Lu", 174.967, 15, nil},
	{"Hf", 178.49, 4, nil}, {"Ta", 180.948, 5, nil}, {"W", 183.84, 6, nil}, {"Re", 186.207, 7, nil}, {"Os", 190.23, 8, nil},
	{"Ir", 192.217, 9, nil}, {"Pt", 195.078, 10, nil}, {"Au", 196.967, 11, nil}, {"Hg", 200.59, 2, nil}, {"Tl", 204.383, 3, []int8{3}},
	{"Pb", 207.2, 4, []int8{2, 4}}, {"Bi", 208.98, 5, []int8{3, 5, 7}}, {"Po", 209, 6, []int8{2, 4, 6}}, {"At", 210, 7, []int8{1, 3, 5}}, {"Rn", 222, 8, []int8{0}},
	{"Fr", 223, 1, []int8{1}}, {"Ra", 226, 2, []int8{2, -1}},
	{"Ac", 227, 3, nil}, {"Th", 232.038, 4, nil}, {"Pa", 231.036, 3, nil}, {"U", 238.029, 4, nil}, {"Np", 237, 5, nil},
	{"Pu", 244, 6, nil}, {"Am", 243, 7, nil}, {"Cm", 247, 8, nil}, {"Bk", 247, 9, nil}, {"Cf", 251, 10, nil},
	{"Es", 252, 11, nil}, {"Fm", 257, 12, nil}, {"Md", 258, 13, nil}, {"No", 259, 14, nil}, {"Lr", 262, 15, nil},
	{"Rf", 267, 2, nil}, {"Db", 268, 2, nil}, {"Sg", 269, 2, nil}, {"Bh", 270, 2, nil}, {"Hs", 269, 2, nil},
	{"Mt", 278, 2, nil}, {"Ds", 281, 2, nil}, {"Rg", 281, 2, nil}, {"Cn", 285, 2, nil}, {"Nh", 284, 2, nil},
	{"Fl", 289, 2, nil}, {"Mc", 288, 2, nil}, {"Lv", 293, 2, nil}, {"Ts", 292, 2, nil}, {"Og", 294, 2, nil},
}

// early marks the elements left of carbon in the periodic table, to which hydrogen adds as hydride: a positive charge
// lowers their valence instead of raising it.
var early = [maxElement + 1]bool{
	3: true, 4: true, 5: true, 11: true, 12: true, 13: true, 19: true, 20: true, 21: true, 22: true, 30: true, 31: true, 32: true,
	37: true, 38: true, 39: true, 40: true, 41: true, 48: true, 49: true, 50: true, 51: true,
	55: true, 56: true, 57: true, 58: true, 59: true, 60: true, 61: true, 72: true, 73: true, 80: true, 81: true, 82: true, 83: true,
	87: true, 88: true, 89: true, 90: true, 91: true, 92: true, 93: true,
	104: true, 105: true, 106: true, 107: true, 108: true, 109: true, 110: true, 111: true, 112: true, 113: true, 114: true,
	115: true, 116: true, 117: true, 118: true,
}

// defaultValence is the lowest allowed valence of an element, -1 where any valence is allowed.
func defaultValence(number int) int {
	if number < 0 || number > maxElement || len(elements[number].valence) == 0 {
		return -1
	}
	return int(elements[number].valence[0])
}

// moreElectronegative says whether element a draws electrons from element b: more outer electrons, or as many and lighter.
func moreElectronegative(a, b uint8) bool {
	if x, y := elements[a].outer, elements[b].outer; x != y {
		return x > y
	}
	return a < b
}

// Symbol is the symbol of the element with that atomic number, "*" for 0 and for numbers beyond the table.
func Symbol(number uint8) string {
	if number > maxElement {
		return "*"
	}
	return elements[number].symbol
}

// symbolIndex finds elements by their one or two letters: number = symbolIndex[first letter][second letter or 26].
var symbolIndex = func() (t [26][27]uint8) {
	for number, e := range elements[1:] {
		second := 26
		if len(e.symbol) == 2 {
			second = int(e.symbol[1] - 'a')
		}
		t[e.symbol[0]-'A'][second] = uint8(number + 1)
	}
	return t
}()

// elementNamed is the atomic number of a symbol, 0 if there is none.
func elementNamed(symbol string) uint8 {
	if len(symbol) == 0 || len(symbol) > 2 || symbol[0] < 'A' || symbol[0] > 'Z' {
		return 0
	}
	second := 26
	if len(symbol) == 2 {
		if symbol[1] < 'a' || symbol[1] > 'z' {
			return 0
		}
		second = int(symbol[1] - 'a')
	}
	return symbolIndex[symbol[0]-'A'][second]
}

// isotopeMass holds the masses in g/mol of isotopes used as labels (AME2003), by atomic number << 16 | mass number.
var isotopeMass = map[uint32]float64{
	1<<16 | 1: 1.007825032, 1<<16 | 2: 2.014101778, 1<<16 | 3: 3.016049278,
	6<<16 | 11: 11.0114336, 6<<16 | 12: 12, 6<<16 | 13: 13.00335484, 6<<16 | 14: 14.00324199,
	7<<16 | 13: 13.00573861, 7<<16 | 14: 14.003074, 7<<16 | 15: 15.0001089,
	8<<16 | 15: 15.0030656, 8<<16 | 16: 15.99491462, 8<<16 | 17: 16.9991317, 8<<16 | 18: 17.999161,
	9<<16 | 18: 18.000938, 9<<16 | 19: 18.99840322,
}

// mass is the average mass of an atom in g/mol without its hydrogens.
func (a *Atom) mass() float64 {
	if a.Isotope == 0 {
		return elements[a.Number].mass
	}
	if m, ok := isotopeMass[uint32(a.Number)<<16|uint32(a.Isotope)]; ok {
		return m
	}
	return float64(a.Isotope)
}
