// Package ops holds Gorgonia ops with symbolic gradients for self-normalizing networks: SELU, alpha dropout, affine maps,
// batch normalization and the losses on logits.
//
// Every op works on float32 and float64 nodes, on tape machines and Lisp machines. It owns its output buffer and reuses it
// at every run, so a value read after a run is overwritten by the next one. Inputs are never written to.
// A machine must not be run by two goroutines at a time, and neither may two machines on the same graph.
//
// # A new op
//
// An elementwise activation is a formula and its slope:
//
//	var softsign = ops.Elementwise{
//		Name:  "Softsign",
//		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
//		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
//	}
//
//	func Softsign(x *G.Node) (*G.Node, error) { return softsign.Apply(x) }
//
// Any other op is a [Def]: its name, the parameters that change its result, its shape, its loop for each dtype, and its
// gradient as a list of steps that are ops themselves. Package opstest says whether it is right.
package ops
