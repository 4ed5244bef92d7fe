// Package loss holds the losses as ops with symbolic gradients, for float32 and float64.
//
// A loss is a scalar: the weighted mean, sum(w l) / sum(w), of the losses l of the labels. There is one label per element, or one per row
// for losses of classes. The weights w are an input, or nil for weights of 1. A label of weight 0 is missing: it is ignored, even if it is
// NaN, and if all are missing, loss and gradient are 0. Any other label or weight that makes no sense stops the run with an error that
// names its row and column: [ops.Cause] returns it from the error of a Gorgonia machine, and errors.As finds the [LabelError].
//
// Two losses on the same inputs share a node if they have the same name and the same settings.
//
// The package uses only the exported API of package ops, so you can write your own loss in the same way. Package opstest checks it.
package loss

// own is the [ops.Def] ID of every op of this package: ops are equal if their names and attributes are, and a loss with the same name from
// another package is a different op.
type own struct{}
