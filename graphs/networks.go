package graphs

import (
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// network is a network that is known by name.
type network struct {
	name string
	make func(h Hidden) nn.Layer
}

// networks are the seven of the paper, in its order, and those of Register.
var networks = []network{
	{"snn", func(h Hidden) nn.Layer { return SNN(h) }},
	{"msrainit", func(h Hidden) nn.Layer { return MSRAinit(h) }},
	{"batchnorm", func(h Hidden) nn.Layer { return BatchNorm(h) }},
	{"layernorm", func(h Hidden) nn.Layer { return LayerNorm(h) }},
	{"weightnorm", func(h Hidden) nn.Layer { return WeightNorm(h) }},
	{"highway", func(h Hidden) nn.Layer { return Highway(h) }},
	{"resnet", func(h Hidden) nn.Layer { return ResNet{Hidden: h} }},
}

var networksMu sync.RWMutex

// Register makes a network of one's own known by a name, to Network, Networks, Spec and so to flags, searches and saved files.
// The network that make returns must depend on its argument alone, and the meaning of a name must not change as long as there
// are files with it. Call it in an init function. As with database/sql, it panics if the name is empty or taken or make is nil.
func Register(name string, make func(h Hidden) nn.Layer) {
	networksMu.Lock()
	defer networksMu.Unlock()
	if name == "" || make == nil {
		panic("graphs: Register without a name or a function")
	}
	for _, n := range networks {
		if n.name == name {
			panic("graphs: Register called twice for " + name)
		}
	}
	networks = append(networks, network{name, make})
}

// known is a snapshot of the networks.
func known() []network {
	networksMu.RLock()
	defer networksMu.RUnlock()
	return slices.Clone(networks)
}

// Networks returns the names of the networks that Network knows.
func Networks() []string {
	var names []string
	for _, n := range known() {
		names = append(names, n.name)
	}
	return names
}

// Network returns the network of that name, or an error that lists the names.
func Network(name string, h Hidden) (nn.Layer, error) {
	for _, n := range known() {
		if n.name == name {
			return n.make(h), nil
		}
	}
	return nil, errors.Errorf("network %q, want one of %s", name, strings.Join(Networks(), ", "))
}
