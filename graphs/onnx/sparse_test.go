package onnx_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// document has a branch for sparse words, one for its author, and one for three tags of one table.
type document struct{}

func (document) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	sum, err := b.Apply("words", nn.Sequential{nn.Dropout{Rate: 0.3}, nn.Dense{Units: 12}}, x)
	for _, branch := range []struct {
		name  string
		layer nn.Layer
	}{{"author", nn.Embedding{Dim: 12}}, {"tags", nn.Embedding{Categories: tags, Dim: 4}}, {"again", nn.Dense{Units: 12, NoBias: true}}} {
		if err != nil {
			return nil, err
		}
		in := x
		if branch.name != "again" {
			if in, err = b.Input(branch.name); err != nil {
				return nil, err
			}
		}
		y, err := b.Apply(branch.name, branch.layer, in)
		if err != nil {
			return nil, err
		}
		if sum, err = ops.Add(sum, y); err != nil {
			return nil, err
		}
	}
	if err == nil {
		sum, err = ops.SELU(sum)
	}
	if err != nil {
		return nil, err
	}
	return b.Apply("kind", nn.Dense{Units: 3}, sum)
}

const words, authors, tags = 40, 9, 6

// Sparse rows are a dense input of the model, categories an input of whole numbers; it computes what the network computes.
func TestSparse(t *testing.T) {
	const rows = 50
	r := rand.New(rand.NewPCG(1, 2))
	start, columns, values := []int{0}, []int{}, []float32{}
	dense, author, tag, kind := make([]float64, rows*words), make([]int, rows), make([]float32, rows*3), make([]float32, rows)
	authorOf, tagOf := make([]float64, rows), make([]float64, rows*3)
	for i := range rows {
		for w := r.IntN(5); w < words; w += 1 + r.IntN(20) {
			v := float32(r.NormFloat64())
			columns, values, dense[i*words+w] = append(columns, w), append(values, v), float64(v)
		}
		start = append(start, len(columns))
		author[i], kind[i] = r.IntN(authors), float32(r.IntN(3))
		authorOf[i] = float64(author[i])
		for j := range 3 {
			tagOf[3*i+j] = float64(r.IntN(tags))
			tag[3*i+j] = float32(tagOf[3*i+j])
		}
	}
	d := train.Named{
		Features: []train.Feature{
			{Name: "text", Sparse: tensor.NewCSR(columns, start, values, tensor.WithShape(rows, words))}, {Name: "author", Categories: author, Width: authors},
			{Name: "tags", X: tensor.New(tensor.WithShape(rows, 3), tensor.WithBacking(tag))},
		},
		Targets: []train.Target{{Y: tensor.New(tensor.WithShape(rows), tensor.WithBacking(kind))}},
	}
	net, err := graphs.New(document{}, d.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(context.Background(), net, d, train.Config{Epochs: 3, Batch: 16, Warn: func(string) {}}); err != nil {
		t.Fatal(err)
	}
	want, err := train.Predict(t.Context(), net, d)
	if err != nil {
		t.Fatal(err)
	}
	m := decode(t, write(t, net, onnx.Options{}))
	if m.inputs[0].elem != 1 || m.inputs[1].elem != 7 || m.inputs[2].elem != 1 {
		t.Errorf("inputs %+v", m.inputs)
	}
	got := m.runAll(t, map[string]modelTensor{"text": {[]int{rows, words}, dense}, "author": {[]int{rows}, authorOf}, "tags": {[]int{rows, 3}, tagOf}})
	if d := difference(t, got["output"], want.Values); !(d <= 1e-5) {
		t.Errorf("predictions differ by %g", d)
	}
}
