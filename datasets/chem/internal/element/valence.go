package element

// Early marks the elements left of carbon in the periodic table. Hydrogen adds to them as hydride, and a positive charge
// lowers their valence instead of raising it.
var Early = [Max + 1]bool{
	3: true, 4: true, 5: true, 11: true, 12: true, 13: true, 19: true, 20: true, 21: true, 22: true, 30: true, 31: true, 32: true,
	37: true, 38: true, 39: true, 40: true, 41: true, 48: true, 49: true, 50: true, 51: true,
	55: true, 56: true, 57: true, 58: true, 59: true, 60: true, 61: true, 72: true, 73: true, 80: true, 81: true, 82: true, 83: true,
	87: true, 88: true, 89: true, 90: true, 91: true, 92: true, 93: true,
	104: true, 105: true, 106: true, 107: true, 108: true, 109: true, 110: true, 111: true, 112: true, 113: true, 114: true,
	115: true, 116: true, 117: true, 118: true,
}

// DefaultValence is the lowest allowed valence of an element, -1 where any valence is allowed.
func DefaultValence(number int) int {
	if number < 0 || number > Max || len(Table[number].Valence) == 0 {
		return -1
	}
	return int(Table[number].Valence[0])
}

// ValenceShift is the change of the allowed valences of an element by a charge: N+ bonds like C, B- like C, and a charged carbon of either
// sign has one bond less.
func ValenceShift(number uint8, charge int8) int {
	c := int(charge)
	if Early[number] || number == 6 && c > 0 {
		return -c
	}
	return c
}

// Settle lowers twice the bond order sum of an aromatic atom to an allowed valence if one lies within one and a half
// bonds below it.
func Settle(number uint8, charge int8, twice int) int {
	allowed, shift := Table[number].Valence, ValenceShift(number, charge)
	if len(allowed) == 0 || twice <= 2*(int(allowed[0])+shift) {
		return twice
	}
	near := 0
	for k, v := range allowed {
		if v < 0 {
			break
		}
		if t := 2 * (int(v) + shift); k == 0 || t <= twice {
			near = t
		}
	}
	if twice-near <= 3 {
		return near
	}
	return twice
}

// MissingHydrogens is the number of hydrogens between valence v and the next allowed one. Aromatic atoms take hydrogens
// up to the default valence only. The second result is false if v exceeds all allowed valences.
func MissingHydrogens(number uint8, charge int8, aromatic bool, v int) (int, bool) {
	allowed, shift := Table[number].Valence, ValenceShift(number, charge)
	for k, w := range allowed {
		if w < 0 {
			return 0, true
		}
		t := int(w) + shift
		switch {
		case aromatic && k > 0:
			if v == t {
				return 0, true
			}
		case v <= t:
			return t - v, true
		}
	}
	return 0, false
}
