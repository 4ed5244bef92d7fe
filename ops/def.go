package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Def defines an op: all that its author has to say. The rest of what Gorgonia demands is supplied by [Apply].
type Def struct {
	// Name appears in graphs, summaries and errors.
	Name string
	// Attrs are the parameters that change the result: numbers, strings and slices of them. They enter the hash, because
	// Gorgonia merges nodes whose hashes agree. An op with state or noise has an identity among them.
	Attrs []any
	// Shape returns the shape of the output, scalar (tensor.ScalarShape()) for a loss, or an error that says what is wrong
	// with the shapes of the inputs.
	Shape func(in []tensor.Shape) (tensor.Shape, error)
	// Float32 and Float64 compute the output. Usually they are two instances of one generic function.
	Float32 func(*Call[float32]) error
	Float64 func(*Call[float64]) error
	// Gradient returns the backward pass. Nil means that the op is not differentiable.
	Gradient func() Gradient
}

// Call is one run of an op. It is valid during the run only.
type Call[T kernel.Float] struct {
	// In holds the elements of each input, row-major. They must not be written to.
	In [][]T
	// Shapes are the shapes of the inputs.
	Shapes []tensor.Shape
	// Out is the output buffer, with whatever the previous run left in it.
	Out []T
	// Workers is the pool of threads to use.
	Workers *kernel.Workers
}

// Gradient is the backward pass of an op: steps evaluated in order, and which of them is the gradient of which input.
type Gradient struct {
	Steps []Step
	// Of holds for each input the index of the step that is its gradient, or one of the constants below.
	Of []int
}

const (
	// NoGradient marks an input, such as a label, for which an op has no gradient.
	NoGradient = -1
	// PassUpstream marks an input whose gradient is the upstream gradient itself.
	PassUpstream = -2
)

// Step is one op of a backward pass, applied to Args.
type Step struct {
	Def  Def
	Args []Arg
}

// Arg names an operand of a Step.
type Arg struct {
	kind  argKind
	index int
}

type argKind int

const (
	argInput argKind = iota
	argOutput
	argUpstream
	argStep
)

// Output is the output of the op being differentiated.
var Output = Arg{kind: argOutput}

// Upstream is the gradient of the loss with respect to that output.
var Upstream = Arg{kind: argUpstream}

// Input is input i of the op being differentiated.
func Input(i int) Arg { return Arg{argInput, i} }

// Result is the result of step i, which must come before the step that uses it.
func Result(i int) Arg { return Arg{argStep, i} }

// pick returns what a refers to.
func pick[V any](a Arg, inputs []V, output, upstream V, steps []V) V {
	switch a.kind {
	case argInput:
		return inputs[a.index]
	case argOutput:
		return output
	case argUpstream:
		return upstream
	}
	return steps[a.index]
}

// Apply adds the op to the graph of its inputs. All inputs have the same dtype, float32 or float64.
// It returns an error that names the op and the shapes when they do not fit.
func Apply(def Def, inputs ...*G.Node) (node *G.Node, err error) {
	shapes := make([]tensor.Shape, len(inputs))
	for i, n := range inputs {
		if n == nil {
			return nil, errors.Errorf("%s: input %d is nil", def.Name, i)
		}
		shapes[i] = n.Shape()
		if n.Dtype() != inputs[0].Dtype() {
			return nil, errors.Errorf("%s: input %d (%s) is %v, but input 0 (%s) is %v",
				def.Name, i, n.Name(), n.Dtype(), inputs[0].Name(), inputs[0].Dtype())
		}
	}
	if len(inputs) == 0 {
		return nil, errors.Errorf("%s: no inputs", def.Name)
	}
	o, err := newOp(def, inputs[0].Dtype(), shapes)
	if err != nil {
		return nil, err
	}
	// Gorgonia's type and shape code panics on some malformed graphs.
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("%s of shapes %v: %v", def.Name, shapes, r)
		}
	}()
	if node, err = G.ApplyOp(o, inputs...); err != nil {
		return nil, errors.Wrapf(err, "%s of shapes %v", def.Name, shapes)
	}
	// Gorgonia finds equal nodes by a hash of 32 bits and does not compare their operands.
	for i, child := range graph.NodesOf(node.Graph().From(node.ID())) {
		if child != graph.Node(inputs[i]) {
			return nil, errors.Errorf("%s of shapes %v: its hash collides with that of %s; give one of the inputs another name",
				def.Name, shapes, node.Name())
		}
	}
	return node, nil
}

// newOp returns the op for inputs of the given dtype and shapes.
func newOp(def Def, dtype tensor.Dtype, shapes []tensor.Shape) (G.Op, error) {
	for i, s := range shapes {
		if !s.IsScalar() && s.TotalSize() == 0 {
			return nil, errors.Errorf("%s: input %d has shape %v, which holds no elements", def.Name, i, s)
		}
	}
	out, err := def.Shape(shapes)
	if err != nil {
		return nil, errors.Wrapf(err, "%s of shapes %v", def.Name, shapes)
	}
	switch dtype {
	case tensor.Float32:
		return makeOp(def, def.Float32, dtype, shapes, out), nil
	case tensor.Float64:
		return makeOp(def, def.Float64, dtype, shapes, out), nil
	}
	return nil, errors.Errorf("%s: dtype %v, want float32 or float64", def.Name, dtype)
}
