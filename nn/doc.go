// Package nn holds weights and layers. A layer is plain data, its zero fields are sensible defaults, and it keeps nothing
// between calls: a [Binder] gives it its parameters, by name and shape, while it adds itself to a Gorgonia graph.
// The same [Params] can be bound to any number of graphs, for training and for evaluation.
//
//	net := nn.Sequential{
//		nn.Dense{Units: 64, Activation: ops.SELU},
//		nn.AlphaDropout{Rate: 0.05},
//		nn.Dense{Units: 3},
//	}
//
// Any type with a Forward method is a layer.
package nn
