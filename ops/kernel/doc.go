// Package kernel implements the ops on plain slices: matrix product, activations, noise, normalization, losses and
// optimizer updates, for float32 and float64.
//
// # Invariants
//
// Destination and source slices have the same length unless a comment states otherwise; a kernel panics when they do not,
// because that is a bug in its caller. Sources are never written to. A destination may be the same slice as a source of
// the same length in the elementwise kernels, and nowhere else. Nothing outside the slices is read or written.
//
// Results depend neither on the number of threads nor on where a slice begins in memory: work is split by output, and sums are taken in a
// fixed order.
//
// For float32 there are kernels in assembly for AVX-512, for AVX2 and for NEON. Plain Go loops do everything else, including float64. Products are
// rounded before they are added, also in the plain loops, where a conversion keeps the compiler from fusing the two. So all variants agree
// to the bit, except for matrix products, convolutions, activations with an exponential, normalization of rows and the losses, which agree up to
// rounding.
package kernel
