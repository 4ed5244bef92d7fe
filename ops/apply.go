package ops

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"slices"

	"github.com/chewxy/hm"
	"github.com/pkg/errors"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Apply adds the op to the graph of its inputs. All inputs have the same dtype, float32 or float64.
// It returns an error that names the op, and the shapes when they do not fit. It checks the definition first: its
// functions, attributes, shape and gradient.
func Apply(def Def, inputs ...*G.Node) (*G.Node, error) { return apply(custom, def, inputs) }

// applyBuiltin is Apply for the ops of this package.
func applyBuiltin(def Def, inputs ...*G.Node) (*G.Node, error) { return apply(builtin, def, inputs) }

func apply(from origin, def Def, inputs []*G.Node) (node *G.Node, err error) {
	// A user's functions may panic, and Gorgonia's type and shape code does on some malformed graphs.
	defer func() {
		if r := recover(); r != nil {
			node, err = nil, panicError(def.Name, r)
		}
	}()
	if len(inputs) == 0 {
		return nil, errors.Errorf("%s: no inputs", def.Name)
	}
	shapes := make([]tensor.Shape, len(inputs))
	for i, n := range inputs {
		switch {
		case n == nil || n.Type() == nil:
			return nil, errors.Errorf("%s: input %d is nil", def.Name, i)
		case n.Dtype() != inputs[0].Dtype():
			return nil, errors.Errorf("%s: input %d (%s) is %v, but input 0 (%s) is %v",
				def.Name, i, n.Name(), n.Dtype(), inputs[0].Name(), inputs[0].Dtype())
		}
		shapes[i] = n.Shape()
	}
	o, err := newOp(from, def, inputs[0].Dtype(), shapes)
	if err != nil {
		return nil, err
	}
	if inputs, err = inGraph(inputs); err != nil {
		return nil, errors.Wrap(err, def.Name)
	}
	existing, err := findNode(o, inputs)
	if existing != nil || err != nil {
		return existing, errors.Wrapf(err, "%s of shapes %v", def.Name, shapes)
	}
	hash := o.nodeHash(inputs)
	node, err = G.ApplyOp(o, inputs...)
	if err == nil && node.Hashcode() != hash {
		err = errors.Errorf("its node has the hash %x, want %x", node.Hashcode(), hash)
	}
	if err == nil {
		o.setNode(node)
	}
	return node, errors.Wrapf(err, "%s of shapes %v", def.Name, shapes)
}

// inGraph returns the inputs, with each constant replaced by its node in the graph of the others.
func inGraph(inputs []*G.Node) ([]*G.Node, error) {
	i := slices.IndexFunc(inputs, func(n *G.Node) bool { return n.Graph() != nil })
	if i < 0 {
		return nil, errors.New("no input belongs to a graph")
	}
	g, inputs := inputs[i].Graph(), slices.Clone(inputs)
	for i, n := range inputs {
		if n.Graph() == nil && n.Op() != nil {
			inputs[i] = g.AddNode(n)
		}
		if inputs[i].Graph() != g {
			return nil, errors.Errorf("input %d (%s) belongs to another graph", i, n.Name())
		}
	}
	return inputs, nil
}

// applied is an *op of either dtype.
type applied interface {
	G.SDOp
	nodeHash(inputs []*G.Node) uint32
	isAt(node *G.Node, inputs []*G.Node) bool
	rehash()
	setNode(*G.Node)
}

// findNode returns the node of an op equal to o on the same inputs, or nil. Gorgonia merges nodes whose 32-bit hashes agree, whatever their
// operands, so findNode changes the hash of o until no other node of the graph has it.
func findNode(o applied, inputs []*G.Node) (*G.Node, error) {
	g := inputs[0].Graph()
	for i, in := range inputs {
		for _, n := range withHash(g, in.Hashcode()) {
			if n != in && !sameOp(n, in) {
				return nil, errors.Errorf("the hash of input %d (%s) collides with that of %s; give it another name", i, in.Name(), n.Name())
			}
		}
	}
	for {
		same := withHash(g, o.nodeHash(inputs))
		if len(same) == 0 {
			return nil, nil
		}
		if o.isAt(same[0], inputs) {
			return same[0], nil
		}
		o.rehash()
	}
}

// sameOp reports whether two nodes are equal ops on the same inputs, which may be merged.
func sameOp(a, b *G.Node) bool {
	if a.Op() == nil || b.Op() == nil || a.Op().Hashcode() != b.Op().Hashcode() {
		return false
	}
	return slices.Equal(graph.NodesOf(a.Graph().From(a.ID())), graph.NodesOf(b.Graph().From(b.ID())))
}

// nodeHash returns the value that Node.Hashcode will return.
func (o *op[T]) nodeHash(inputs []*G.Node) uint32 {
	h := fnv.New32a()
	t := hm.Type(o.dtype)
	if !o.outShape.IsScalar() {
		t = G.TensorType{Dims: o.outShape.Dims(), Of: o.dtype}
	}
	fmt.Fprintf(h, "%v%v", t, o.outShape)
	o.WriteHash(h)
	h.Write([]byte{byte(len(inputs))})
	for _, in := range inputs {
		binary.Write(h, binary.LittleEndian, in.Hashcode())
	}
	return h.Sum32()
}

func (o *op[T]) rehash() { o.identity.salt++ }

func (o *op[T]) setNode(n *G.Node) { o.node = n }

// isAt reports whether node is the result of an op equal to o on the given inputs.
func (o *op[T]) isAt(node *G.Node, inputs []*G.Node) bool {
	if other, ok := node.Op().(*op[T]); !ok || !other.identity.equal(o.identity) {
		return false
	}
	same := func(a graph.Node, b *G.Node) bool { return a == graph.Node(b) }
	return slices.EqualFunc(graph.NodesOf(node.Graph().From(node.ID())), inputs, same)
}

// newOp returns the op for inputs of the given dtype and shapes.
func newOp(from origin, def Def, dtype tensor.Dtype, shapes []tensor.Shape) (applied, error) {
	if def.Name == "" {
		return nil, errors.New("an op without a name")
	}
	for i, s := range shapes {
		if err := checkSize(s); err != nil {
			return nil, errors.Wrapf(err, "%s: input %d", def.Name, i)
		}
	}
	id, err := newIdentity(from, &def)
	if err != nil {
		return nil, errors.Wrap(err, def.Name)
	}
	out, err := def.outShape(dtype, shapes)
	if err != nil {
		return nil, err
	}
	def.Attrs, def.Sparse = slices.Clone(def.Attrs), slices.Clone(def.Sparse)
	var gradient *Gradient
	if from != builtin && def.Gradient != nil {
		g := def.Gradient()
		if err := g.check(def.Name, dtype, shapes, out); err != nil {
			return nil, err
		}
		gradient = &g
	}
	if dtype == tensor.Float32 {
		o := makeOp(def, def.Float32, dtype, shapes, out)
		o.from, o.identity, o.gradient = from, id, gradient
		return o, nil
	}
	o := makeOp(def, def.Float64, dtype, shapes, out)
	o.from, o.identity, o.gradient = from, id, gradient
	return o, nil
}

// panicError turns a panic of an op into an error with the stack. Call it in the function that recovers.
func panicError(name string, r any) error {
	return errors.Errorf("%s: panic: %v\n%s", name, r, debug.Stack())
}
