package interval

import (
	"math"
	"math/big"
)

// The references of the tests: exact rational arithmetic, and series summed with enough bits.

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// ratContains reports whether a contains the exact number x.
func ratContains(a Interval, x *big.Rat) bool {
	above := math.IsInf(a.Lo, -1) || !math.IsInf(a.Lo, 0) && a.Lo == a.Lo && rat(a.Lo).Cmp(x) <= 0
	below := math.IsInf(a.Hi, 1) || !math.IsInf(a.Hi, 0) && a.Hi == a.Hi && rat(a.Hi).Cmp(x) >= 0
	return above && below
}

// bigContains reports whether a contains x, the value of a function with hundreds of bits.
func bigContains(a Interval, x *big.Float) bool {
	return big.NewFloat(a.Lo).Cmp(x) <= 0 && big.NewFloat(a.Hi).Cmp(x) >= 0
}

func newBig(prec uint, x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }

// bigExp returns e^x: the Taylor series of x/2^n, squared n times.
func bigExp(x *big.Float) *big.Float {
	prec := x.Prec()
	n := max(x.MantExp(nil)+8, 0)
	work := prec + uint(2*n) + 64
	r := new(big.Float).SetPrec(work).Set(x)
	r.SetMantExp(r, -n)
	sum, term := newBig(work, 1), newBig(work, 1)
	for i := 1; term.Sign() != 0 && term.MantExp(nil) > -int(work); i++ {
		term.Mul(term, r)
		term.Quo(term, newBig(work, float64(i)))
		sum.Add(sum, term)
	}
	for range n {
		sum.Mul(sum, sum)
	}
	return new(big.Float).SetPrec(prec).Set(sum)
}

// bigPi returns pi by Machin's formula, 16 arctan(1/5) - 4 arctan(1/239).
func bigPi(prec uint) *big.Float {
	arctan := func(inverse float64) *big.Float {
		x := newBig(prec, inverse)
		term := new(big.Float).SetPrec(prec).Quo(newBig(prec, 1), x)
		sum := newBig(prec, 0)
		square := newBig(prec, inverse*inverse)
		for i := 0; term.MantExp(nil) > -int(prec); i++ {
			t := new(big.Float).SetPrec(prec).Quo(term, newBig(prec, float64(2*i+1)))
			if i%2 == 1 {
				t.Neg(t)
			}
			sum.Add(sum, t)
			term.Quo(term, square)
		}
		return sum
	}
	a, b := arctan(5), arctan(239)
	a.Mul(a, newBig(prec, 16))
	b.Mul(b, newBig(prec, 4))
	return a.Sub(a, b)
}

// bigErfcx returns e^(x^2) erfc(x) from the alternating series of erf (DLMF 7.6.1), which the package does not use. Its
// terms grow to e^(x^2) before they fall, and erfc cancels as many bits again.
func bigErfcx(x float64) *big.Float {
	prec := uint(300 + 5*x*x)
	z := newBig(prec, x)
	square := new(big.Float).SetPrec(prec).Mul(z, z)
	term := newBig(prec, x) // (-1)^n x^(2n+1) / n!
	sum := newBig(prec, x)
	for n := 1; term.Sign() != 0 && term.MantExp(nil) > -int(prec); n++ {
		term.Mul(term, square)
		term.Quo(term, newBig(prec, float64(-n)))
		sum.Add(sum, new(big.Float).SetPrec(prec).Quo(term, newBig(prec, float64(2*n+1))))
	}
	root := new(big.Float).SetPrec(prec).Sqrt(bigPi(prec))
	sum.Mul(sum, newBig(prec, 2))
	sum.Quo(sum, root)
	sum.Sub(newBig(prec, 1), sum)
	return sum.Mul(sum, bigExp(square))
}
