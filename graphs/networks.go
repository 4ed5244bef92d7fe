package graphs

import (
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// networks are the seven of the paper, in its order.
var networks = []struct {
	name string
	make func(h Hidden) nn.Layer
}{
	{"snn", func(h Hidden) nn.Layer { return SNN(h) }},
	{"msrainit", func(h Hidden) nn.Layer { return MSRAinit(h) }},
	{"batchnorm", func(h Hidden) nn.Layer { return BatchNorm(h) }},
	{"layernorm", func(h Hidden) nn.Layer { return LayerNorm(h) }},
	{"weightnorm", func(h Hidden) nn.Layer { return WeightNorm(h) }},
	{"highway", func(h Hidden) nn.Layer { return Highway(h) }},
	{"resnet", func(h Hidden) nn.Layer { return ResNet{Hidden: h} }},
}

// Networks returns the names of the networks that Network knows.
func Networks() []string {
	var names []string
	for _, n := range networks {
		names = append(names, n.name)
	}
	return names
}

// Network returns the network of that name, or an error that lists the names.
func Network(name string, h Hidden) (nn.Layer, error) {
	for _, n := range networks {
		if n.name == name {
			return n.make(h), nil
		}
	}
	return nil, errors.Errorf("network %q, want one of %s", name, strings.Join(Networks(), ", "))
}
