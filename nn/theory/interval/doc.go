// Package interval computes with closed intervals of float64 such that the exact result is always inside: if x is in X
// and y in Y, then x op y is in op(X, Y), and f(x) is in f(X).
//
// Assumptions: float64 is IEEE 754 binary64, and +, -, *, / and [math.Sqrt] round to nearest, as the Go specification and the math package
// guarantee. Then the exact value lies between the neighbours of the rounded one, and each operation returns those neighbours. Every
// operand of a sum is a variable or an explicit float64 conversion, so the compiler must not fuse operations. [math.Ldexp] is trusted to be
// exact (outside the subnormal range).
//
// The accuracy of the math package is not assumed. [Exp] and [Erfcx] are a Taylor series, a series of positive terms and a
// continued fraction, evaluated with the operations of this package, each with a proven bound of the remainder.
//
// A function outside its domain returns an interval with a NaN endpoint. Every comparison with it is false, so it proves nothing.
package interval
