package optim

import (
	"math"

	"gorgonia.org/tensor"
)

// NeuralTangent returns the rate factor with which Adam trains a weight matrix as if the product with it were divided by the root of the number of its
// inputs, the neural-tangent parametrization: 1 / sqrt(inputs) of a shape (inputs, units). Adam's steps do not depend on the scale of the gradients, so a
// weight of variance 1 / inputs that moves by rate / sqrt(inputs) is one of variance 1 that moves by rate (Holzmüller et al. 2024, "Better by default").
// Nothing is added to the graph, as it is with the field of nn.Dense. For other shapes it is 1.
func NeuralTangent(shape tensor.Shape) float64 {
	if len(shape) != 2 || shape[0] < 1 {
		return 1
	}
	return 1 / math.Sqrt(float64(shape[0]))
}
