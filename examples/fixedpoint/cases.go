package main

import (
	"math"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// activation is an activation function: its form in the theory, and its op.
type activation struct {
	name   string
	theory theory.Activation
	op     nn.Activation
}

var (
	selu     = activation{"SELU", theory.SELU, ops.SELU}
	elu      = activation{"ELU", theory.ELU, ops.ELU}
	relu     = activation{"ReLU", theory.ReLU, ops.ReLU}
	tanh     = activation{"tanh", theory.Function{F: math.Tanh, Slope: sech2}, ops.Tanh}
	sigmoid  = activation{"sigmoid", theory.Function{F: logistic}, ops.Sigmoid}
	gelu     = activation{"GELU", theory.Function{F: func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }}, ops.GELU}
	silu     = activation{"SiLU", theory.Function{F: func(x float64) float64 { return x * logistic(x) }}, ops.SiLU}
	softplus = activation{"softplus", theory.Function{F: func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }}, ops.Softplus}
	serlu    = activation{"SERLU", theory.Function{F: serluAt, Slope: serluSlope, Kinks: []float64{0}}, ops.SERLU}
	tanhGPN  = activation{"tanh GPN", theory.Function{F: tanhGPNAt, Slope: func(x float64) float64 { return kernel.TanhGPNScale * sech2(x) }}, ops.TanhGPN}
)

// serluAt is SERLU (Zhang and Li 2018).
func serluAt(x float64) float64 {
	if x > 0 {
		return kernel.SERLULambda * x
	}
	return kernel.SERLULambda * kernel.SERLUAlpha * x * math.Exp(x)
}

func serluSlope(x float64) float64 {
	if x > 0 {
		return kernel.SERLULambda
	}
	return kernel.SERLULambda * kernel.SERLUAlpha * (1 + x) * math.Exp(x)
}

// tanhGPNAt is tanh, Gaussian-Poincaré normalized (Lu et al. 2020), and sech2 the slope of tanh.
func tanhGPNAt(x float64) float64 { return kernel.TanhGPNScale*math.Tanh(x) + kernel.TanhGPNShift }
func sech2(x float64) float64     { return 1 / (math.Cosh(x) * math.Cosh(x)) }

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// initialization draws weights with these omega and tau in expectation.
type initialization struct {
	name    string
	weights theory.Weights
	init    nn.Initializer
}

var (
	lecun = initialization{"LeCun", theory.LeCun, nn.LeCunNormal}
	he    = initialization{"He", theory.He, nn.HeNormal}
)

// network is a deep network of equal layers.
type network struct {
	activation
	initialization
}

func (n network) name() string { return n.activation.name + ", " + n.initialization.name }

// layer is the moment map over all units and rows, for random weights.
func (n network) layer() theory.Layer {
	return theory.Layer{Activation: n.theory, Weights: n.weights, Pooled: true}
}

// networks are built and run beside the map; judged are the networks of the table of fixed points.
var (
	networks = []network{{selu, lecun}, {elu, lecun}, {tanh, lecun}, {relu, he}, {relu, lecun}, {serlu, lecun}, {tanhGPN, lecun}}
	judged   = append(networks, network{gelu, lecun}, network{gelu, he}, network{silu, lecun}, network{silu, he}, network{softplus, lecun}, network{sigmoid, lecun})
)
