// Package kernel holds the loops over plain slices that the ops are made of: matrix product, activations, noise,
// normalization, losses and optimizer updates, for float32 and float64.
//
// # Invariants
//
// Destination and source slices have the same length unless a comment says otherwise; a kernel panics when they do not,
// because that is a bug of its caller. Sources are never written to. A destination may be the same slice as a source of
// the same length in the elementwise kernels, and nowhere else.
//
// Results depend on neither the number of threads nor on where a slice begins in memory: work is split by output, and
// sums are taken in one fixed order.
package kernel
