package nn

import (
	"fmt"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Layer is a part of a network, or a whole one. Forward adds it to the graph of x, whose first dimension is that of the examples (a matrix, or
// images of four dimensions), and returns its output, which has the same number of rows.
type Layer interface {
	Forward(b *Binder, x *G.Node) (*G.Node, error)
}

// Activation is an elementwise function, such as ops.SELU.
type Activation = func(x *G.Node) (*G.Node, error)

// Binder connects layers with their parameters in one graph. A layer asks it for its parameters.
type Binder struct {
	// Training reports whether the graph is for training: dropout and batch statistics are on.
	Training bool
	// Noise is the source of the random masks in a training graph.
	Noise *ops.Noise
	// Frozen reports whether the parameter of that name stays unchanged in training. Nil means that no parameter is frozen.
	Frozen func(name string) bool

	params *Params
	graph  *G.ExprGraph
	scope  string
	record int // index of the record of the layer being added, -1 outside Apply
	shared *binding
}

// binding is the state that all scopes of a binder share.
type binding struct {
	bound   []Bound
	byName  map[string]*G.Node
	records []Record
	inputs  map[string]boundInput
	outputs map[string]*G.Node
	members []*G.Node
	collect bool // collect misfits instead of returning them as errors
	misfits []string
}

// boundInput is an input of the network and its node.
type boundInput struct {
	batch.Input
	node *G.Node
}

// maxMisfits bounds the misfits that are collected, so that a wrong description of a network cannot keep a program busy.
const maxMisfits = 500

// add adds a misfit. It returns an error if there are too many.
func (s *binding) add(m *misfit) error {
	if slices.Contains(s.misfits, m.text) {
		return nil
	}
	if len(s.misfits) == maxMisfits {
		return errors.Errorf("more than %d parameters are missing or misshapen: %s; ...", maxMisfits, strings.Join(s.misfits[:10], "; "))
	}
	s.misfits = append(s.misfits, m.text)
	return nil
}

// Bound is a parameter and its node in a graph.
type Bound struct {
	*Param
	Node *G.Node
	// Frozen means that a training graph has no gradient for it.
	Frozen bool
}

// Record describes a layer that was added to a graph.
type Record struct {
	Name   string
	Kind   string  // type of the layer, such as Dense
	Layer  Layer   // the layer itself
	Input  *G.Node // its input
	Output *G.Node // its output, one row per example
	// PreActivation is the input of the layer's activation, and Weight the matrix of shape (inputs, units) behind it, or the filters of shape
	// (units, channels, height, width). They are
	// nil unless the layer has recorded them with Binder.Linear.
	PreActivation, Weight *G.Node
	Params                []Bound // its own parameters, without those of the layers inside it
	Depth                 int     // 0 for the layers of the network, 1 for the layers inside them, and so on
}

// NewBinder returns a binder that adds layers to g and takes parameters from params. It makes missing parameters unless params
// is sealed. graphs.Build does this for you.
func NewBinder(g *G.ExprGraph, params *Params, training bool, noise *ops.Noise) *Binder {
	return &Binder{
		Training: training, Noise: noise,
		params: params, graph: g, record: -1, shared: &binding{byName: map[string]*G.Node{}, inputs: map[string]boundInput{}, outputs: map[string]*G.Node{}},
	}
}

// Param returns the node of a trainable parameter of the layer being added. init fills it if it is new. Asking twice for a name
// returns the same node. It returns an error if the parameter is missing from a sealed set or has another shape.
func (b *Binder) Param(name string, init Initializer, shape ...int) (*G.Node, error) {
	_, node, err := b.bind(name, true, init, shape)
	return node, err
}

// State returns a tensor of the layer that no optimizer updates, such as running statistics, and its node. The errors are those of Param.
func (b *Binder) State(name string, init Initializer, shape ...int) (*tensor.Dense, *G.Node, error) {
	p, node, err := b.bind(name, false, init, shape)
	if err != nil {
		return nil, nil, err
	}
	return p.Value, node, nil
}

func (b *Binder) bind(name string, trainable bool, init Initializer, shape tensor.Shape) (*Param, *G.Node, error) {
	shape = shape.Clone()
	if b == nil || b.params == nil || b.graph == nil || b.shared == nil {
		return nil, nil, errors.Errorf("parameter %q: the binder is nil; use nn.NewBinder", name)
	}
	full := join(b.scope, name)
	p, err := b.params.param(full, trainable, init, shape)
	if fault, ok := err.(*misfit); ok && b.shared.collect {
		err = b.shared.add(fault)
	}
	if err != nil {
		return nil, nil, err
	}
	if node := b.shared.byName[full]; node != nil {
		return p, node, nil
	}
	options := []G.NodeConsOpt{G.WithName(full), G.WithShape(shape...)}
	if p.Value != nil { // neither missing nor planned
		options = append(options, G.WithValue(p.Value))
	}
	node := G.NewTensor(b.graph, b.params.Dtype(), len(shape), options...)
	b.shared.byName[full] = node
	b.shared.bound = append(b.shared.bound, Bound{Param: p, Node: node, Frozen: b.isFrozen(full)})
	return p, node, nil
}

func (b *Binder) isFrozen(full string) bool { return b.Frozen != nil && b.Frozen(full) }

// AllFrozen reports whether all of these parameters of the layer being added are frozen.
func (b *Binder) AllFrozen(names ...string) bool {
	for _, name := range names {
		if b == nil || !b.isFrozen(join(b.scope, name)) {
			return false
		}
	}
	return len(names) > 0
}

// CollectMisfits makes Param and State continue with a placeholder when a parameter is missing or misshapen, instead of returning an error,
// so that Misfits can list them all.
func (b *Binder) CollectMisfits() {
	if b != nil && b.shared != nil {
		b.shared.collect = true
	}
}

// Misfits describes the parameters that have been missing or misshapen since CollectMisfits. If there are any, do not use the graph.
func (b *Binder) Misfits() []string {
	if b == nil || b.shared == nil {
		return nil
	}
	return b.shared.misfits
}

// Input returns the node of the network's input of that name, for layers that read an input other than the x they receive.
func (b *Binder) Input(name string) (*G.Node, error) {
	if b != nil && b.shared != nil && b.shared.inputs[name].node != nil {
		return b.shared.inputs[name].node, nil
	}
	return nil, errors.Errorf("the network has no input %q", name)
}

// InputOf returns the description of the input of the network that x is the node of, and false for any other node.
func (b *Binder) InputOf(x *G.Node) (batch.Input, bool) {
	if b != nil && b.shared != nil && x != nil {
		for _, in := range b.shared.inputs {
			if in.node == x {
				return in.Input, true
			}
		}
	}
	return batch.Input{}, false
}

// IsSparse reports whether the value of x is in sparse rows: a sparse input of the network, or what ops.IsSparse reports.
func (b *Binder) IsSparse(x *G.Node) bool {
	in, ok := b.InputOf(x)
	return ok && in.Kind == batch.Sparse || ops.IsSparse(x)
}

// SetInput declares an input of the network and its node.
func (b *Binder) SetInput(in batch.Input, x *G.Node) {
	if b != nil && b.shared != nil {
		b.shared.inputs[in.Name] = boundInput{in, x}
	}
}

// Output declares a further output of the network, a matrix with one row per example. The first output is the one that the network's layer
// returns. It returns an error for a name that is empty or taken and for a nil node.
func (b *Binder) Output(name string, y *G.Node) error {
	switch {
	case b == nil || b.shared == nil:
		return errors.Errorf("output %q: the binder is nil; use nn.NewBinder", name)
	case name == "" || y == nil:
		return errors.Errorf("output %q has no name or no node", name)
	case b.shared.outputs[name] != nil && b.shared.outputs[name] != y:
		return errors.Errorf("there are two outputs %q", name)
	}
	b.shared.outputs[name] = y
	return nil
}

// Outputs returns the outputs that layers have declared, by name.
func (b *Binder) Outputs() map[string]*G.Node {
	if b == nil || b.shared == nil {
		return map[string]*G.Node{}
	}
	return maps.Clone(b.shared.outputs)
}

// Members declares the predictions of the members of a network that is an ensemble, each of the shape of the first output. In a training graph the
// loss of the first output is the mean of their losses, in place of the loss of their mean: each member learns by itself.
func (b *Binder) Members(ys ...*G.Node) error {
	switch {
	case b == nil || b.shared == nil:
		return errors.New("members: the binder is nil; use nn.NewBinder")
	case len(ys) == 0 || slices.Contains(ys, nil):
		return errors.Errorf("members: %d predictions, or one that is nil", len(ys))
	case b.shared.members != nil:
		return errors.New("members: another layer has declared some")
	}
	b.shared.members = slices.Clone(ys)
	return nil
}

// DeclaredMembers returns the predictions that a layer has declared by Members.
func (b *Binder) DeclaredMembers() []*G.Node {
	if b == nil || b.shared == nil {
		return nil
	}
	return slices.Clone(b.shared.members)
}

// Apply adds a layer under the given name and records it. The name must not be empty or contain a dot. Layers with the same name and shapes
// share their parameters. Errors name the layer, and a panic of the layer becomes an error.
func (b *Binder) Apply(name string, layer Layer, x *G.Node) (*G.Node, error) {
	switch {
	case b == nil || b.shared == nil:
		return nil, errors.Errorf("layer %q: the binder is nil; use nn.NewBinder", name)
	case name == "" || strings.Contains(name, "."):
		return nil, errors.Errorf("layer %q: a name must not be empty or contain a dot", join(b.scope, name))
	case isNil(layer):
		return nil, errors.Errorf("layer %q is nil", join(b.scope, name))
	case x == nil:
		return nil, errors.Errorf("layer %q: its input is nil", join(b.scope, name))
	}
	inner := *b
	inner.scope = join(b.scope, name)
	at, before := len(b.shared.records), len(b.shared.bound)
	b.shared.records = append(b.shared.records, Record{
		Name: inner.scope, Kind: kindOf(layer), Layer: layer, Input: x, Depth: strings.Count(inner.scope, "."),
	})
	inner.record = at
	y, err := Forward(layer, &inner, x)
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

// Forward calls layer.Forward. A panic becomes an error with its stack; a result that is nil or belongs to another graph is an error, too.
// In composite layers, prefer Binder.Apply, which names the layer.
func Forward(layer Layer, b *Binder, x *G.Node) (y *G.Node, err error) {
	if isNil(layer) {
		return nil, errors.New("the layer is nil")
	}
	defer func() {
		if r := recover(); r != nil {
			y, err = nil, errors.Errorf("%s: panic: %v\n%s", kindOf(layer), r, debug.Stack())
		}
	}()
	switch y, err = layer.Forward(b, x); {
	case err != nil:
		return nil, err
	case y == nil:
		return nil, errors.Errorf("%s returned no node and no error", kindOf(layer))
	case x != nil && y.Graph() != x.Graph():
		return nil, errors.Errorf("%s returned a node of another graph", kindOf(layer))
	}
	return y, nil
}

// isNil reports whether the layer is nil, a nil pointer or a nil function.
func isNil(layer Layer) bool {
	if layer == nil {
		return true
	}
	v := reflect.ValueOf(layer)
	return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func) && v.IsNil()
}

// checkMatrix returns an error unless there is a binder and x is a matrix, of dense rows but for Dense.
func checkMatrix(kind string, b *Binder, x *G.Node) error {
	switch {
	case b == nil || b.shared == nil:
		return errors.Errorf("%s: the binder is nil; use nn.NewBinder", kind)
	case x == nil || x.Type() == nil:
		return errors.Errorf("%s: the input is nil", kind)
	case x.Dims() != 2:
		return errors.Errorf("%s: input of shape %v, want a matrix", kind, x.Shape())
	case kind != "Dense" && b.IsSparse(x):
		return errors.Errorf("%s: the input is sparse, which only Dense and Dropout read; put one in front", kind)
	}
	return nil
}

// Linear records the pre-activations z, (rows, units), of the layer being added and their weight matrix, (inputs, units), so that probes can
// observe them; or images (rows, units, height, width) and their filters, (units, channels, height, width). weight is nil for a sum without weights.
func (b *Binder) Linear(z, weight *G.Node) {
	if b != nil && b.shared != nil && b.record >= 0 && b.record < len(b.shared.records) {
		r := &b.shared.records[b.record]
		r.PreActivation, r.Weight = z, weight
	}
}

// Bound returns the parameters bound so far, in the order in which layers asked for them.
func (b *Binder) Bound() []Bound {
	if b == nil || b.shared == nil {
		return nil
	}
	return b.shared.bound
}

// Records returns the layers added so far by Apply, in order.
func (b *Binder) Records() []Record {
	if b == nil || b.shared == nil {
		return nil
	}
	return b.shared.records
}

// Graph returns the graph that layers are added to.
func (b *Binder) Graph() *G.ExprGraph {
	if b == nil {
		return nil
	}
	return b.graph
}

// kindOf returns the name of the type of a layer without package and type arguments.
func kindOf(l Layer) string {
	name, _, _ := strings.Cut(fmt.Sprintf("%T", l), "[")
	_, kind, _ := cutLast(name)
	return strings.TrimPrefix(kind, "*")
}

func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

// cutLast cuts s at its last dot. Without a dot, after is all of s.
func cutLast(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return "", s, false
}
