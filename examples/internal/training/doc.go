// Package training is the program behind examples/tabular and examples/tox21: it trains one network or an ensemble, prints and saves the
// results, and predicts with saved networks. A program adds the rest: how its data are read, and how its results are judged
// and shown.
package training
