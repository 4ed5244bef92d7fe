package train_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// sparseRows returns rows of which a tenth of the elements is not 0, dense and sparse, with two classes. Some rows are all 0.
func sparseRows(rows, columns int, seed uint64) (dense train.Matrix, sparse train.Named) {
	r := rand.New(rand.NewPCG(seed, 0))
	x := make([]float32, rows*columns)
	index, start, values := []int{}, []int{0}, []float32{}
	for i := range rows {
		for j := range columns {
			if i%7 != 0 && r.IntN(10) == 0 {
				x[i*columns+j] = float32(r.NormFloat64())
				index, values = append(index, j), append(values, x[i*columns+j])
			}
		}
		start = append(start, len(index))
	}
	y := vector(rows, func(i int) float64 { return math.Round(1 / (1 + math.Exp(-float64(x[i*columns])))) })
	return train.Matrix{X: tensor.New(tensor.WithShape(rows, columns), tensor.WithBacking(x)), Y: y},
		train.Named{Features: []train.Feature{{Sparse: tensor.NewCSR(index, start, values, tensor.WithShape(rows, columns))}}, Targets: []train.Target{{Y: y}}}
}

// A network learns the same from sparse rows as from the same rows dense, predicts and judges the same, and is resumed with the same bits.
func TestSparseInput(t *testing.T) {
	dense, sparse := sparseRows(150, 40, 1)
	layer := nn.Sequential{nn.Dense{Units: 8, Activation: ops.SELU}, nn.Dense{Units: 2}}
	network := func(d train.Data) *graphs.Network {
		net, err := graphs.New(layer, d.Inputs(), graphs.CrossEntropy, graphs.Seed(2), graphs.Dtype(tensor.Float64))
		if err != nil {
			t.Fatal(err)
		}
		return net
	}
	config := func() train.Config {
		return train.Config{Epochs: 4, Batch: 32, Seed: 4, Optimizer: optim.SGD{Rate: 0.1}, Warn: func(string) {}}
	}
	a, b := network(dense), network(sparse)
	fit(t, a, dense, config())
	fit(t, b, sparse, config())
	for _, p := range a.Params.All() {
		for i, v := range b.Params.Get(p.Name).Value.Float64s() {
			if want := p.Value.Float64s()[i]; math.Abs(v-want) > 1e-10 {
				t.Fatalf("%s: element %d is %v, dense %v", p.Name, i, v, want)
			}
		}
	}
	want, got := evaluate(t, a, dense), evaluate(t, b, sparse)
	for i, v := range got.Values {
		if math.Abs(v-want.Values[i]) > 1e-10 || math.Abs(got.Loss-want.Loss) > 1e-10 {
			t.Fatalf("prediction %d is %v, dense %v; loss %v and %v", i, v, want.Values[i], got.Loss, want.Loss)
		}
	}
	for _, threads := range []int{1, 2} {
		c := config()
		c.Threads, c.Checkpoint = threads, &train.Checkpoint{Dir: t.TempDir(), EverySteps: 1}
		traintest.CancelAfter(t, 7, network(sparse), sparse, c)
		c = config()
		c.Threads, c.Checkpoint = threads, &train.Checkpoint{Dir: t.TempDir(), EverySteps: 1, Resume: true}
		net := network(sparse)
		fit(t, net, sparse, c)
		sameBits(t, "resumed", net.Params, b.Params)
	}
}

// A category may be the only input.
func TestCategoryInput(t *testing.T) {
	town := make([]int, 60)
	for i := range town {
		town[i] = i * 7 % 5
	}
	d := train.Named{Features: []train.Feature{{Categories: town, Width: 5}}, Targets: []train.Target{{Y: vector(60, func(i int) float64 { return float64(town[i] % 2) })}}}
	net, err := graphs.New(nn.Sequential{nn.Embedding{Dim: 8}, nn.Dense{Units: 8, Activation: ops.SELU}, nn.Dense{Units: 2}}, d.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	h := fit(t, net, d, train.Config{Epochs: 60, Batch: 20, Optimizer: optim.Adam{Rate: 0.02}, TrainingMetrics: true})
	if last := h.Epochs[59].Training.Loss; !(last < 0.1) {
		t.Errorf("loss %v", last)
	}
}

// Images of a matrix reach the network with their shape.
func TestImageInput(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x := make([]float32, 40*2*3*4)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	images := train.Matrix{X: tensor.New(tensor.WithShape(40, 2, 3, 4), tensor.WithBacking(x)), Y: vector(40, func(i int) float64 { return float64(i % 2) })}
	flat := train.Matrix{X: tensor.New(tensor.WithShape(40, 24), tensor.WithBacking(x)), Y: images.Y}
	head := nn.Dense{Units: 2}
	net, err := graphs.New(nn.Sequential{nn.Func(flatten), head}, images.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	want := newNetwork(t, nn.Sequential{head}, 24, graphs.CrossEntropy, 1)
	copyWeights(t, net, want)
	c := train.Config{Epochs: 2, Batch: 16, Seed: 3}
	fit(t, net, images, c)
	fit(t, want, flat, c)
	a, b := net.Params.All(), want.Params.All()
	for i := range a {
		for k, v := range a[i].Value.Float32s() {
			if v != b[i].Value.Float32s()[k] {
				t.Fatalf("%s: element %d is %v, flat %v", a[i].Name, k, v, b[i].Value.Float32s()[k])
			}
		}
	}
}

// flatten makes a row of each image.
func flatten(x *G.Node) (*G.Node, error) {
	s := x.Shape()
	return G.Reshape(x, tensor.Shape{s[0], s.TotalSize() / s[0]})
}

// copyWeights gives one network the weights of another whose parameters are in the same order.
func copyWeights(t *testing.T, to, from *graphs.Network) {
	t.Helper()
	for i, p := range to.Params.All() {
		copy(p.Value.Float32s(), from.Params.All()[i].Value.Float32s())
	}
}
