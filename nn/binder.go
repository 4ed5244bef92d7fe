package nn

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Layer adds itself to a graph: x is a matrix with one row per example, and so is the result.
type Layer interface {
	Forward(b *Binder, x *G.Node) (*G.Node, error)
}

// Activation is an elementwise function, such as ops.SELU.
type Activation = func(x *G.Node) (*G.Node, error)

// Binder joins layers, parameters and one graph. A layer asks it for its parameters.
type Binder struct {
	// Training says that the graph is for training: dropout and batch statistics are on.
	Training bool
	// Noise is the source of random masks of a training graph.
	Noise *ops.Noise

	params *Params
	graph  *G.ExprGraph
	scope  string
	record int // index of the record of the layer being added, -1 outside Apply
	shared *binding
}

// binding is what all scopes of a binder share.
type binding struct {
	bound   []Bound
	byName  map[string]*G.Node
	records []Record
}

// Bound is a parameter and its node in a graph.
type Bound struct {
	*Param
	Node *G.Node
}

// Record is a layer as it was added to a graph.
type Record struct {
	Name   string
	Kind   string  // type of the layer, such as Dense
	Layer  Layer   // the layer itself
	Input  *G.Node // its input
	Output *G.Node // its output, one row per example
	// PreActivation is the input of the layer's activation, and Weight the matrix in it, of shape (inputs, units). They are
	// nil where the layer has not told them by Binder.Linear.
	PreActivation, Weight *G.Node
	Params                []Bound // its own parameters, not those of the layers inside it
	Depth                 int     // 0 for the layers of the network, 1 for the layers inside them, and so on
}

// NewBinder returns a binder that adds to g and takes parameters from params.
func NewBinder(g *G.ExprGraph, params *Params, training bool, noise *ops.Noise) *Binder {
	return &Binder{
		Training: training, Noise: noise,
		params: params, graph: g, record: -1, shared: &binding{byName: map[string]*G.Node{}},
	}
}

// Param returns the node of a trainable parameter of the layer being added. init fills it if it is new.
func (b *Binder) Param(name string, init Initializer, shape ...int) (*G.Node, error) {
	_, node, err := b.bind(name, true, init, shape)
	return node, err
}

// State returns a tensor of the layer that no optimizer updates, such as running statistics, and its node.
func (b *Binder) State(name string, init Initializer, shape ...int) (*tensor.Dense, *G.Node, error) {
	p, node, err := b.bind(name, false, init, shape)
	if err != nil {
		return nil, nil, err
	}
	return p.Value, node, nil
}

func (b *Binder) bind(name string, trainable bool, init Initializer, shape tensor.Shape) (*Param, *G.Node, error) {
	full := join(b.scope, name)
	p, err := b.params.param(full, trainable, init, shape)
	if err != nil {
		return nil, nil, err
	}
	if node := b.shared.byName[full]; node != nil {
		return p, node, nil
	}
	node := G.NewTensor(b.graph, b.params.dtype, len(shape), G.WithName(full), G.WithShape(shape...), G.WithValue(p.Value))
	b.shared.byName[full] = node
	b.shared.bound = append(b.shared.bound, Bound{p, node})
	return p, node, nil
}

// Apply adds a layer under a name of its own and records it. Errors name the layer.
func (b *Binder) Apply(name string, layer Layer, x *G.Node) (*G.Node, error) {
	if layer == nil {
		return nil, errors.Errorf("layer %q is nil", join(b.scope, name))
	}
	inner := *b
	inner.scope = join(b.scope, name)
	at, before := len(b.shared.records), len(b.shared.bound)
	b.shared.records = append(b.shared.records, Record{
		Name: inner.scope, Kind: kindOf(layer), Layer: layer, Input: x, Depth: strings.Count(inner.scope, "."),
	})
	inner.record = at
	y, err := layer.Forward(&inner, x)
	if err != nil {
		return nil, errors.Wrapf(err, "layer %q", inner.scope)
	}
	r := &b.shared.records[at]
	r.Output = y
	if _, ok := layer.(Func); ok && y.Op() != nil {
		r.Kind, _, _ = strings.Cut(y.Op().String(), "[")
	}
	for _, p := range b.shared.bound[before:] {
		if prefix, _, _ := cutLast(p.Name); prefix == inner.scope {
			r.Params = append(r.Params, p)
		}
	}
	return y, nil
}

// Linear tells the record of the layer being added that its pre-activations are z, of shape (rows, units), with a weight
// matrix of shape (inputs, units), so that they can be watched. weight is nil for a sum without weights.
func (b *Binder) Linear(z, weight *G.Node) {
	if b.record >= 0 {
		r := &b.shared.records[b.record]
		r.PreActivation, r.Weight = z, weight
	}
}

// Bound returns the parameters bound so far, in the order in which layers asked for them.
func (b *Binder) Bound() []Bound { return b.shared.bound }

// Records returns the layers added so far by Apply, in order.
func (b *Binder) Records() []Record { return b.shared.records }

// Graph returns the graph that layers are added to.
func (b *Binder) Graph() *G.ExprGraph { return b.graph }

// kindOf is the name of the type of a layer without its package.
func kindOf(l Layer) string {
	_, kind, _ := cutLast(fmt.Sprintf("%T", l))
	return strings.TrimPrefix(kind, "*")
}

func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

// cutLast cuts s at its last dot; all of it is after if there is none.
func cutLast(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return "", s, false
}
