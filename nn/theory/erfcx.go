package theory

import "math"

// erfcx returns the scaled complementary error function e^(x^2) erfc(x), for x >= 0, with a relative error below 2e-15.
// It does not overflow or underflow where the factors do.
//
// Up to 10 it is the product, corrected for the rounding error of x^2. Above 10 it is the continued fraction 1/sqrt(pi) 1/(x + (1/2)/(x +
// 1/(x + (3/2)/(x + ...)))) (DLMF 7.9.1); ten levels suffice there.
func erfcx(x float64) float64 {
	if x <= 10 {
		square := x * x
		return math.Exp(square) * (1 + math.FMA(x, x, -square)) * math.Erfc(x)
	}
	below := x
	for k := 10; k >= 1; k-- {
		below = x + float64(k)/2/below
	}
	return 1 / (math.SqrtPi * below)
}
