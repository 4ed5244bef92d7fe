// Package pipelines has the two Beam pipelines of this module: [Trials] runs the trials of a search, and [Screen] predicts files.
//
// Processes of a program of Selfnorm do the work, a fixed number at a time, whatever the sizes of the bundles that a runner makes. So what computes is the same program as on one machine, and a trial that exhausts the memory or crashes takes neither the
// worker of Beam nor the rest of its bundle with it. A worker of a cluster needs that program, and its data or model, at the same paths.
package pipelines
