package train_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// oneBatch returns a single batch of random features and of labels of 12 tasks.
func oneBatch(rows, inputs int) train.Matrix {
	r := rand.New(rand.NewPCG(1, 1))
	x, y := make([]float32, rows*inputs), make([]float32, rows*12)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range y {
		y[i] = float32(r.IntN(2))
	}
	return train.Matrix{
		X: tensor.New(tensor.WithShape(rows, inputs), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(rows, 12), tensor.WithBacking(y)),
	}
}

// steps calls begin before the first of the measured steps and end after the last.
type steps struct {
	warmup, measured int
	begin, end       func()
}

func (s *steps) AfterEpoch(context.Context, *train.State) error { return nil }

func (s *steps) AfterStep(_ context.Context, state *train.State) error {
	switch state.Step {
	case s.warmup:
		s.begin()
	case s.warmup + s.measured:
		s.end()
	}
	return nil
}

// A machine that is reset before each run forgets the values that it allocated. Ours allocates none: after the first
// steps a step makes a bounded number of small allocations, whatever the size of the network.
func TestStepAllocations(t *testing.T) {
	const measured = 20
	for _, units := range []int{32, 256} {
		var before, after runtime.MemStats
		params := newParams(t, 1)
		_, err := train.Fit(context.Background(), graphs.SNN{Layers: 8, Units: units, Outputs: 12, Dropout: 0.05}, params, oneBatch(64, units), train.Config{
			Loss: graphs.BCE, Epochs: 30, Batch: 64, Threads: 2, Callbacks: []train.Callback{&steps{
				warmup: 5, measured: measured,
				begin: func() { runtime.ReadMemStats(&before) },
				end:   func() { runtime.ReadMemStats(&after) },
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		bytes, allocs := (after.TotalAlloc-before.TotalAlloc)/measured, (after.Mallocs-before.Mallocs)/measured
		if bytes > 16<<10 || allocs > 400 {
			t.Errorf("%d units: %d bytes in %d allocations a step, want at most 16 KiB and 400", units, bytes, allocs)
		}
	}
}

// What a training holds on to does not grow with the number of steps.
func TestMemoryFlat(t *testing.T) {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var before, after uint64
	_, err := train.Fit(context.Background(), graphs.SNN{Layers: 4, Units: 32, Outputs: 12, Dropout: 0.05}, newParams(t, 1), oneBatch(64, 32), train.Config{
		Loss: graphs.BCE, Epochs: 10000, Batch: 16, Threads: 2, Callbacks: []train.Callback{&steps{
			warmup: 2000, measured: 30000,
			begin: func() { before = heap() },
			end:   func() { after = heap() },
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The history grows by one entry per epoch.
	if grown := int64(after) - int64(before); grown > 2<<20 {
		t.Errorf("the heap grew by %d bytes in 30,000 steps", grown)
	}
}

// BenchmarkStep is one step of training of an SNN: forward, backward, Adam.
func BenchmarkStep(b *testing.B) {
	for _, size := range []struct{ batch, inputs, units int }{{128, 1024, 1024}, {128, 1644, 1024}, {128, 256, 256}, {64, 64, 64}} {
		b.Run(fmt.Sprintf("batch=%d/inputs=%d/units=%d", size.batch, size.inputs, size.units), func(b *testing.B) {
			b.ReportAllocs()
			params := newParams(b, 1)
			model := graphs.SNN{Layers: 8, Units: size.units, Outputs: 12, Dropout: 0.05}
			_, err := train.Fit(context.Background(), model, params, oneBatch(size.batch, size.inputs), train.Config{
				Loss: graphs.BCE, Epochs: b.N + 5, Batch: size.batch, Optimizer: &train.Adam{Rate: 1e-4},
				Callbacks: []train.Callback{&steps{warmup: 5, measured: b.N, begin: b.ResetTimer, end: b.StopTimer}},
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkNetworkStep is one step of each of the paper's networks on one thread, of the size of a search and of a tiny task.
func BenchmarkNetworkStep(b *testing.B) {
	for _, size := range []struct{ batch, inputs, layers, units int }{{64, 128, 8, 128}, {32, 16, 4, 32}} {
		for _, network := range graphs.Networks() {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", network, size.batch, size.units, size.layers), func(b *testing.B) {
				b.ReportAllocs()
				model, err := graphs.Network(network, graphs.Hidden{Layers: size.layers, Units: size.units, Outputs: 12, Dropout: 0.05})
				if err != nil {
					b.Fatal(err)
				}
				_, err = train.Fit(context.Background(), model, newParams(b, 1), oneBatch(size.batch, size.inputs), train.Config{
					Loss: graphs.BCE, Epochs: b.N + 5, Batch: size.batch, Optimizer: &train.SGD{Rate: 1e-3}, Threads: 1,
					Callbacks: []train.Callback{&steps{warmup: 5, measured: b.N, begin: b.ResetTimer, end: b.StopTimer}},
				})
				if err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

// BenchmarkGorgoniaStep is a step of a simpler network, without bias or dropout, made of Gorgonia's own ops and solver.
func BenchmarkGorgoniaStep(b *testing.B) {
	for _, size := range []struct{ batch, units int }{{128, 256}, {64, 64}} {
		b.Run(fmt.Sprintf("batch=%d/units=%d", size.batch, size.units), func(b *testing.B) {
			b.ReportAllocs()
			g := G.NewGraph()
			data := oneBatch(size.batch, size.units)
			x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(size.batch, size.units), G.WithValue(data.X))
			y := G.NewMatrix(g, tensor.Float32, G.WithName("y"), G.WithShape(size.batch, 12), G.WithValue(data.Y))
			params, err := nn.NewParams(tensor.Float32, 1)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := graphs.Build(graphs.SNN{Layers: 8, Units: size.units, Outputs: 12}, params,
				graphs.Config{Batch: size.batch, Inputs: size.units, Loss: graphs.BCE}); err != nil {
				b.Fatal(err)
			}
			out := x
			var weights G.Nodes
			for _, p := range params.All() {
				if p.Value.Dims() == 2 {
					w := G.NewMatrix(g, tensor.Float32, G.WithName(p.Name), G.WithShape(p.Value.Shape()...), G.WithValue(p.Value))
					weights = append(weights, w)
					if out = G.Must(G.Mul(out, w)); p.Value.Shape()[1] != 12 {
						out = G.Must(G.Rectify(out))
					}
				}
			}
			loss := G.Must(G.Mean(G.Must(G.Square(G.Must(G.Sub(out, y))))))
			if _, err := G.Grad(loss, weights...); err != nil {
				b.Fatal(err)
			}
			m := G.NewTapeMachine(g, G.BindDualValues(weights...))
			defer m.Close()
			solver := G.NewAdamSolver(G.WithLearnRate(1e-4))
			for b.Loop() {
				if err := m.RunAll(); err != nil {
					b.Fatal(err)
				}
				if err := solver.Step(G.NodesToValueGrads(weights)); err != nil {
					b.Fatal(err)
				}
				m.Reset()
			}
		})
	}
}
