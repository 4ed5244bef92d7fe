package main

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/search"
)

// residual is the name of the network whose depth counts blocks.
const residual = "resnet"

// mostBlocks is the largest number of residual blocks in the paper.
const mostBlocks = 16

// depths returns the depths of a network.
func (o *options) depths(net string) (all []int) {
	for _, n := range o.layers {
		if net != residual || n <= mostBlocks {
			all = append(all, n)
		}
	}
	return all
}

// settings returns the settings to try for a network of some depth. The quick grid has our number of units, dropout on the input as in
// examples/tox21, and Adam; the paper's grid is that of its tables A14 to A20. Both have dropout in the same networks.
func (o *options) settings(net string, layers int) ([]search.Point, error) {
	space := search.Space{search.Int("units", o.units), search.Choice("form", "rectangular"), search.Float("rate", 0.0003, 0.001), search.Float("l2", 0)}
	if o.grid == paper {
		form := []string{"rectangular", "conic"}
		if net == residual {
			form[1] = "diavolo"
		}
		space = search.Space{
			search.Int("units", 1024, 2048), search.Choice("form", form...), search.Float("rate", 0.01, 0.05, 0.1), search.Float("l2", 1e-3, 1e-4, 1e-5),
		}
	}
	switch net {
	case "snn":
		space = append(space, search.Float("dropout", 0.05, 0.1))
	case "msrainit", "highway", "layernorm", "weightnorm":
		space = append(space, search.Float("dropout", 0, 0.5))
	default:
		space = append(space, search.Float("dropout", 0))
	}
	if net == residual {
		space = append(space, search.Float("bottleneck", 0.25, 0.5))
	}
	points, err := space.Grid()
	for i, p := range points {
		points[i] = append(search.Point{}.With("net", net).With("layers", layers), p...)
	}
	return points, errors.Wrapf(err, "grid of %s", net)
}

// inputDropout is the rate of dropout on the input in the quick grid. The paper does not say whether it has any.
const inputDropout = 0.4

// layer returns the network that a point describes.
func (o *options) layer(p search.Point) (nn.Layer, error) {
	h := graphs.Hidden{Outputs: tox21.NumTasks}
	if o.grid == quick {
		h.InputDropout = inputDropout
	}
	var net, form string
	err := p.Read(map[string]any{"net": &net, "form": &form, "layers": &h.Layers, "units": &h.Units, "dropout": &h.Dropout})
	if err != nil {
		return nil, err
	}
	if h.Profile, err = graphs.ParseWidthProfile(form); err != nil {
		return nil, err
	}
	if net == residual {
		bottleneck, err := p.Float("bottleneck")
		return graphs.ResNet{Hidden: h, Bottleneck: bottleneck}, err
	}
	return graphs.ByName(net, h)
}

// rule returns the optimizer that a point describes.
func (o *options) rule(p search.Point) (optim.Rule, error) {
	rate, err := p.Float("rate")
	if err != nil {
		return nil, err
	}
	l2, err := p.Float("l2")
	if o.grid == paper {
		return optim.SGD{Rate: rate, L2: l2}, err
	}
	return optim.Adam{Rate: rate, L2: l2}, err
}

// schedule is that of the rate: in the quick grid it falls along half a cosine, so that the last epoch is the one to take.
func (o *options) schedule() (optim.Schedule, error) {
	if o.grid == paper {
		return nil, nil
	}
	return optim.ParseSchedule("cosine")
}
