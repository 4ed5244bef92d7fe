package graphs

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// layerGradients returns the nodes of the gradients that a GradientProbe reads.
func (g *Graph) layerGradients() (nodes []*G.Node) {
	for _, l := range g.Layers {
		for _, n := range []*G.Node{l.PreActivation, l.Output, l.Weight} {
			if n != nil && n.Deriv() != nil {
				nodes = append(nodes, n.Deriv())
			}
		}
	}
	return nodes
}

// GradientProbe reads the gradients of the loss at a layer of a training graph.
type GradientProbe struct {
	// Name is that of the layer.
	Name string
	// PreActivation, Activation and Weight are the gradients with respect to the nodes of the Probe of the layer. They are nil
	// where the graph does not compute them, as for a layer below all trainable parameters, or one whose weights are frozen.
	PreActivation, Activation, Weight *G.Node

	graph *Graph
}

// GradientProbes returns a probe of the gradients for each of Probes, in the same order. They need a training graph that was built with
// Config.LayerGradients; without one there are none.
func (g *Graph) GradientProbes() []GradientProbe {
	if g == nil || g.config.Mode != Train || !g.config.LayerGradients {
		return nil
	}
	computed := map[*G.Node]bool{}
	for _, n := range g.G.AllNodes() {
		computed[n] = true
	}
	gradient := func(n *G.Node) *G.Node {
		if n == nil || !computed[n.Deriv()] {
			return nil
		}
		return n.Deriv()
	}
	var probes []GradientProbe
	for _, p := range g.Probes() {
		probes = append(probes, GradientProbe{p.Name, gradient(p.PreActivation), gradient(p.Activation), gradient(p.Weight), g})
	}
	return probes
}

// Read sets the variances of the gradients in m, those of the last run of the graph. A gradient that the graph does not compute has the variance 0.
// Before the first run it returns an error that names the layer.
func (p *GradientProbe) Read(m *LayerMoments) error {
	if p == nil || p.graph == nil || m == nil {
		return errors.New("graphs: the probe has no graph, or no place for its moments; use Graph.GradientProbes")
	}
	for _, x := range []struct {
		node *G.Node
		to   *float64
	}{{p.PreActivation, &m.PreGradientVariance}, {p.Activation, &m.GradientVariance}, {p.Weight, &m.WeightGradientVariance}} {
		if *x.to = 0; x.node == nil {
			continue
		}
		v, ok := p.graph.Value(x.node).(*tensor.Dense)
		if !ok {
			return errors.Errorf("graphs: gradients of layer %q: there is no value yet; run the graph first", p.Name)
		}
		var err error
		if *x.to, err = varianceOf(v); err != nil {
			return errors.Wrapf(err, "graphs: gradients of layer %q", p.Name)
		}
	}
	return nil
}

// varianceOf returns the population variance of all elements. Gradients may be so small that their squares vanish in float32.
func varianceOf(t *tensor.Dense) (float64, error) {
	switch x := t.Data().(type) {
	case []float32:
		return variance(x), nil
	case []float64:
		return variance(x), nil
	}
	return 0, errors.Errorf("dtype %v, want float32 or float64", t.Dtype())
}

// variance sums in four lanes, which is four times as fast. The mean of a gradient is small beside its standard deviation,
// so that the difference of the sums loses few digits.
func variance[T float32 | float64](x []T) float64 {
	if len(x) == 0 {
		return 0
	}
	var sum, squares [4]float64
	rest := x
	for ; len(rest) >= 4; rest = rest[4:] {
		a, b, c, d := float64(rest[0]), float64(rest[1]), float64(rest[2]), float64(rest[3])
		sum[0], sum[1], sum[2], sum[3] = sum[0]+a, sum[1]+b, sum[2]+c, sum[3]+d
		squares[0], squares[1], squares[2], squares[3] = squares[0]+a*a, squares[1]+b*b, squares[2]+c*c, squares[3]+d*d
	}
	for _, v := range rest {
		sum[0], squares[0] = sum[0]+float64(v), squares[0]+float64(v)*float64(v)
	}
	n := float64(len(x))
	mean := (sum[0] + sum[1] + sum[2] + sum[3]) / n
	return max(0, (squares[0]+squares[1]+squares[2]+squares[3])/n-mean*mean)
}
