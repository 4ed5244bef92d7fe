// Package opstest is a conformance kit for Gorgonia ops: one call checks everything that an op guarantees.
//
//	func TestSoftsign(t *testing.T) {
//		opstest.Check(t, opstest.Case{Op: Softsign})
//	}
//
// The first line of a failure names the op and its fault, with a guess at the cause; further lines are examples. For a slope with a slip
// in its third digit:
//
//	Softsign: the slope is too large by 0.1 % at all points (at x = -1: 0.25025, want 0.25)
//	    at x = 0.379445: 0.526048, want 0.525522
//	    at x = 0.074738: 0.86662, want 0.865754
//	    ...
//
// A fault is reported once. The properties are checked in an order, the most basic first, and what depends on one that does not hold is
// not checked: mend the first fault, and run the test again. A panic of the op is a failure that names the line of code, and so is a call
// that takes half a minute.
//
// # What is checked
//
// For float32 and float64, on the inputs of the case, on batches of other sizes and on other shapes that the op accepts:
//
//   - The definition is complete, with a gradient for each input that the output depends on. Wrong shapes and mixed dtypes are errors.
//   - A run writes all of its output and nothing else, whatever the buffer held before. It gives the same again, and allocates nothing.
//   - Rows, and elements of an elementwise op, give the same in each place, in a batch of 1, 2, 3 and thousands of rows, under 1 to 4 threads.
//   - Output and gradient are finite up to Case.Extreme, and NaN stays NaN, in its row. float32 agrees with float64.
//   - The gradients equal central differences, over a range of inputs. The slope of an elementwise op jumps at Case.Kinks only.
//   - Nothing is kept in memory that Gorgonia overwrites, nor shared by two nodes. The op works on a tape machine and on a Lisp machine, alone and
//     between ops of Gorgonia.
//   - Ops with different parameters are different nodes: those of Case.Variants, and, where there are none, those that would differ in a number
//     that the op uses and neither its attributes nor its ID hold.
//   - Noise depends on the seed, the step and the element, and is the same in the backward pass.
//   - The op can be saved and exported, if Case.Export asks.
//
// The rows of the output may depend on all rows of the batch, as those of a batch norm do, but then on all in the same way. A batch
// or shape that the op refuses with an error is not checked.
//
// For a loss, labels and weights are inputs without a gradient: list them as Constant, with values that the loss accepts.
package opstest
