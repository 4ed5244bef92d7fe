package nn_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An embedding has a vector for each category of its input, and joins those of several categories per row.
func TestEmbedding(t *testing.T) {
	for _, c := range []struct {
		layer nn.Embedding
		in    batch.Input
		shape []int
		want  string // shape of the output, or a part of the error
	}{
		{nn.Embedding{Dim: 4}, batch.Input{Kind: batch.Category, Width: 6}, []int{5}, "(5, 4)"},
		{nn.Embedding{Dim: 4, Categories: 9}, batch.Input{Kind: batch.Category, Width: 6}, []int{5}, "(5, 4)"},
		{nn.Embedding{Dim: 4, Categories: 9}, batch.Input{Width: 3}, []int{5, 3}, "(5, 12)"},
		{nn.Embedding{Dim: 4, Categories: 5}, batch.Input{Kind: batch.Category, Width: 6}, []int{5}, "a table of 5 categories"},
		{nn.Embedding{Dim: 4}, batch.Input{Width: 3}, []int{5, 3}, "Categories is 0"},
		{nn.Embedding{Dim: 4, Categories: -1}, batch.Input{Width: 3}, []int{5, 3}, "-1 categories"},
		{nn.Embedding{Categories: 3}, batch.Input{Width: 3}, []int{5, 3}, "Dim is 0"},
		{nn.Embedding{Dim: 2, Categories: 3}, batch.Input{Kind: batch.Image, Shape: []int{1, 1, 3}, Width: 3}, []int{5, 1, 1, 3}, "want a vector of categories"},
		{nn.Embedding{Dim: 2, Categories: 3}, batch.Input{Kind: batch.Sparse, Width: 3}, []int{5, 3}, "the input is sparse"},
	} {
		g := G.NewGraph()
		x := G.NewTensor(g, tensor.Float32, len(c.shape), G.WithName("x"), G.WithShape(c.shape...))
		params := newParams(t, tensor.Float32, 1)
		b := nn.NewBinder(g, params, true, nil)
		b.SetInput(c.in, x)
		y, err := b.Apply("table", c.layer, x)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v of %+v: %v, want %q", c.layer, c.in, err, c.want)
			}
			continue
		}
		if c.want != fmt.Sprint(y.Shape()) || params.Get("table.weight") == nil {
			t.Errorf("%+v of %+v: shape %v, want %s", c.layer, c.in, y.Shape(), c.want)
		}
	}
}

// The vectors start with mean 0 and variance 1.
func TestStandardNormal(t *testing.T) {
	w := weights(t, tensor.Float64, nn.StandardNormal, 100, 200)
	mean, square := 0.0, 0.0
	for _, x := range w {
		mean += x / float64(len(w))
		square += x * x / float64(len(w))
	}
	if math.Abs(mean) > 0.03 || math.Abs(square-1) > 0.05 {
		t.Errorf("mean %v, mean square %v", mean, square)
	}
}

// A dense layer on a sparse input reads sparse rows, with the parameters that it has on a dense one.
func TestDenseSparse(t *testing.T) {
	for _, noBias := range []bool{false, true} {
		var names [2][]string
		for i, kind := range []batch.Kind{batch.Dense, batch.Sparse} {
			g := G.NewGraph()
			x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(5, 3))
			b := nn.NewBinder(g, newParams(t, tensor.Float32, 1), true, nil)
			b.SetInput(batch.Input{Name: "x", Kind: kind, Width: 3}, x)
			y := apply(t, b, "hidden", nn.Dense{Units: 2, NoBias: noBias}, x)
			if sparse := strings.HasPrefix(y.Op().String(), "Sparse"); sparse != (kind == batch.Sparse) {
				t.Errorf("%v input: %v", kind, y.Op())
			}
			for _, p := range b.Bound() {
				names[i] = append(names[i], p.Name)
			}
		}
		if strings.Join(names[0], " ") != strings.Join(names[1], " ") {
			t.Errorf("parameters %v", names)
		}
	}
}
