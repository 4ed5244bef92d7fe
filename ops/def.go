package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// Def defines an op. [Apply] supplies the rest of what Gorgonia demands.
type Def struct {
	// Name appears in graphs, summaries and errors. It is only a label: two ops may share a name and still be different.
	Name string
	// Attrs are the parameters that change the result: numbers, strings, bools and slices of them. Programs that read
	// graphs, such as an exporter, see them; they are the same in every process.
	Attrs []any
	// ID declares when two ops are equal: if they have equal names, IDs and Attrs (1 and 1.0 differ), and the same inputs,
	// they become one node. It is any comparable value, for example one of a type that only your package knows.
	// Nil means that the op equals no other, so each Apply adds a node.
	ID any
	// Shape returns the shape of the output, which is tensor.ScalarShape() for a loss, or an error that explains what is wrong with the
	// shapes of the inputs.
	Shape func(in []tensor.Shape) (tensor.Shape, error)
	// Sparse lists the inputs whose value may be sparse: a *tensor.CS in compressed rows, bound with gorgonia.Let to a matrix node of its
	// shape, in place of a dense tensor. A sparse value of any other input is an error. An op gets no gradient for a sparse value.
	Sparse []int
	// RowSparse means that the output is zero but for the rows that a run names with Call.Touch. The run must write all elements of these
	// rows; it finds old ones there. All others are zero, and the op must not write to them. The value of the node is an ordinary dense
	// tensor. Its rows are known to RowsOf, so an optimizer can leave the others alone: use it for the gradient of a large table.
	RowSparse bool
	// SparseResult means that the value of the output is a *tensor.CS, of the elements that a run puts into Call.Result. Only ops that
	// list the input in Sparse can read it. Such an op has no gradient.
	SparseResult bool
	// Float32 and Float64 compute the output. They are usually two instances of the same generic function.
	Float32 func(*Call[float32]) error
	Float64 func(*Call[float64]) error
	// Gradient returns the backward pass. Nil means that the op is not differentiable.
	Gradient func() Gradient
}

// Call is one run of an op. Do not use it after the run.
type Call[T kernel.Float] struct {
	// In holds the elements of each input, row-major, nil for a sparse value. Do not write to them.
	In [][]T
	// Sparse holds the elements of each input that has a sparse value, in place. The starts of its rows and its columns have been checked
	// against the shape. Start is nil for a dense value. Sparse is nil if Def.Sparse is empty. Do not write to it.
	Sparse []kernel.CSR[T]
	// Shapes are the shapes of the inputs.
	Shapes []tensor.Shape
	// Out is the output buffer. It still holds the output of the previous run. It is nil if Def.SparseResult is set.
	Out []T
	// Result is the output if Def.SparseResult is set. The op keeps the memory of its slices; Result still has those of the previous run.
	Result kernel.CSR[T]
	// Workers is the pool of threads to use.
	Workers *kernel.Workers
	// State belongs to this op of this graph: it is nil at the first run, and each run finds what the run before has left. Keep buffers here
	// that depend on the shapes, so that a Def may be used more than once.
	State any

	rows *touched // of a row-sparse output
}

// Gradient is the backward pass of an op: steps that run in order, and a mapping from inputs to the steps that compute their gradients.
type Gradient struct {
	Steps []Step
	// Of[i] is the index of the step that computes the gradient of input i, or one of the constants below.
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
