// Package theory answers the question "will my network normalize itself?" before any training.
//
// Klambauer et al. 2017 follow mean and variance of the activations from layer to layer. A unit with inputs of mean mu and variance nu,
// and weights with sum omega and sum of squares tau, sees z ~ N(mu omega, nu tau). The moment map g sends (mu, nu) to the mean and variance of f(z).
// If g has an attracting fixed point, every layer draws the moments towards it, and a deep network keeps them there.
//
// A [Layer] is the map of an activation and weights: it maps moments, iterates through a network, and finds the fixed point with the rate of
// convergence. [Params] are the SELU, ELU and ReLU family, in closed form; [Function] is any other activation, by quadrature.
// [Solve] finds the SELU with a given fixed point, and [Params.AlphaDropout] the dropout that keeps it.
// [JudgeOp] judges your own activation in one call, and [NormalizeOp] scales it so that it normalizes itself.
// [Network.Signals] follows gradients back through the layers, and [Network.Rows] two rows forward: do they stay different?
// [Prove] proves the theorems of the paper in interval arithmetic, and [Prover.ProveGlobal] that activations normalize themselves from far away.
// [Prover.ProveFixedPoint] proves theorems about any other fixed point of a SELU.
package theory
