// Package graphs turns a model into Gorgonia graphs: model, batch size, mode and loss give a graph with its inputs, outputs,
// gradients and parameters. It also holds the networks of the paper.
//
// A graph has one mode, because a Gorgonia machine switches the mode of a whole graph, and one batch size, because shapes
// are fixed when it is built. [Cache] builds one graph for each mode and size that is asked for; all share the parameters.
package graphs
