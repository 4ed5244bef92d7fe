package opstest

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// program is a graph of the op, its inputs and its gradients. It runs without a machine, so that each panic can be caught and each fault
// has an op.
type program struct {
	k      *kit
	dtype  tensor.Dtype
	shapes []tensor.Shape
	graph  *G.ExprGraph
	in     []*G.Node
	out    *G.Node
	up     *G.Node
	grads  []*G.Node // nil for constant inputs, and before differentiate
	values map[*G.Node]G.Value

	forward, backward []instruction
}

// instruction is the run of an op.
type instruction struct {
	node     *G.Node
	operands []*G.Node
}

// build adds the op to a new graph with inputs of the given shapes.
func (k *kit) build(dtype tensor.Dtype, shapes []tensor.Shape) (p *program, f *fault) {
	p = &program{k: k, dtype: dtype, shapes: shapes, graph: G.NewGraph(), values: map[*G.Node]G.Value{}}
	for i, s := range shapes {
		p.in = append(p.in, inputNode(p.graph, dtype, s, inputName(i)))
	}
	if p.out, f = k.add(k.c.Build, p.in); f != nil {
		return nil, f
	}
	p.forward = p.instructions(0)
	return p, nil
}

// add calls a function that adds an op. A panic of it is a fault, and so is a node that is not an op.
func (k *kit) add(build func([]*G.Node) (*G.Node, error), in []*G.Node) (out *G.Node, f *fault) {
	defer k.watch.begin("building the graph")()
	defer func() {
		if r := recover(); r != nil {
			out, f = nil, faultf("building the op panics: %s", panicText(r))
		}
	}()
	out, err := build(append([]*G.Node(nil), in...))
	if err != nil {
		if text, ok := panicOf(err); ok {
			name, _, _ := strings.Cut(err.Error(), "panic: ") // that of the op
			return nil, faultf("%spanic while it is applied: %s", name, text).when("on shapes %v", shapesOf(in)).because(place(text))
		}
		f := faultf("%v", err)
		f.refused = true
		return nil, f
	}
	switch {
	case out == nil:
		return nil, faultf("building the op gives no node and no error")
	case out.Graph() == nil || len(in) > 0 && out.Graph() != in[0].Graph():
		return nil, faultf("building the op gives a node that is not in the graph of its inputs")
	case out.Op() == nil:
		return nil, faultf("building the op gives an input, %s: there is no op to check", out.Name())
	}
	if _, ok := size(out.Shape(), maxElements); !ok && elements(out.Shape()) <= 0 {
		return nil, faultf("the output has shape %v, which holds no elements", out.Shape())
	}
	return out, nil
}

// differentiate adds the backward pass.
func (p *program) differentiate() (f *fault) {
	defer p.k.watch.begin("building the gradient")()
	defer func() {
		if r := recover(); r != nil {
			f = faultf("building the gradient panics: %s", panicText(r))
		}
	}()
	before := len(p.graph.AllNodes())
	p.up = inputNode(p.graph, p.dtype, p.out.Shape(), "upstream")
	p.values[p.up] = newValue(p.dtype, p.out.Shape(), upstream(elements(p.out.Shape())))
	var wrt G.Nodes
	for i, in := range p.k.c.Inputs {
		if !in.Constant {
			wrt = append(wrt, p.in[i])
		}
	}
	grads, err := G.Backpropagate(G.Nodes{p.out}, G.Nodes{p.up}, wrt)
	if err != nil {
		if text, ok := panicOf(err); ok {
			return faultf("building the gradient panics: %s", text)
		}
		return faultf("Gorgonia cannot build the gradient: %v", errors.Cause(err))
	}
	p.grads = make([]*G.Node, len(p.in))
	for i, in := range p.k.c.Inputs {
		if !in.Constant {
			p.grads[i], grads = grads[0], grads[1:]
		}
	}
	p.backward = p.instructions(before)
	return nil
}

// instructions are the ops among the nodes of the graph from the given one on. A node comes after its operands.
func (p *program) instructions(from int) (list []instruction) {
	for _, n := range p.graph.AllNodes()[from:] {
		if n.Op() == nil || n.Op().Arity() == 0 {
			continue
		}
		x := instruction{node: n}
		for _, child := range graph.NodesOf(p.graph.From(n.ID())) {
			x.operands = append(x.operands, child.(*G.Node))
		}
		list = append(list, x)
	}
	return list
}

// bind sets the inputs.
func (p *program) bind(values [][]float64) {
	for i, n := range p.in {
		p.values[n] = newValue(p.dtype, p.shapes[i], values[i])
	}
}

// run runs the op.
func (p *program) run() *fault { return p.do(p.forward) }

// back runs the backward pass.
func (p *program) back() *fault { return p.do(p.backward) }

func (p *program) do(list []instruction) *fault {
	for _, x := range list {
		v, f := p.step(x, p.operands(x))
		if f != nil {
			return f
		}
		p.values[x.node] = v
	}
	return nil
}

// operands are the values of the operands of an instruction.
func (p *program) operands(x instruction) (values []G.Value) {
	for _, n := range x.operands {
		v := p.values[n]
		if v == nil {
			v = n.Value() // a constant of Gorgonia
		}
		values = append(values, v)
	}
	return values
}

// output is a copy of the output of the last run.
func (p *program) output() []float64 { return floats(p.values[p.out]) }

// gradients are copies of the gradients of the last run, nil for constant inputs.
func (p *program) gradients() [][]float64 {
	out := make([][]float64, len(p.in))
	for i, n := range p.grads {
		if n != nil {
			out[i] = floats(p.values[n])
		}
	}
	return out
}

// role is the part of an op in the program.
func (p *program) role(n *G.Node) string {
	def, ok := ops.DefOf(n)
	switch {
	case n == p.out && ok:
		return fieldOf(p.dtype)
	case n == p.out:
		return fmt.Sprintf("the op (%v)", p.dtype)
	}
	name := fmt.Sprint(n.Op())
	if ok {
		name = def.Name
	}
	for _, x := range p.forward {
		if x.node == n {
			return fmt.Sprintf("%s (%s)", name, fieldOf(p.dtype))
		}
	}
	return fmt.Sprintf("the gradient step %s (%s)", name, fieldOf(p.dtype))
}

// operand is an operand of an instruction.
func (p *program) operand(x instruction, i int) string {
	for k, in := range p.in {
		if in == x.operands[i] {
			return fmt.Sprintf("input %d", k)
		}
	}
	switch x.operands[i] {
	case p.out:
		return "the output of the op"
	case p.up:
		return "the upstream gradient"
	}
	return "the result of " + strings.TrimSuffix(p.role(x.operands[i]), fmt.Sprintf(" (%s)", fieldOf(p.dtype)))
}

func inputName(i int) string {
	if i < 20 {
		return string(rune('a' + i))
	}
	return fmt.Sprint("in", i)
}

func shapesOf(in []*G.Node) (shapes []tensor.Shape) {
	for _, n := range in {
		shapes = append(shapes, n.Shape())
	}
	return shapes
}

// inputNode adds an input without a value.
func inputNode(g *G.ExprGraph, dtype tensor.Dtype, shape tensor.Shape, name string) *G.Node {
	if shape.IsScalar() {
		return G.NewScalar(g, dtype, G.WithName(name))
	}
	return G.NewTensor(g, dtype, shape.Dims(), G.WithName(name), G.WithShape(shape...))
}
