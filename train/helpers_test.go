package train_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// spirals returns n rows of two features and three classes that no linear model separates.
func spirals(n int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, 0, 2*n), make([]float32, 0, n)
	for range n {
		class, t := r.IntN(3), r.Float64()
		angle := 2*math.Pi*(float64(class)/3+0.7*t) + 0.1*r.NormFloat64()
		x = append(x, float32(2*t*math.Cos(angle)), float32(2*t*math.Sin(angle)))
		y = append(y, float32(class))
	}
	return train.Matrix{
		X: tensor.New(tensor.WithShape(n, 2), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(y)),
	}
}

var (
	hidden  = graphs.Hidden{Layers: 4, Units: 48, Outputs: 3, Dropout: 0.05}
	network = graphs.SNN(hidden)
)

// newNetwork returns a network for data of so many columns.
func newNetwork(t testing.TB, layer nn.Layer, columns int, loss graphs.Loss, seed uint64, options ...graphs.Option) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(columns), loss, append(options, graphs.Seed(seed))...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// fit trains and fails the test on an error.
func fit(t testing.TB, net *graphs.Network, d train.Data, c train.Config) *train.History {
	t.Helper()
	if c.Warn == nil {
		c.Warn = func(string) {}
	}
	h, err := train.Fit(context.Background(), net, d, c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// evaluate judges and fails the test on an error.
func evaluate(t testing.TB, net *graphs.Network, d train.Data) *train.Result {
	t.Helper()
	r, err := train.Evaluate(context.Background(), net, d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// matrix returns a matrix of float32 whose elements f computes.
func matrix(rows, cols int, f func(row, col int) float64) *tensor.Dense {
	x := make([]float32, 0, rows*cols)
	for i := range rows {
		for j := range cols {
			x = append(x, float32(f(i, j)))
		}
	}
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))
}

// vector is a matrix of one column as a vector.
func vector(rows int, f func(row int) float64) *tensor.Dense {
	v := matrix(rows, 1, func(i, _ int) float64 { return f(i) })
	if err := v.Reshape(rows); err != nil {
		panic(err)
	}
	return v
}
