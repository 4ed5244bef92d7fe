// Package paper holds what the experiments of the paper share: flags, the hyperparameters to try, and the network that a point of
// the grid describes.
package paper

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/search"
)

// Grids are the names of grids that Grid knows.
var Grids = []string{"quick", "sgd", "paper"}

// Grid returns the points to try for a network: "quick" for Adam, "sgd" for plain gradient descent, or "paper", those of the paper's
// appendix, also for plain gradient descent. All use dropout in the same networks as the paper.
func Grid(name, net string) ([]search.Point, error) {
	layers, rates := []int{2, 4, 8}, []float64{0.001, 0.01}
	units, forms := []int{128}, []string{"rectangular"}
	switch name {
	case "sgd":
		layers, rates = []int{2, 4, 8, 16}, []float64{0.01, 0.1}
	case "paper":
		layers, rates = []int{2, 3, 4, 8, 16, 32}, []float64{0.01, 0.1, 1}
		units, forms = []int{256, 512, 1024}, []string{"rectangular", "conic"}
	}
	dropout, bottleneck := []float64{0}, []float64(nil)
	switch net {
	case "snn":
		dropout = []float64{0, 0.05}
	case "msrainit", "highway":
		dropout = []float64{0, 0.5}
	case "resnet":
		bottleneck = []float64{0.25, 0.5}
		if name == "paper" {
			layers, forms = []int{2, 3, 4, 8, 16}, []string{"rectangular", "diavolo"}
		}
	}
	space := search.Space{
		search.Int("layers", layers...), search.Int("units", units...), search.Choice("form", forms...),
		search.Float("rate", rates...), search.Float("dropout", dropout...),
	}
	if bottleneck != nil {
		space = append(space, search.Float("bottleneck", bottleneck...))
	}
	points, err := space.Grid()
	for i, p := range points {
		points[i] = append(search.Point{}.With("net", net), p...)
	}
	return points, errors.Wrapf(err, "grid of %s", net)
}

// Network returns the network that a point of a grid describes, for a data set and a loss, and its learning rate.
func Network(p search.Point, set *datasets.Set, loss graphs.Loss, seed uint64) (*graphs.Network, float64, error) {
	layer, rate, err := layer(p, set.Outputs())
	if err != nil {
		return nil, 0, err
	}
	net, err := graphs.New(layer, set.Inputs(), loss, graphs.Seed(seed))
	return net, rate, err
}

// layer returns the network as a layer, and its learning rate.
func layer(p search.Point, outputs int) (nn.Layer, float64, error) {
	var net, form string
	var rate, bottleneck float64
	hidden := graphs.Hidden{Outputs: outputs}
	targets := map[string]any{
		"net": &net, "form": &form, "rate": &rate, "layers": &hidden.Layers, "units": &hidden.Units, "dropout": &hidden.Dropout,
	}
	residual := false
	for _, param := range p {
		if param.Name == "bottleneck" {
			targets["bottleneck"], residual = &bottleneck, true
		}
	}
	err := p.Read(targets)
	if err != nil {
		return nil, 0, err
	}
	if hidden.Profile, err = graphs.ParseWidthProfile(form); err != nil {
		return nil, 0, err
	}
	if residual {
		return graphs.ResNet{Hidden: hidden, Bottleneck: bottleneck}, rate, nil
	}
	model, err := graphs.ByName(net, hidden)
	return model, rate, err
}

// Optimizer returns Adam for the rates of the quick grid, and plain gradient descent for the other grids.
func Optimizer(grid string, rate float64) optim.Rule {
	if grid != "quick" {
		return optim.SGD{Rate: rate}
	}
	return optim.Adam{Rate: rate}
}
