package onnx

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Translator adds the ONNX nodes of an op to the model and returns the name of their result.
// A panic in it becomes an error of Save and Write.
type Translator func(c *Call) (output string, err error)

// Call is an op of the network for a Translator to translate. Only this package creates Calls: one that you create yourself adds nothing.
type Call struct {
	// Op and Attrs are the name and the parameters of the op; see ops.Def. Attrs is nil for an op of another package.
	Op    string
	Attrs []any
	// Inputs are the names of the op's inputs, and Shapes their shapes for a batch of one row.
	Inputs []string
	Shapes []tensor.Shape

	name  string // of the op in the model
	node  *G.Node
	nodes []*G.Node // the inputs
	e     *exporter
}

// Add adds a node of the given ONNX op type and returns the name of its output.
func (c *Call) Add(opType string, inputs []string, attrs ...Attr) string {
	if c == nil || c.e == nil {
		return ""
	}
	name := c.e.unique(c.name)
	c.e.nodes = append(c.e.nodes, node{name: name, op: opType, inputs: inputs, output: name, attrs: attrs})
	return name
}

// Constant adds a constant and returns its name. No shape means a scalar. It returns "", which is not a value of the model, if the shape
// does not have as many elements as values.
func (c *Call) Constant(values []float32, shape ...int) string {
	if c == nil || c.e == nil || !fits(shape, len(values)) {
		return ""
	}
	return c.e.constant(c.e.unique(c.name+"/constant"), shape, values)
}

// fits reports whether a shape has n elements.
func fits(shape []int, n int) bool {
	size := 1
	for _, d := range shape {
		if d < 1 || size > n/d {
			return false
		}
		size *= d
	}
	return size == n
}

// Op translates an op into a single ONNX op of that type, with the same inputs.
func Op(opType string, attrs ...Attr) Translator {
	return func(c *Call) (string, error) {
		if c == nil {
			return "", errors.Errorf("%s: the call is nil", opType)
		}
		return c.Add(opType, c.Inputs, attrs...), nil
	}
}

// The constants of SELU (Klambauer et al. 2017, Eq. 14).
const (
	lambda = 1.0507009873554804934193349852946
	alpha  = 1.6732632423543772848170429916717
)

// builtin holds the translations of the ops of package ops that occur in evaluation graphs, but for activations.
var builtin = map[string]Translator{
	"Add":           Op("Add"),
	"Affine":        Op("Gemm"),
	"BatchNormEval": withEps("BatchNormalization"),
	"Gate":          gate,
	"LayerNorm":     withEps("LayerNormalization", Int("axis", -1)),
}

// withEps translates an op whose parameter is the epsilon added to a variance.
func withEps(opType string, attrs ...Attr) Translator {
	return func(c *Call) (string, error) {
		if len(c.Attrs) != 1 {
			return "", errors.Errorf("parameters %v, want one", c.Attrs)
		}
		eps, ok := c.Attrs[0].(float64)
		if !ok {
			return "", errors.Errorf("parameter %v, want a number", c.Attrs[0])
		}
		return c.Add(opType, c.Inputs, append([]Attr{Float("epsilon", eps)}, attrs...)...), nil
	}
}

// gate translates t h + (1 - t) x.
func gate(c *Call) (string, error) {
	t, h, x := c.Inputs[0], c.Inputs[1], c.Inputs[2]
	opened := c.Add("Mul", []string{t, h})
	closed := c.Add("Sub", []string{c.Constant([]float32{1}), t})
	return c.Add("Add", []string{opened, c.Add("Mul", []string{closed, x})}), nil
}
