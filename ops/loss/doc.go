// Package loss holds the losses as ops with symbolic gradients, for float32 and float64.
//
// A loss is a scalar: the weighted mean, sum(w l) / sum(w), of the losses l of the labels. Those are the elements, or the rows
// for losses of classes. The weights w are an input, or nil for weights of 1. A label of weight 0 is missing: it is ignored,
// even if it is NaN, and if all are missing, loss and gradient are 0. Any other label or weight that makes no sense stops the
// run with an error that names its row and column: [ops.Cause] returns it from the error of a Gorgonia machine, and errors.As
// finds the [LabelError].
//
// Two losses on the same inputs are one node if they have the same name and the same settings.
//
// The package uses only what package ops exports, so your own loss can be written in the same way. Package opstest checks it.
package loss

// own is the [ops.Def] ID of every op of this package: they are equal if their names and attributes are, and a loss of
// the same name from another package is another op.
type own struct{}
