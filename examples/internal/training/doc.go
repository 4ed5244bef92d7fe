// Package training is the program behind examples/tabular and examples/tox21: it trains one network or an ensemble, prints and saves the
// results, and predicts with saved networks. A program adds the rest: how to read its data, and how to evaluate and show its results.
package training
