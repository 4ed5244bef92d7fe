package kernel

import "math"

const (
	log2e = 1 / math.Ln2
	// Ln 2 in two parts: the product of ln2Hi and a small integer is exact.
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10
)

// expm1Neg is e^x - 1 for x <= 0, with the precision of a float32 or better. It is NaN for NaN.
// It computes in float64, where a short polynomial is exact enough.
func expm1Neg(x float32) float64 {
	if !(x > -18) { // e^-18 is below half a unit in the last place of 1
		if x != x {
			return math.NaN()
		}
		return -1
	}
	k := math.Floor(float64(x)*log2e + 0.5)
	return scaledExpm1(float64(x)-k*ln2Hi-k*ln2Lo, k)
}

// scaledExpm1 is 2^k e^r - 1 for |r| <= ln(2)/2.
func scaledExpm1(r, k float64) float64 {
	scale := math.Float64frombits(uint64(1023+int64(k)) << 52)
	return scale*expm1Taylor(r) + (scale - 1)
}

// expm1Taylor is e^r - 1 for |r| <= ln(2)/2, with a relative error below 1e-11.
func expm1Taylor(r float64) float64 {
	p := 1 + r*(1./10)
	p = 1 + r*(1./9)*p
	p = 1 + r*(1./8)*p
	p = 1 + r*(1./7)*p
	p = 1 + r*(1./6)*p
	p = 1 + r*(1./5)*p
	p = 1 + r*(1./4)*p
	p = 1 + r*(1./3)*p
	p = 1 + r*(1./2)*p
	return r * p
}
