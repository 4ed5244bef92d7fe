package graphs

import (
	"fmt"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/memory"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// ErrMemory is the cause of the error for a network, a batch or a file that needs more memory than there is; see SetMemoryLimit.
var ErrMemory = memory.ErrTooLarge

// SetMemoryLimit sets the number of bytes beyond which networks, batches and files are refused in this process, and returns the number that
// was set before. 0, the default, means the least of the physical memory, the memory limits of the control groups of the process, and
// GOMEMLIMIT. math.MaxInt64 means no limit. A negative number changes nothing.
func SetMemoryLimit(bytes int64) (before int64) { return memory.SetLimit(bytes) }

// Memory holds the bytes that a graph takes when it runs on Gorgonia's machine. It follows from the shapes alone. The state of an optimizer comes
// on top; see train.MemoryOf.
type Memory struct {
	// Weights are the parameters, with running statistics, which all graphs of a network share.
	Weights uint64
	// Gradients are those of the parameters.
	Gradients uint64
	// Activations are the results of all other ops, forward and backward, each of which has its own.
	Activations uint64
	// Inputs are features, labels and weights of the rows; a training graph has two sets. The size of sparse rows follows from what they
	// hold: they count as rows of at most 1,024 elements.
	Inputs uint64
	// Buffers are the packed operands of matrix products and convolutions, and the graph itself.
	Buffers uint64
}

// Total returns the sum.
func (m Memory) Total() uint64 {
	return memory.Sum(m.Weights, m.Gradients, m.Activations, m.Inputs, m.Buffers)
}

// String returns the sum and its parts, as in "13 MB (weights 4.1 MB, gradients 4.1 MB, activations 4.4 MB, inputs 98 kB, buffers 300 kB)".
func (m Memory) String() string {
	var parts []string
	for _, p := range []struct {
		name  string
		bytes uint64
	}{{"weights", m.Weights}, {"gradients", m.Gradients}, {"activations", m.Activations}, {"inputs", m.Inputs}, {"buffers", m.Buffers}} {
		if p.bytes > 0 {
			parts = append(parts, p.name+" "+memory.Format(p.bytes))
		}
	}
	return fmt.Sprintf("%s (%s)", memory.Format(m.Total()), strings.Join(parts, ", "))
}

// nodeBytes is the size of all that Gorgonia and its machine keep for a node, apart from its value.
const nodeBytes = 4000

// Memory returns what the graph takes. For a nil Graph it is 0.
func (g *Graph) Memory() (m Memory) {
	if g == nil || g.G == nil || g.X == nil {
		return m
	}
	size := sizeOf(g.X.Dtype())
	for _, p := range g.Params {
		m.Weights = memory.Sum(m.Weights, memory.Product(append([]int{size}, p.Shape()...)...))
	}
	gradient := map[*G.Node]bool{}
	for _, n := range g.Grads {
		gradient[n] = true
	}
	nodes, packing := g.G.AllNodes(), 0
	for _, n := range nodes {
		switch bytes := bytesOf(n); {
		case n.Op() == nil:
		case ops.IsSparse(n):
			m.Activations = memory.Sum(m.Activations, sparseBytes(n))
		case gradient[n]:
			m.Gradients = memory.Sum(m.Gradients, bytes)
		default:
			m.Activations = memory.Sum(m.Activations, bytes)
		}
		packing = max(packing, packingOf(n, g.config.Workers.Threads()))
	}
	for i, n := range g.bindable() {
		if n != nil && g.isSparse(i) {
			m.Inputs = memory.Sum(m.Inputs, sparseBytes(n))
		} else if n != nil {
			m.Inputs = memory.Sum(m.Inputs, bytesOf(n))
		}
	}
	if g.config.Mode == Train {
		m.Inputs = memory.Sum(m.Inputs, m.Inputs)
	}
	m.Buffers = memory.Sum(uint64(packing), memory.Product(nodeBytes, len(nodes)))
	return m
}

func sizeOf(dtype tensor.Dtype) int {
	if dtype == tensor.Float32 {
		return 4
	}
	return 8
}

// sparseElements is the number of elements that a sparse row is taken to have at most. Rows of documents and of molecules have fewer.
const sparseElements = 1 << 10

// sparseBytes returns about the size of the value of a node in sparse rows: for each element its value and its column.
func sparseBytes(n *G.Node) uint64 {
	rows, width := n.Shape()[0], n.Shape()[1]
	return memory.Product(rows, min(width, sparseElements), sizeOf(n.Dtype())+8)
}

// bytesOf returns the size of the value of a node.
func bytesOf(n *G.Node) uint64 {
	if n.IsScalar() {
		return 0
	}
	bytes := memory.Product(append([]int{sizeOf(n.Dtype())}, n.Shape()...)...)
	return memory.Sum(bytes, min(bytes/8, 4096)) // Go's allocator rounds sizes up
}

// packingOf returns the bytes for the packed operands of a node that is a matrix product.
func packingOf(n *G.Node, threads int) int {
	def, ok := ops.DefOf(n)
	if ok && strings.HasPrefix(def.Name, "Conv2D") && ops.BuiltIn(n) {
		return convolutionBuffers(n, def, threads)
	}
	if !ok || def.Name != "Affine" && def.Name != "MatMul" {
		return 0
	}
	in := childrenOf(n)
	if len(in) < 2 || in[0].Dims() != 2 || n.Dims() != 2 {
		return 0
	}
	transA, transB := false, false
	if len(def.Attrs) == 2 {
		transA, _ = def.Attrs[0].(bool)
		transB, _ = def.Attrs[1].(bool)
	}
	k := in[0].Shape()[1]
	if transA {
		k = in[0].Shape()[0]
	}
	rows, cols := n.Shape()[0], n.Shape()[1]
	if n.Dtype() == tensor.Float32 {
		return kernel.Packing(kernel.MatMul[float32]{M: rows, N: cols, K: k, TransA: transA, TransB: transB}, threads)
	}
	return kernel.Packing(kernel.MatMul[float64]{M: rows, N: cols, K: k, TransA: transA, TransB: transB}, threads)
}

// BuildTime returns about how long Gorgonia takes to compile the graph for its machine. It grows with the square of the number of layers.
func (g *Graph) BuildTime() time.Duration {
	if g == nil || g.G == nil {
		return 0
	}
	// For each operand of each op, the compiler looks at all nodes that it has compiled before.
	const perLook = 10 * time.Nanosecond / 2
	nodes := g.G.AllNodes()
	operands := 0
	for _, n := range nodes {
		operands += len(childrenOf(n))
	}
	return time.Duration(operands) * time.Duration(len(nodes)) * perLook
}

// affordable returns an error if there is no memory for the graph.
func (g *Graph) affordable() error {
	m := g.Memory()
	if m.Total() <= memory.Current().Bytes {
		return nil
	}
	return memory.Check(m.Total(), fmt.Sprintf("a graph to %v with %d rows%s", g.config.Mode, g.config.Batch, g.largest(m)))
}

// largest describes what takes most of m.
func (g *Graph) largest(m Memory) string {
	var name string
	var most uint64
	for _, l := range g.Layers {
		if bytes := bytesOf(l.Output); bytes > most {
			most, name = bytes, fmt.Sprintf("layer %q of shape %v", l.Name, l.Output.Shape())
		}
	}
	for _, p := range g.Params {
		if bytes := memory.Product(append([]int{sizeOf(g.X.Dtype())}, p.Shape()...)...); bytes > most {
			most, name = bytes, fmt.Sprintf("parameter %q of shape %v", p.Name, p.Shape())
		}
	}
	for i, x := range g.Inputs {
		if bytes := bytesOf(x); bytes > most && !g.isSparse(i) {
			most, name = bytes, fmt.Sprintf("the input of shape %v", x.Shape())
		}
	}
	return fmt.Sprintf(", %v, %s alone %s,", m, name, memory.Format(most))
}

// checkWeights returns an error if there is no memory for the parameters that a network would create.
func checkWeights(layer nn.Layer, params *nn.Params, c Config) error {
	plan, err := nn.NewPlan(params.Dtype())
	if err != nil {
		return err
	}
	// If the network cannot be built, the parameters that it has asked for before still count. The error is that of the graph itself.
	if _, err := assemble(layer, plan, c, false, true); err != nil && len(plan.All()) == 0 {
		return nil
	}
	size := sizeOf(params.Dtype())
	var total, most uint64
	var largest *nn.Param
	for _, p := range plan.All() {
		bytes := memory.Product(append([]int{size}, p.Shape()...)...)
		if total = memory.Sum(total, bytes); bytes > most {
			most, largest = bytes, p
		}
	}
	initial := memory.Product(append([]int{8}, largest.Shape()...)...) // numbers before they are rounded to the dtype
	if need := memory.Sum(total, initial); need > memory.Current().Bytes {
		return memory.Check(need, fmt.Sprintf("creating the weights of the network, %d parameters, of which %q of shape %v alone has %s,",
			len(plan.All()), largest.Name, largest.Shape(), memory.Format(most)))
	}
	return nil
}

// Plan returns what a graph of a layer would take, from the shapes alone: it creates neither weights nor graph values, however large they
// are. Dtype is the only option that counts. The errors are those of Build, except that of too little memory.
func Plan(layer nn.Layer, c Config, opts ...Option) (Memory, error) {
	o, err := optionsOf(opts)
	if err != nil {
		return Memory{}, err
	}
	plan, err := nn.NewPlan(o.dtype)
	if err != nil {
		return Memory{}, errors.Wrap(err, "graphs")
	}
	g, err := assemble(layer, plan, c, false, true)
	if err != nil {
		return Memory{}, errors.Wrap(err, "graphs")
	}
	return g.Memory(), nil
}
