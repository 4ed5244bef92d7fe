// Package graphs defines networks. A [Network] is a layer with its weights, inputs, outputs and loss: [New] creates one, [Network.Save] and
// [Load] write it to a file and read it back, and package train trains it. The package also contains the networks of the paper.
//
// Below that, [Build] turns a layer and parameters into a Gorgonia graph with inputs, output, loss and gradients. A graph is for one
// mode, because a Gorgonia machine switches the mode of a whole graph, and for one batch size, because its shapes are fixed. All graphs
// of a network share its parameters.
package graphs
