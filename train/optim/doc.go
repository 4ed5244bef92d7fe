// Package optim updates the parameters of a network: rules (SGD, Adam and others), schedules of the learning rate, clipping,
// settings for groups of parameters, accumulation of gradients, and averages of weights.
//
// A [Rule] is a value that holds settings and no state, so you can use one for any number of runs. An [Optimizer], made by New, holds the
// state of one run: package train makes one for each run and saves it in checkpoints. In your own Gorgonia program, use it as a
// gorgonia.Solver.
//
// In all rules, a field that is 0 or nil means the default, which is PyTorch's. Where an explicit 0 is meaningful and is not the
// default, the field is a pointer: new(0.0) is zero and new(0.8) is 0.8.
//
// Results equal PyTorch's, and are bit-equal for any number of threads.
package optim
