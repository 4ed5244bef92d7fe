package onnx

import (
	"fmt"
	"math"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// exporter turns an evaluation graph into ONNX nodes.
type exporter struct {
	graph   *graphs.Graph
	net     *graphs.Network
	options Options
	layers  map[*G.Node]string // the layer of each op
	dynamic map[*G.Node]bool   // whether a node depends on the input
	folded  map[*G.Node]G.Value
	params  map[*G.Node]string // the name of each parameter
	names   map[*G.Node]string // the ONNX value of each node seen so far
	taken   map[string]bool

	nodes        []node
	initializers []initializer
}

func newExporter(g *graphs.Graph, net *graphs.Network, o Options) (*exporter, error) {
	e := &exporter{
		graph: g, net: net, options: o, layers: layersOf(g),
		dynamic: map[*G.Node]bool{g.X: true}, folded: map[*G.Node]G.Value{},
		params: map[*G.Node]string{}, names: map[*G.Node]string{},
		taken: map[string]bool{o.InputName: true, o.OutputName: true},
	}
	for _, p := range g.Params {
		if e.taken[p.Name] {
			return nil, errors.Errorf("parameter %q has the name of the input or the output; choose another Options.InputName or OutputName", p.Name)
		}
		e.taken[p.Name] = true
		e.params[p.Node] = p.Name
	}
	return e, nil
}

// run adds all nodes: scaling, network, link.
func (e *exporter) run() error {
	e.names[e.graph.X] = e.scale(e.options.InputName)
	out, err := e.value(e.graph.Output)
	if err != nil {
		return err
	}
	link, err := e.options.link(e.net.Loss())
	if err != nil {
		return err
	}
	if link != nil {
		c := &Call{Op: "link", Inputs: []string{out}, Shapes: []tensor.Shape{e.graph.Output.Shape()}, name: "link", e: e}
		if out, err = e.translate(link, c); err != nil {
			return errors.Wrap(err, "link")
		}
	}
	e.rename(out)
	return nil
}

// rename gives the last value, out, the name of the output.
func (e *exporter) rename(out string) {
	found := false
	for i := range e.nodes {
		n := &e.nodes[i]
		if n.output == out {
			n.output, found = e.options.OutputName, true
		}
		for k, in := range n.inputs {
			if in == out && found {
				n.inputs[k] = e.options.OutputName
			}
		}
	}
	if !found { // a network that is the identity
		e.nodes = append(e.nodes, node{name: e.unique("identity"), op: "Identity", inputs: []string{out}, output: e.options.OutputName})
	}
}

// value returns the name of the ONNX value of n, after adding the nodes that it depends on.
func (e *exporter) value(n *G.Node) (string, error) {
	if name, ok := e.names[n]; ok {
		return name, nil
	}
	name, err := e.add(n)
	e.names[n] = name
	return name, err
}

func (e *exporter) add(n *G.Node) (string, error) {
	if !e.depends(n) {
		return e.fold(n)
	}
	c := &Call{Op: n.Op().String(), name: e.place(n), e: e}
	if def, ok := ops.DefOf(n); ok {
		c.Op, c.Attrs = def.Name, def.Attrs
	}
	translate := e.options.Ops[c.Op]
	if translate == nil && ops.BuiltIn(n) {
		translate = activations[c.Op]
	}
	if translate == nil {
		translate = builtin[c.Op]
	}
	if translate == nil {
		return "", errors.Errorf("layer %q: op %s has no translation; give one in Options.Ops", e.layers[n], c.Op)
	}
	for _, child := range children(n) {
		in, err := e.value(child)
		if err != nil {
			return "", err
		}
		c.Inputs, c.Shapes = append(c.Inputs, in), append(c.Shapes, child.Shape())
	}
	out, err := e.translate(translate, c)
	return out, errors.Wrapf(err, "layer %q: op %s", e.layers[n], c.Op)
}

// translate calls a translator. A panic becomes an error; so does a result that is not the output of a node.
func (e *exporter) translate(f Translator, c *Call) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = "", errors.Errorf("panic in its translation: %v\n%s", r, debug.Stack())
		}
	}()
	if out, err = f(c); err == nil && !e.taken[out] {
		err = errors.Errorf("its translation returned %q, which is no value of the model", out)
	}
	return out, err
}

// place is the name of an op in the model: layer and op.
func (e *exporter) place(n *G.Node) string {
	name := n.Op().String()
	if def, ok := ops.DefOf(n); ok {
		name = def.Name
	}
	if layer := e.layers[n]; layer != "" {
		return layer + "/" + name
	}
	return name
}

// unique returns name, followed by a number if it is taken.
func (e *exporter) unique(name string) string {
	for k, base := 2, name; e.taken[name]; k++ {
		name = fmt.Sprintf("%s_%d", base, k)
	}
	e.taken[name] = true
	return name
}

func (e *exporter) constant(name string, shape []int, values []float32) string {
	e.initializers = append(e.initializers, initializer{name, shape, values})
	return name
}

// rounded returns the elements of a value as float32, or an error if one is not finite in it.
func rounded(v G.Value) ([]float32, error) {
	var out []float32
	switch x := v.Data().(type) {
	case float32:
		out = []float32{x}
	case float64:
		out = []float32{float32(x)}
	case []float32:
		out = append(out, x...)
	case []float64:
		for _, y := range x {
			out = append(out, float32(y))
		}
	default:
		return nil, errors.Errorf("elements of type %T, want floats", v.Data())
	}
	for i, x := range out {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return nil, errors.Errorf("element %d is %v as float32", i, x)
		}
	}
	return out, nil
}

// encode returns the GraphProto.
func (e *exporter) encode(outputs int) message {
	var m message
	for _, n := range e.nodes {
		m.bytes(1, n.encode())
	}
	m.text(2, "selfnorm")
	for _, t := range e.initializers {
		m.bytes(5, t.encode())
	}
	m.bytes(11, matrixInfo(e.options.InputName, e.net.Columns()))
	m.bytes(12, matrixInfo(e.options.OutputName, outputs))
	return m
}
