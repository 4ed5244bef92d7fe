package callback

import (
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
)

// seluNet holds the layers to watch in a network that normalizes itself: one with affine maps directly before SELU, and such
// activations before another affine map.
type seluNet struct {
	layers          []layerAt   // those that are large enough to be judged
	ordinary, alpha []dropoutAt // those that drop activations of SELU
	input           *G.Node     // the first matrix among the inputs that an affine map multiplies, rather than something that normalizes it; or nil
}

// layerAt is a layer of SELU units.
type layerAt struct {
	probe         int // its index
	inputs, units int
	hidden        bool // its inputs are activations of SELU
	lecun         bool // its weights start as LeCun normal ones by default
}

type dropoutAt struct {
	name string
	rate float64
}

// newSELUNet returns nil for other networks.
func newSELUNet(g *graphs.Graph, probes []graphs.Probe) *seluNet {
	active := map[*G.Node]bool{}    // activations of SELU, dropped or not
	inputs := map[*G.Node]*G.Node{} // matrices among the inputs of the network, dropped or not
	lecun := map[*G.Node]bool{}     // weights
	for i, in := range g.Config().Inputs {
		if in.Kind == batch.Dense {
			inputs[g.Inputs[i]] = g.Inputs[i]
		}
	}
	for _, p := range probes {
		if p.SELU && p.Weight != nil {
			active[p.Activation] = true
		}
	}
	net := &seluNet{}
	for _, r := range g.Layers { // in the order of the forward pass
		switch d := r.Layer.(type) {
		case nn.Dense:
			lecun[r.Weight] = d.WeightInit == nil
		case *nn.Dense:
			lecun[r.Weight] = d != nil && d.WeightInit == nil
		}
		rate, ok := graphs.Dropout(r)
		if ok && inputs[r.Input] != nil {
			inputs[r.Output] = inputs[r.Input]
		}
		if !ok || rate == 0 || !active[r.Input] {
			continue
		}
		active[r.Output] = true
		switch r.Layer.(type) {
		case nn.Dropout, *nn.Dropout:
			net.ordinary = append(net.ordinary, dropoutAt{r.Name, rate})
		default:
			net.alpha = append(net.alpha, dropoutAt{r.Name, rate})
		}
	}
	normalizes := false
	for i, p := range probes {
		if p.Weight == nil {
			continue
		}
		if net.input == nil {
			net.input = inputs[p.Input]
		}
		hidden := active[p.Input]
		normalizes = normalizes || hidden
		if p.SELU && p.Weight.Dims() == 2 { // the pixels of an image are no independent samples
			inputs, units := p.Weight.Shape()[0], p.Weight.Shape()[1]
			if units >= fewestUnits && inputs*units >= fewestWeights {
				net.layers = append(net.layers, layerAt{probe: i, inputs: inputs, units: units, hidden: hidden, lecun: lecun[p.Weight]})
			}
		}
	}
	if !normalizes {
		return nil
	}
	return net
}
