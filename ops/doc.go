// Package ops holds Gorgonia ops with symbolic gradients for self-normalizing networks: SELU, alpha dropout, affine maps and
// normalization, and ops that move, join and add elements. Package loss holds the losses. docs/gorgonia.md lists the traps of Gorgonia.
//
// Every op works on float32 and float64 nodes, on tape machines and Lisp machines. It owns its output buffer and reuses it in each run, so
// copy any value that you need after the next run. Ops never write to their inputs. If an op panics, the run returns an error; [Cause]
// extracts the error of an op from that of a machine. Run a machine on one goroutine at a time, and only one machine on a graph at a time.
//
// # Identity
//
// Two ops on the same inputs become one node only if they are equal. Built-in ops are equal if their attributes are. Your
// own [Def] equals another if both have the same name, the same [Def.ID] and the same attributes; without an ID it equals no other.
// An [Elementwise] equals another that has the same name, attributes and functions.
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
// gradient as a list of steps, which are ops too. [SameShape], [ShapeOf], [RowOf], [ScalarOf] and [BroadcastShape] give its shape, and
// [CheckMatrix], [CheckVector], [CheckDims], [Axis] and [Axes] check those of its inputs. The functions whose names end in Def, such as
// [MatMulDef], are steps for gradients. Package opstest checks the op.
package ops
