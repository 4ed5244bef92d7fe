package linear

import (
	"slices"
	"unsafe"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// compiler collects the steps of a program.
type compiler[T kernel.Float] struct {
	*program[T]
	choose   func(ops.Def) func(*ops.Call[T]) error
	places   map[*G.Node]*place[T]
	snapshot *Snapshot
	free     heap
}

// compile makes a program. choose returns the function of an op for the dtype.
func compile[T kernel.Float](g *graphs.Graph, memory *[]T, snapshot *Snapshot, choose func(ops.Def) func(*ops.Call[T]) error) (Program, error) {
	c := &compiler[T]{program: &program[T]{memory: memory, bound: &batch.Batch{Rows: g.Batch()}}, choose: choose, snapshot: snapshot, places: map[*G.Node]*place[T]{}}
	order := sorted(g)
	uses := map[*G.Node]int{}
	for _, n := range order {
		for _, in := range operands(n) {
			uses[in]++
		}
	}
	for _, o := range g.Outputs {
		uses[o.Node]++ // never given back
	}
	if err := c.addInputs(g, uses); err != nil {
		return nil, err
	}
	for _, n := range order {
		if err := c.add(n, uses[n]); err != nil {
			return nil, err
		}
	}
	for _, o := range g.Outputs {
		c.outputs = append(c.outputs, c.read(c.places[o.Node]))
	}
	c.need = max(1, c.free.end)
	return c.program, nil
}

// addInputs adds the inputs of the network. Those that nothing reads have a place, too, because the data fill them.
func (c *compiler[T]) addInputs(g *graphs.Graph, uses map[*G.Node]int) error {
	for i, in := range g.Config().Inputs {
		n := g.Inputs[i]
		t := batch.Tensor{Name: in.Name}
		x := &place[T]{shape: n.Shape().Clone(), users: uses[n]}
		if in.Kind == batch.Sparse {
			rows, err := batch.NewCSR(n.Dtype(), in.Width)
			if err != nil {
				return err
			}
			x.sparse, t.Sparse = rows, rows
		} else {
			c.allot(x)
			x.users++ // until all inputs are filled and read: a run must not overwrite them before
		}
		c.places[n] = x
		c.inputs = append(c.inputs, x)
		c.bound.Inputs = append(c.bound.Inputs, t)
	}
	for _, x := range c.inputs {
		if x.inMemory {
			c.release(x)
		}
	}
	return nil
}

// add adds a node that is not an input of the network.
func (c *compiler[T]) add(n *G.Node, uses int) error {
	if c.places[n] != nil {
		return nil
	}
	if n.Op() == nil || isConstant(n) {
		return c.addFixed(n)
	}
	def, ok := ops.DefOf(n)
	if !ok || def.RowSparse || def.SparseResult {
		return unsupported{errors.Errorf("the op %v cannot be part of a program", n.Op())}
	}
	s := step[T]{name: def.Name, run: c.choose(def), out: &place[T]{shape: shapeOf(n), users: uses}}
	for i, in := range operands(n) {
		x := c.places[in]
		if x.sparse != nil && !def.IsSparse(i) {
			return unsupported{errors.Errorf("the op %s cannot read sparse rows", def.Name)}
		}
		s.in = append(s.in, x)
		s.call.Shapes = append(s.call.Shapes, x.shape)
	}
	if c.snapshot != nil {
		packed := c.packed(n, def, s.in)
		if packed != nil {
			s.run = affine(packed)
		}
		for i, x := range s.in {
			if packed == nil || i != 1 {
				c.read(x)
			}
		}
	}
	s.call.In = make([][]T, len(s.in))
	if len(def.Sparse) > 0 {
		s.call.Sparse = make([]kernel.CSR[T], len(s.in))
	}
	c.places[n] = s.out
	c.allot(s.out)
	for _, x := range s.in {
		if x.inMemory {
			c.release(x)
		}
	}
	c.steps = append(c.steps, s)
	return nil
}

// addFixed adds a parameter or a constant.
func (c *compiler[T]) addFixed(n *G.Node) error {
	v, err := dense.Elements(n.Value())
	if err != nil {
		return errors.Wrap(err, n.Name())
	}
	x := &place[T]{shape: shapeOf(n), parameter: n.Op() == nil}
	switch dst := any(&x.fixed).(type) {
	case *[]float32:
		*dst = v.F32
	case *[]float64:
		*dst = v.F64
	}
	if len(x.fixed) != elements(x.shape) {
		return errors.Errorf("%s is %s, want the dtype of the network", n.Name(), dense.Describe(n.Value()))
	}
	c.places[n] = x
	return nil
}

// allot gives a value its place in the memory.
func (c *compiler[T]) allot(x *place[T]) {
	x.n, x.inMemory = elements(x.shape), true
	x.offset = c.free.take(lines[T](x.n))
}

// release is called once for each reader of a value, and gives its place back after the last.
func (c *compiler[T]) release(x *place[T]) {
	x.users--
	if x.users == 0 {
		c.free.give(x.offset, lines[T](x.n))
	}
}

// lines returns n elements rounded up to whole cache lines.
func lines[T kernel.Float](n int) int {
	var x T
	line := 64 / int(unsafe.Sizeof(x))
	return max(1, (n+line-1)/line) * line
}

// aligned returns n elements that begin with a cache line.
func aligned[T kernel.Float](n int) []T {
	var x T
	size := unsafe.Sizeof(x)
	all := make([]T, n+64/int(size))
	skip := -uintptr(unsafe.Pointer(&all[0])) % 64 / size
	return all[skip : int(skip)+n]
}

// sorted returns the nodes that the outputs need, each after its operands.
func sorted(g *graphs.Graph) (order []*G.Node) {
	seen := map[*G.Node]bool{}
	var visit func(n *G.Node)
	visit = func(n *G.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, in := range operands(n) {
			visit(in)
		}
		order = append(order, n)
	}
	for _, o := range g.Outputs {
		visit(o.Node)
	}
	return order
}

// operands returns the operands of a node, in order.
func operands(n *G.Node) (all []*G.Node) {
	if n.Graph() == nil {
		return nil
	}
	for _, x := range graph.NodesOf(n.Graph().From(n.ID())) {
		all = append(all, x.(*G.Node))
	}
	return all
}

func isConstant(n *G.Node) bool { return len(operands(n)) == 0 && n.Value() != nil }

// elements returns the number of elements of a shape, 1 for a scalar.
func elements(s tensor.Shape) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

func shapeOf(n *G.Node) tensor.Shape { return slices.Clone(n.Shape()) }
