package onnx

import (
	"fmt"
	"math"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
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
	twin    *twin // made when it is needed

	nodes        []node
	initializers []initializer
}

func newExporter(g *graphs.Graph, net *graphs.Network, o Options) (*exporter, error) {
	e := &exporter{
		graph: g, net: net, options: o, layers: layersOf(g),
		dynamic: map[*G.Node]bool{}, folded: map[*G.Node]G.Value{},
		params: map[*G.Node]string{}, names: map[*G.Node]string{},
		taken: map[string]bool{},
	}
	for i, in := range net.Inputs {
		e.dynamic[g.Inputs[i]], e.taken[o.inputName(i, in)] = true, true
	}
	for i, out := range net.Outputs {
		e.taken[o.outputName(i, out)] = true
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

// run adds all nodes: those of the inputs, network, links.
func (e *exporter) run() error {
	for i, in := range e.net.Inputs {
		name := e.options.inputName(i, in)
		if in.Kind == batch.Category { // the network's ops take floats
			c := &Call{name: "category", e: e}
			name = c.Add("Cast", []string{name}, Int("to", floatType))
		}
		e.names[e.graph.Inputs[i]] = e.scale(name, e.options.scaling(i, in))
	}
	var outputs []string
	for i, o := range e.net.Outputs {
		out, err := e.output(i, o)
		if err != nil && len(e.net.Outputs) > 1 {
			return errors.Wrapf(err, "output %q", o.Name)
		} else if err != nil {
			return err
		}
		outputs = append(outputs, out)
	}
	renamed := map[string]string{}
	for i, o := range e.net.Outputs {
		name, out := e.options.outputName(i, o), outputs[i]
		if before, ok := renamed[out]; ok { // two outputs of one value
			e.nodes = append(e.nodes, node{name: e.unique("identity"), op: "Identity", inputs: []string{before}, output: name})
			continue
		}
		if e.rename(out, name) {
			renamed[out] = name
		}
	}
	return nil
}

// output adds what output i needs and its link, and returns the name of its value.
func (e *exporter) output(i int, o graphs.Output) (string, error) {
	n := e.graph.Outputs[i].Node
	out, err := e.value(n)
	if err != nil {
		return "", err
	}
	link, err := e.options.link(i, o)
	if err != nil {
		return "", err
	}
	if link != nil || !e.options.Logits {
		out = e.calibrate(out, o.Calibration, n.Shape()[1])
	}
	if link == nil {
		return out, nil
	}
	c := &Call{Op: "link", Inputs: []string{out}, Shapes: []tensor.Shape{n.Shape()}, name: "link", e: e}
	out, err = e.translate(link, c)
	return out, errors.Wrap(err, "link")
}

// rename gives the value out the name of an output. It returns false if no node computes it, as in a network that is the identity: then
// a new node does.
func (e *exporter) rename(out, name string) bool {
	found := false
	for i := range e.nodes {
		n := &e.nodes[i]
		if n.output == out {
			n.output, found = name, true
		}
		for k, in := range n.inputs {
			if in == out && found {
				n.inputs[k] = name
			}
		}
	}
	if !found {
		e.nodes = append(e.nodes, node{name: e.unique("identity"), op: "Identity", inputs: []string{out}, output: name})
	}
	return found
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
	c := &Call{Op: n.Op().String(), name: e.place(n), node: n, nodes: children(n), e: e}
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
func (e *exporter) encode() message {
	var m message
	for _, n := range e.nodes {
		m.bytes(1, n.encode())
	}
	m.text(2, "selfnorm")
	for _, t := range e.initializers {
		m.bytes(5, t.encode())
	}
	for i, in := range e.net.Inputs {
		name := e.options.inputName(i, in)
		switch in.Kind {
		case batch.Category:
			m.bytes(11, valueInfo(name, intType))
		case batch.Image:
			m.bytes(11, valueInfo(name, floatType, in.Shape...))
		default:
			m.bytes(11, valueInfo(name, floatType, in.Width))
		}
	}
	for i, o := range e.net.Outputs {
		m.bytes(12, valueInfo(e.options.outputName(i, o), floatType, o.Width))
	}
	return m
}
