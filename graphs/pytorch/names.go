package pytorch

import (
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// entry is a parameter and its name in PyTorch.
type entry struct {
	*nn.Param
	torch  string
	column bool // a vector that is a matrix of one column in PyTorch
	table  bool // an embedding: a matrix that is not transposed in PyTorch
}

// batchCount is the name of the tensor in which PyTorch counts the batches of running statistics.
const batchCount = "num_batches_tracked"

// tablesOf returns the names of the parameters of embeddings.
func tablesOf(net *graphs.Network) (map[string]bool, error) {
	g, err := net.Build(net.Config(graphs.Evaluate, 1).Unlabelled())
	if err != nil {
		return nil, err
	}
	tables := map[string]bool{}
	for _, l := range g.Layers {
		switch l.Layer.(type) {
		case nn.Embedding, *nn.Embedding:
			for _, p := range l.Params {
				tables[p.Name] = true
			}
		}
	}
	return tables, nil
}

// entries returns all parameters with their names in PyTorch, or an error if two would have the same name. tables are those of tablesOf.
func entries(params *nn.Params, tables map[string]bool) ([]entry, error) {
	seen := map[string]string{}
	var out []entry
	for _, p := range params.All() {
		e := rename(p, params)
		e.table = tables[p.Name]
		if other, ok := seen[e.torch]; ok {
			return nil, errors.Errorf("parameters %q and %q would both be %q in PyTorch", other, p.Name, e.torch)
		}
		seen[e.torch] = p.Name
		out = append(out, e)
	}
	return out, nil
}

// pairs holds the names that differ in PyTorch. A parameter gets the name torch if its layer has another one called partner.
var pairs = map[string]struct {
	partner, torch string
	state          bool
}{
	"gamma":    {"beta", "weight", false},
	"beta":     {"gamma", "bias", false},
	"mean":     {"variance", "running_mean", true},
	"variance": {"mean", "running_var", true},
	"v":        {"gain", "weight_v", false},
	"gain":     {"v", "weight_g", false},
}

func rename(p *nn.Param, params *nn.Params) entry {
	at := strings.LastIndexByte(p.Name, '.') + 1
	layer, name := p.Name[:at], p.Name[at:]
	pair, ok := pairs[name]
	if !ok || params.Get(layer+pair.partner) == nil || pair.state == p.Trainable {
		return entry{Param: p, torch: p.Name}
	}
	return entry{Param: p, torch: layer + pair.torch, column: name == "gain" && p.Value.Dims() == 1}
}

// shape is the shape in PyTorch.
func (e entry) shape() tensor.Shape {
	s := e.Value.Shape()
	switch {
	case e.column:
		return tensor.Shape{s[0], 1}
	case e.transposed():
		return tensor.Shape{s[1], s[0]}
	}
	return s
}

// transposed reports whether the parameter is a matrix that is transposed in PyTorch.
func (e entry) transposed() bool { return e.Value.Dims() == 2 && !e.table }

// transposed returns the elements of a row-major matrix in the order of its transpose.
func transposed[T float32 | float64](x []T, rows, cols int) []T {
	out := make([]T, len(x))
	for i := range rows {
		for j := range cols {
			out[j*rows+i] = x[i*cols+j]
		}
	}
	return out
}
