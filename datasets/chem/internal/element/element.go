// Package element holds what the periodic table knows about an atom: symbol, mass, outer electrons, allowed valences.
package element

import "strings"

// Element is one row of the periodic table.
type Element struct {
	Symbol  string
	Mass    float64 // standard atomic weight in g/mol, the mass number of a long-lived isotope where there is none
	Outer   int8    // electrons in the outer shell
	Valence []int8  // allowed valences in rising order, -1 at the end if any higher one is allowed; empty for any
}

// Max is the highest atomic number.
const Max = 118

// Table is indexed by atomic number, with the wildcard at 0. The weights are those of IUPAC's abridged table
// rounded to three decimals; the valences are those of RDKit's valence model.
var Table = [Max + 1]Element{
	{"*", 0, 0, nil},
	{"H", 1.008, 1, []int8{1}}, {"He", 4.003, 2, []int8{0}},
	{"Li", 6.941, 1, []int8{1}}, {"Be", 9.012, 2, []int8{2}}, {"B", 10.812, 3, []int8{3}}, {"C", 12.011, 4, []int8{4}},
	{"N", 14.007, 5, []int8{3}}, {"O", 15.999, 6, []int8{2}}, {"F", 18.998, 7, []int8{1}}, {"Ne", 20.18, 8, []int8{0}},
	{"Na", 22.99, 1, []int8{1}}, {"Mg", 24.305, 2, []int8{2, -1}}, {"Al", 26.982, 3, []int8{3, 6}}, {"Si", 28.086, 4, []int8{4, 6}},
	{"P", 30.974, 5, []int8{3, 5, 7}}, {"S", 32.067, 6, []int8{2, 4, 6}}, {"Cl", 35.453, 7, []int8{1}}, {"Ar", 39.948, 8, []int8{0}},
	{"K", 39.098, 1, []int8{1}}, {"Ca", 40.078, 2, []int8{2, -1}}, {"Sc", 44.956, 3, nil}, {"Ti", 47.867, 4, nil},
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

// Named returns the atomic number of a symbol, 0 if there is no such element.
func Named(symbol string) uint8 {
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

// Temporary returns the atomic number of an element by the temporary symbol that it had before it was named, such as Uuo; 0 for any other text.
func Temporary(symbol string) uint8 {
	if len(symbol) != 3 || symbol[:2] != "Uu" {
		return 0
	}
	if k := strings.IndexByte("nubtqphso", symbol[2]); k >= 0 {
		return uint8(110 + k)
	}
	return 0
}

// symbolIndex finds elements by their one or two letters: number = symbolIndex[first letter][second letter or 26].
var symbolIndex = func() (t [26][27]uint8) {
	for number, e := range Table[1:] {
		second := 26
		if len(e.Symbol) == 2 {
			second = int(e.Symbol[1] - 'a')
		}
		t[e.Symbol[0]-'A'][second] = uint8(number + 1)
	}
	return t
}()

// Period is the row of the periodic table: the principal quantum number of the outer shell.
func Period(number uint8) int {
	for n, last := range [...]uint8{2, 10, 18, 36, 54, 86} {
		if number <= last {
			return n + 1
		}
	}
	return 7
}

// MoreElectronegative reports whether element a draws electrons from element b: it has more outer electrons, or as many
// and a lower atomic number.
func MoreElectronegative(a, b uint8) bool {
	if x, y := Table[a].Outer, Table[b].Outer; x != y {
		return x > y
	}
	return a < b
}
