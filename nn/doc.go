// Package nn holds layers and their weights. A layer is plain data with sensible zero values. It keeps no state: while it adds itself to a
// Gorgonia graph, it asks a [Binder] for its parameters, by name and shape. The same [Params] can be bound to any number of graphs, for
// training and for evaluation.
//
//	net := nn.Sequential{
//		nn.Dense{Units: 64, Activation: ops.SELU},
//		nn.AlphaDropout{Rate: 0.05},
//		nn.Dense{Units: 3},
//	}
//
// Any type with a Forward method is a layer.
package nn
