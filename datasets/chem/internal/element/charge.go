package element

import "strconv"

// AppendCharge appends a formal charge in the way that formulas and SMILES share: +, -, +2, -3, nothing for 0.
func AppendCharge(out []byte, charge int) []byte {
	if charge == 0 {
		return out
	}
	sign := byte('+')
	if charge < 0 {
		sign, charge = '-', -charge
	}
	out = append(out, sign)
	if charge > 1 {
		out = strconv.AppendInt(out, int64(charge), 10)
	}
	return out
}
