package onnx

import (
	"math"

	"github.com/pkg/errors"
)

// activations holds the translations of activations and of RMSNorm into opset 17, by the name of the op in package ops. A user's op of the same name may
// be another formula, so it does not get them.
var activations = map[string]Translator{
	"ELU":            Op("Elu", Float("alpha", 1)),
	"GELU":           gelu,
	"GELUTanh":       geluTanh,
	"HardSigmoid":    Op("HardSigmoid", Float("alpha", 1./6), Float("beta", 0.5)),
	"HardSwish":      Op("HardSwish"),
	"HardTanh":       hardTanh,
	"LeakyReLU":      leakyReLU,
	"Mish":           mish,
	"ParametricSELU": parametricSELU,
	"PReLU":          Op("PRelu"),
	"ReLU":           Op("Relu"),
	"RMSNorm":        rmsNorm,
	"SELU":           selu,
	"SELUOf":         seluOf,
	"SERLU":          serlu,
	"Sigmoid":        Op("Sigmoid"),
	"SiLU":           silu,
	"Softplus":       Op("Softplus"),
	"Tanh":           Op("Tanh"),
	"TanhGPN":        tanhGPN,
}

// numbers returns the parameters of an op.
func (c *Call) numbers(count int) ([]float64, error) {
	if len(c.Attrs) != count {
		return nil, errors.Errorf("parameters %v, want %d", c.Attrs, count)
	}
	values := make([]float64, count)
	for i, a := range c.Attrs {
		x, ok := a.(float64)
		if !ok {
			return nil, errors.Errorf("parameter %v, want a number", a)
		}
		values[i] = x
	}
	return values, nil
}

// scalar adds a constant.
func (c *Call) scalar(x float64) string { return c.Constant([]float32{float32(x)}) }

// two adds an op of two values.
func (c *Call) two(op, x, y string) string { return c.Add(op, []string{x, y}) }

// one adds an op of one value.
func (c *Call) one(op, x string, attrs ...Attr) string { return c.Add(op, []string{x}, attrs...) }

func selu(c *Call) (string, error) {
	return c.one("Selu", c.Inputs[0], Float("alpha", alpha), Float("gamma", lambda)), nil
}

func seluOf(c *Call) (string, error) {
	p, err := c.numbers(2)
	if err != nil {
		return "", err
	}
	return c.one("Selu", c.Inputs[0], Float("alpha", p[1]), Float("gamma", p[0])), nil
}

func leakyReLU(c *Call) (string, error) {
	p, err := c.numbers(1)
	if err != nil {
		return "", err
	}
	return c.one("LeakyRelu", c.Inputs[0], Float("alpha", p[0])), nil
}

// gelu translates x/2 (1 + erf(x/sqrt 2)). The op Gelu needs opset 20.
func gelu(c *Call) (string, error) {
	x := c.Inputs[0]
	y := c.one("Erf", c.two("Mul", x, c.scalar(1/math.Sqrt2)))
	return c.two("Mul", c.two("Mul", x, c.scalar(0.5)), c.two("Add", y, c.scalar(1))), nil
}

// geluTanh translates x sigmoid(u) with u = 2 sqrt(2/pi) (x + 0.044715 x^3), which is x/2 (1 + tanh(u/2)).
func geluTanh(c *Call) (string, error) {
	x, linear := c.Inputs[0], 2*math.Sqrt(2/math.Pi)
	ratio := c.two("Add", c.two("Mul", c.two("Mul", x, x), c.scalar(0.044715*linear)), c.scalar(linear))
	return c.two("Mul", x, c.one("Sigmoid", c.two("Mul", x, ratio))), nil
}

func silu(c *Call) (string, error) {
	return c.two("Mul", c.Inputs[0], c.one("Sigmoid", c.Inputs[0])), nil
}

// mish translates x tanh(softplus(x)). The op Mish needs opset 18.
func mish(c *Call) (string, error) {
	return c.two("Mul", c.Inputs[0], c.one("Tanh", c.one("Softplus", c.Inputs[0]))), nil
}

func hardTanh(c *Call) (string, error) {
	return c.Add("Clip", []string{c.Inputs[0], c.scalar(-1), c.scalar(1)}), nil
}

// serlu translates λ max(x, 0) + λ α m e^m with m = min(x, 0).
func serlu(c *Call) (string, error) {
	positive := c.one("Relu", c.Inputs[0])
	m := c.two("Sub", c.Inputs[0], positive)
	bump := c.two("Mul", c.two("Mul", m, c.one("Exp", m)), c.scalar(serluLambda*serluAlpha))
	return c.two("Add", c.two("Mul", positive, c.scalar(serluLambda)), bump), nil
}

// tanhGPN translates a tanh(x) + b.
func tanhGPN(c *Call) (string, error) {
	return c.two("Add", c.two("Mul", c.one("Tanh", c.Inputs[0]), c.scalar(gpnScale)), c.scalar(gpnShift)), nil
}

// The constants of SERLU and TanhGPN; see package ops/kernel.
const (
	serluLambda = 1.0786182835772267059268666118459430502396473501567
	serluAlpha  = 2.9042712333296918229218571276063625361021615111333
	gpnScale    = 1.46741359163079514963804741562603444172122459
	gpnShift    = 0.388541670067127921839608575494751026324981471
)

// parametricSELU translates x + (selu(x) - x) w.
func parametricSELU(c *Call) (string, error) {
	y, err := selu(c)
	if err != nil {
		return "", err
	}
	x, w := c.Inputs[0], c.Inputs[1]
	return c.two("Add", x, c.two("Mul", c.two("Sub", y, x), w)), nil
}

// rmsNorm translates gain x / sqrt(mean(x^2) + eps). The mean over a row is a product with a column of 1/d, so it needs no axes, which later opsets
// pass in another way.
func rmsNorm(c *Call) (string, error) {
	p, err := c.numbers(1)
	if err != nil {
		return "", err
	}
	x, d := c.Inputs[0], c.Shapes[0][1]
	share := make([]float32, d)
	for i := range share {
		share[i] = float32(1 / float64(d))
	}
	mean := c.two("MatMul", c.two("Mul", x, x), c.Constant(share, d, 1))
	root := c.one("Sqrt", c.two("Add", mean, c.scalar(p[0])))
	return c.two("Mul", c.two("Div", x, root), c.Inputs[1]), nil
}
