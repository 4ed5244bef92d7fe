// Package traintest holds what the tests of package train and of the packages below it share: small data sets, networks, and
// comparisons.
package traintest

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// Matrix returns a matrix of float32 whose elements f computes.
func Matrix(rows, cols int, f func(row, col int) float64) *tensor.Dense {
	x := make([]float32, 0, rows*cols)
	for i := range rows {
		for j := range cols {
			x = append(x, float32(f(i, j)))
		}
	}
	return tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))
}

// Vector returns a vector of float32 whose elements f computes.
func Vector(rows int, f func(row int) float64) *tensor.Dense {
	x := make([]float32, rows)
	for i := range x {
		x[i] = float32(f(i))
	}
	return tensor.New(tensor.WithShape(rows), tensor.WithBacking(x))
}

// Spirals returns n rows of two features and three classes that no linear model separates.
func Spirals(n int, seed uint64) train.Matrix {
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

// OneBatch returns random features, and random labels of 12 binary tasks.
func OneBatch(rows, inputs int) train.Matrix {
	r := rand.New(rand.NewPCG(1, 1))
	return train.Matrix{
		X: Matrix(rows, inputs, func(int, int) float64 { return r.NormFloat64() }),
		Y: Matrix(rows, 12, func(int, int) float64 { return float64(r.IntN(2)) }),
	}
}

// Small is a self-normalizing network for Spirals.
var Small = graphs.SNN{Layers: 4, Units: 48, Outputs: 3, Dropout: 0.05}

// Network returns a network with new weights.
func Network(t testing.TB, layer nn.Layer, columns int, loss graphs.Loss, seed uint64, options ...graphs.Option) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(columns), loss, append(options, graphs.Seed(seed))...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// New returns a Small network for Spirals.
func New(t testing.TB) *graphs.Network {
	t.Helper()
	return Network(t, Small, 2, graphs.CrossEntropy, 1)
}

// Fit trains, without warnings unless c.Warn is set, and fails the test on an error.
func Fit(t testing.TB, net *graphs.Network, d train.Data, c train.Config) *train.History {
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

// Config describes a run of 12 steps on Rows.
func Config() train.Config {
	return train.Config{
		Epochs: 3, Batch: 16, Seed: 5, Optimizer: optim.Adam{Rate: 0.01}, Validation: Spirals(10, 3), Warn: func(string) {},
	}
}

// Rows are the training data for Config.
func Rows() train.Matrix { return Spirals(64, 1) }

// AtStep is a callback made of a function.
type AtStep func(s *train.State) error

// AfterStep implements callback.StepCallback.
func (f AtStep) AfterStep(_ context.Context, s *train.State) error { return f(s) }

// AtEpoch is a callback made of a function.
type AtEpoch func(s *train.State) error

// AfterEpoch implements callback.EpochCallback.
func (f AtEpoch) AfterEpoch(_ context.Context, s *train.State) error { return f(s) }

// BeforeUpdate is a callback made of a function.
type BeforeUpdate func(s *train.State) error

// BeforeUpdate implements callback.UpdateCallback.
func (f BeforeUpdate) BeforeUpdate(_ context.Context, s *train.State) error { return f(s) }

// Steps calls Begin after step Warmup and End after Measured more.
type Steps struct {
	Warmup, Measured int
	Begin, End       func()
}

// AfterStep implements callback.StepCallback.
func (s *Steps) AfterStep(_ context.Context, state *train.State) error {
	switch state.Step {
	case s.Warmup:
		s.Begin()
	case s.Warmup + s.Measured:
		s.End()
	}
	return nil
}

// CancelAfter trains until after a step, and fails the test unless the run ends because it is cancelled.
func CancelAfter(t testing.TB, step int, net *graphs.Network, d train.Data, c train.Config) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.Callbacks = append(c.Callbacks, AtStep(func(s *train.State) error {
		if s.Step == step {
			cancel()
		}
		return nil
	}))
	if _, err := train.Fit(ctx, net, d, c); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// Interrupted returns a folder with the checkpoints of a run of Config that was cancelled after step 8 of 12.
func Interrupted(t testing.TB) string {
	t.Helper()
	c := Config()
	c.Checkpoint = &train.Checkpoint{Dir: t.TempDir(), EverySteps: 3}
	CancelAfter(t, 8, New(t), Rows(), c)
	return c.Checkpoint.Dir
}

// Bits returns the bits of the elements of a tensor.
func Bits(x *tensor.Dense) (out []uint64) {
	switch v := x.Data().(type) {
	case []float32:
		for _, f := range v {
			out = append(out, uint64(math.Float32bits(f)))
		}
	case []float64:
		for _, f := range v {
			out = append(out, math.Float64bits(f))
		}
	}
	return out
}

// SameBits fails the test at the first parameter whose bits differ between two sets.
func SameBits(t testing.TB, what string, got, want *nn.Params) {
	t.Helper()
	if err := want.Match(got); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, p := range want.All() {
		a, b := Bits(got.Get(p.Name).Value), Bits(p.Value)
		for i := range b {
			if a[i] != b[i] {
				t.Fatalf("%s: element %d of %s differs", what, i, p.Name)
			}
		}
	}
}
