package traintest

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
)

// Towns is the number of categories of the input "town" of Houses.
const Towns = 7

// Branches is a network with two inputs, a matrix and the category "town", and two outputs: the first, and "price".
type Branches struct {
	Units   int     `json:"units"`
	Kinds   int     `json:"kinds"`
	Dropout float64 `json:"dropout"`
}

func init() {
	if err := graphs.Register("traintest.branches", Branches{}); err != nil {
		panic(err)
	}
}

// Forward adds the network.
func (n Branches) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	town, err := b.Input("town")
	if err != nil {
		return nil, err
	}
	left, err := b.Apply("numbers", nn.Dense{Units: n.Units}, x)
	if err != nil {
		return nil, err
	}
	right, err := b.Apply("place", nn.Embedding{Dim: n.Units}, town)
	if err != nil {
		return nil, err
	}
	joint, err := ops.Add(left, right)
	if err != nil {
		return nil, err
	}
	joint, err = b.Apply("joint", nn.Sequential{nn.Func(ops.SELU), nn.AlphaDropout{Rate: n.Dropout}, nn.Dense{Units: n.Units, Activation: ops.SELU}}, joint)
	if err != nil {
		return nil, err
	}
	price, err := b.Apply("value", nn.Dense{Units: 1}, joint)
	if err != nil {
		return nil, err
	}
	if err := b.Output("price", price); err != nil {
		return nil, err
	}
	return b.Apply("kind", nn.Dense{Units: n.Kinds}, joint)
}

// NewBranches returns a Branches network for Houses. The loss of the price has the weight 2.
func NewBranches(t testing.TB, options ...graphs.Option) *graphs.Network {
	t.Helper()
	options = append([]graphs.Option{graphs.Seed(1), graphs.OutputName("kind"), graphs.OutputNames("hut", "house", "tower"),
		graphs.WithOutput(graphs.Output{Name: "price", Loss: graphs.MSE, Weight: 2})}, options...)
	net, err := graphs.New(Branches{Units: 16, Kinds: 3, Dropout: 0.05}, Houses(1, 1).Inputs(), graphs.CrossEntropy, options...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Houses returns rows of three numbers and a town, with a kind and a price that depend on them. Every fifth price is missing.
func Houses(rows int, seed uint64) train.Named {
	r := rand.New(rand.NewPCG(seed, 0))
	town := make([]int, rows)
	for i := range town {
		town[i] = r.IntN(Towns)
	}
	x := Matrix(rows, 3, func(int, int) float64 { return r.NormFloat64() })
	at := func(i, j int) float64 { return float64(x.Float32s()[3*i+j]) }
	return train.Named{
		Features: []train.Feature{{Name: "numbers", X: x, Columns: []string{"size", "age", "rooms"}}, {Name: "town", Categories: town, Width: Towns}},
		Targets: []train.Target{
			{Name: "kind", Y: Vector(rows, func(i int) float64 { return float64((town[i] + r.IntN(2)) % 3) })},
			{Name: "price", Y: Matrix(rows, 1, func(i, _ int) float64 { return at(i, 0) - 0.5*at(i, 1) + 0.3*float64(town[i]) + 0.1*r.NormFloat64() }),
				Weights: Vector(rows, func(i int) float64 { return min(1, float64(i%5)) })},
		},
	}
}
