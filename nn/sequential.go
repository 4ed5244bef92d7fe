package nn

import (
	"fmt"
	"strings"

	G "gorgonia.org/gorgonia"
)

// Sequential applies layers one after another. It names them by their type and a count per type: dense1, alphadropout1, dense2.
type Sequential []Layer

// Forward adds the layers to the graph of x.
func (s Sequential) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	count := map[string]int{}
	for _, layer := range s {
		kind := strings.ToLower(kindOf(layer))
		count[kind]++
		var err error
		if x, err = b.Apply(fmt.Sprintf("%s%d", kind, count[kind]), layer, x); err != nil {
			return nil, err
		}
	}
	return x, nil
}
