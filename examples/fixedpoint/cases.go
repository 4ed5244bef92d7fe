package main

import (
	"math"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
)

// activation is an activation function: its form in the theory, and its op.
type activation struct {
	name   string
	theory theory.Activation
	op     nn.Activation // nil if there is none in ops: the theory needs the formula only
}

var (
	selu     = activation{"SELU", theory.SELU, ops.SELU}
	elu      = activation{"ELU", theory.ELU, ops.ELU}
	relu     = activation{"ReLU", theory.ReLU, ops.ReLU}
	tanh     = activation{"tanh", theory.Function{F: math.Tanh}, ops.Tanh}
	sigmoid  = activation{"sigmoid", theory.Function{F: logistic}, ops.Sigmoid}
	gelu     = activation{name: "GELU", theory: theory.Function{F: func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 }}}
	silu     = activation{name: "SiLU", theory: theory.Function{F: func(x float64) float64 { return x * logistic(x) }}}
	softplus = activation{name: "softplus", theory: theory.Function{F: func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }}}
)

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
	networks = []network{{selu, lecun}, {elu, lecun}, {tanh, lecun}, {relu, he}, {relu, lecun}}
	judged   = append(networks, network{gelu, lecun}, network{gelu, he}, network{silu, lecun}, network{silu, he}, network{softplus, lecun}, network{sigmoid, lecun})
)
