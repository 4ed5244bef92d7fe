package nn

import (
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"
)

// Initializer fills the elements of a new parameter of the given shape, row-major. A weight matrix has the shape
// (fan-in, fan-out), filters have the shape (units, channels, height, width) and the fan-in channels x height x width. The initializers of this package leave values unchanged if r is nil.
type Initializer func(r *rand.Rand, values []float64, shape tensor.Shape)

// Constant fills with x.
func Constant(x float64) Initializer {
	return func(_ *rand.Rand, values []float64, _ tensor.Shape) {
		for i := range values {
			values[i] = x
		}
	}
}

// Zeros and Ones fill with 0 and 1.
var (
	Zeros = Constant(0)
	Ones  = Constant(1)
)

// LeCunNormal draws from a normal distribution with mean 0 and variance 1/fan-in: omega = 0 and tau = 1 in expectation,
// the condition of self-normalizing networks (Klambauer et al. 2017, section "Initialization").
func LeCunNormal(r *rand.Rand, values []float64, shape tensor.Shape) {
	normal(r, values, 1/float64(fanIn(shape)))
}

// LeCunNormalTruncated is LeCunNormal truncated at two standard deviations. Its scale is divided by the standard deviation of a
// standard normal truncated at 2, 0.87962566103423978, so that the variance is still 1/fan-in.
func LeCunNormalTruncated(r *rand.Rand, values []float64, shape tensor.Shape) {
	const truncated = 0.87962566103423978
	sd := math.Sqrt(1/float64(fanIn(shape))) / truncated
	for i := range values {
		if r == nil {
			break
		}
		x := r.NormFloat64()
		for math.Abs(x) > 2 {
			x = r.NormFloat64()
		}
		values[i] = sd * x
	}
}

// LeCunUniform draws uniformly from +-sqrt(3/fan-in): mean 0 and variance 1/fan-in, as LeCunNormal (LeCun et al. 1998, Eq. 16, for any distribution).
func LeCunUniform(r *rand.Rand, values []float64, shape tensor.Shape) {
	uniform(r, values, math.Sqrt(3/float64(fanIn(shape))))
}

// HeNormal draws from a normal distribution with mean 0 and variance 2/fan-in, for ReLU networks
// (He et al. 2015, "Delving deep into rectifiers", Eq. 10).
func HeNormal(r *rand.Rand, values []float64, shape tensor.Shape) {
	normal(r, values, 2/float64(fanIn(shape)))
}

// GlorotNormal draws from a normal distribution with mean 0 and variance 2/(fan-in + fan-out)
// (Glorot and Bengio 2010, Eq. 12).
func GlorotNormal(r *rand.Rand, values []float64, shape tensor.Shape) {
	normal(r, values, 2/float64(fanIn(shape)+fanOut(shape)))
}

// GlorotUniform draws uniformly from +-sqrt(6/(fan-in + fan-out)) (Glorot and Bengio 2010, Eq. 16).
func GlorotUniform(r *rand.Rand, values []float64, shape tensor.Shape) {
	uniform(r, values, math.Sqrt(6/float64(fanIn(shape)+fanOut(shape))))
}

func uniform(r *rand.Rand, values []float64, limit float64) {
	for i := range values {
		if r == nil {
			break
		}
		values[i] = limit * (2*r.Float64() - 1)
	}
}

// StandardNormal draws from a normal distribution with mean 0 and variance 1, for the vectors of an Embedding.
func StandardNormal(r *rand.Rand, values []float64, _ tensor.Shape) { normal(r, values, 1) }

func normal(r *rand.Rand, values []float64, variance float64) {
	if r == nil {
		return
	}
	sd := math.Sqrt(variance)
	for i := range values {
		values[i] = sd * r.NormFloat64()
	}
}

// fanIn is the number of inputs of a unit: the rows of a matrix (inputs, units), or all but the first dimension of filters (units, channels,
// height, width).
func fanIn(shape tensor.Shape) int {
	switch len(shape) {
	case 0:
		return 1
	case 1, 2:
		return shape[0]
	}
	return size(shape[1:])
}

// fanOut is the number of outputs that an input reaches.
func fanOut(shape tensor.Shape) int {
	switch len(shape) {
	case 0, 1:
		return 1
	case 2:
		return shape[1]
	}
	return size(shape[2:]) * shape[0]
}

func size(shape tensor.Shape) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
