// Package opstest is a conformance kit for Gorgonia ops: one call checks everything that an op guarantees.
//
//	func TestSoftsign(t *testing.T) {
//		opstest.Check(t, opstest.Case{Op: Softsign})
//	}
//
// For float32 and float64 it checks that the gradient equals central differences, that symbolic and automatic
// differentiation agree, that extreme inputs give finite results and NaN stays NaN, that inputs are not written to, that a
// second run gives the same result without allocating, that row order does not matter, that different configurations have
// different hashes, and that wrong shapes and mixed dtypes give errors that name the op and the shapes.
//
// For a loss, labels and weights are inputs without a gradient: list them as Constant, with values that the loss accepts.
//
// A property that cannot be checked fails the test instead of skipping: a gradient that is never compared may be wrong.
package opstest
