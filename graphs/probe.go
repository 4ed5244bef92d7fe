package graphs

import (
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Probe observes a layer of a graph. It adds nothing to the graph: its nodes keep the values of the last run until the next one.
type Probe struct {
	// Name and Kind are those of the layer's record.
	Name, Kind string
	// PreActivation and Activation are the input and the output of its activation, (rows, units) or images (rows, units, height, width),
	// before any dropout.
	// They are the same node in a layer without activation, and in one that has not recorded its pre-activations.
	PreActivation, Activation *G.Node
	// Weight is the weight matrix, (inputs, units), or filters (units, channels, height, width), and Input what it multiplies. They are nil in a layer without weights.
	Weight, Input *G.Node
	// SELU reports whether the activation is ops.SELU.
	SELU bool

	graph   *Graph
	workers *kernel.Workers
	columns *columnMoments // buffers that the probes of a graph share
}

// Probes returns the probes of all layers in the order of the forward pass. A layer without activation and an activation right after it, as
// in nn.Dense{}, nn.Func(ops.SELU) or nn.Dense{}, nn.PReLU{}, share one. Dropout layers, and layers that return the output of a layer inside them, have none. The
// probes share buffers, so they are not safe for concurrent use.
func (g *Graph) Probes() []Probe {
	if g == nil {
		return nil
	}
	var probes []Probe
	columns := &columnMoments{}
	for i, r := range g.Layers {
		if _, ok := Dropout(r); ok || r.Output == r.Input || !observable(r) || handsOn(g.Layers[i:]) {
			continue
		}
		if n := len(probes); n > 0 && isFunc(r) && probes[n-1].linear() && r.Input == probes[n-1].Activation {
			probes[n-1].activate(r.Output)
			continue
		}
		p := Probe{Name: r.Name, Kind: r.Kind, PreActivation: r.PreActivation, Weight: r.Weight, graph: g, workers: g.config.Workers, columns: columns}
		if r.Weight != nil {
			p.Input = r.Input
		}
		if p.PreActivation == nil {
			p.PreActivation = r.Output
			if isFunc(r) && r.Input.Shape().Eq(r.Output.Shape()) && !g.isInput(r.Input) {
				p.PreActivation = r.Input
			}
		}
		p.activate(r.Output)
		probes = append(probes, p)
	}
	return probes
}

// isInput reports whether n is an input that need not be a matrix of numbers: a function of it is no activation.
func (g *Graph) isInput(n *G.Node) bool {
	k := slices.Index(g.Inputs, n)
	return k >= 0 && g.config.Inputs[k].Kind != batch.Dense
}

// observable reports whether a layer has units: its output is a matrix, or images of filters or of an activation. Layers that pool images or
// give them another shape have none.
func observable(r nn.Record) bool {
	switch r.Layer.(type) {
	case nn.Flatten, *nn.Flatten, nn.Reshape, *nn.Reshape:
		return false
	}
	return r.Output.Dims() == 2 || r.Output.Dims() == 4 && (r.PreActivation != nil || isFunc(r))
}

// linear reports whether p is an affine map without activation.
func (p *Probe) linear() bool { return p.Weight != nil && p.Activation == p.PreActivation }

func (p *Probe) activate(y *G.Node) {
	p.Activation = y
	p.SELU = y != p.PreActivation && y.Op() != nil && y.Op().String() == "SELU"
}

// isFunc reports whether the layer is an activation alone.
func isFunc(r nn.Record) bool {
	switch r.Layer.(type) {
	case nn.Func, nn.SELU, *nn.SELU, nn.PReLU, *nn.PReLU, nn.ParametricSELU, *nn.ParametricSELU:
		return true
	}
	return false
}

// handsOn reports whether the output of the first layer is that of a layer inside it, which is one of the following records.
func handsOn(layers []nn.Record) bool {
	for _, inner := range layers[1:] {
		if inner.Depth <= layers[0].Depth {
			return false
		}
		if inner.Output == layers[0].Output {
			return true
		}
	}
	return false
}

// Dropout returns the rate of a dropout or alpha dropout layer. ok is false for other layers.
func Dropout(r nn.Record) (rate float64, ok bool) {
	switch d := r.Layer.(type) {
	case nn.AlphaDropout:
		return d.Rate, true
	case *nn.AlphaDropout:
		if d != nil {
			return d.Rate, true
		}
	case nn.Dropout:
		return d.Rate, true
	case *nn.Dropout:
		if d != nil {
			return d.Rate, true
		}
	case nn.ChannelAlphaDropout:
		return d.Rate, true
	case *nn.ChannelAlphaDropout:
		if d != nil {
			return d.Rate, true
		}
	}
	return 0, false
}

// Read returns the statistics of the last run of the graph. Before the first run it returns an error that names the layer.
func (p *Probe) Read() (LayerMoments, error) {
	if p == nil || p.graph == nil {
		return LayerMoments{}, errors.New("graphs: the probe has no graph; use Graph.Probes")
	}
	m := LayerMoments{Name: p.Name}
	var err error
	if m.PreMean, m.PreVariance, err = p.moments(p.PreActivation); err != nil {
		return m, errors.Wrapf(err, "graphs: pre-activations of layer %q", p.Name)
	}
	m.Mean, m.Variance = m.PreMean, m.PreVariance
	if p.Activation != p.PreActivation {
		if m.Mean, m.Variance, err = p.moments(p.Activation); err != nil {
			return m, errors.Wrapf(err, "graphs: activations of layer %q", p.Name)
		}
	}
	if p.Weight == nil {
		return m, nil
	}
	if err := p.columns.ofWeights(p.graph.Value(p.Weight), p.workers); err != nil {
		return m, errors.Wrapf(err, "graphs: weights of layer %q", p.Name)
	}
	p.columns.weights(&m)
	return m, nil
}

func (p *Probe) moments(n *G.Node) (mean, variance float64, err error) {
	if err := p.columns.of(p.graph.Value(n), p.workers); err != nil {
		return 0, 0, err
	}
	mean, variance = p.columns.pooled()
	return mean, variance, nil
}
