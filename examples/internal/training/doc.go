// Package training is the program behind examples/tabular and examples/tox21: it trains one network or an ensemble, prints and saves the
// results, and predicts with what was saved. A program adds what is special to it: how its data are read, and how its results
// are judged and shown.
package training
