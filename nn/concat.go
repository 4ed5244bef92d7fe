package nn

import (
	"fmt"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Concat applies each of its layers to the same input and puts their outputs side by side, along the last axis: the branches of a network.
// A layer that reads another input (see [Binder.Input]) makes a branch of that one. It names its layers as Sequential does.
type Concat []Layer

// Forward adds the layers to the graph of x.
func (c Concat) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if len(c) == 0 {
		return nil, errors.New("Concat: no layers")
	}
	count, outputs := map[string]int{}, make([]*G.Node, len(c))
	for i, layer := range c {
		kind := strings.ToLower(kindOf(layer))
		count[kind]++
		var err error
		if outputs[i], err = b.Apply(fmt.Sprintf("%s%d", kind, count[kind]), layer, x); err != nil {
			return nil, err
		}
	}
	return ops.Concat(-1, outputs...)
}
