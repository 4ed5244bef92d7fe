package train_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A machine that is reset before each run forgets the values that it allocated. Ours allocates none: after the first
// steps, each makes a bounded number of small allocations, whatever the size of the network.
func TestStepAllocations(t *testing.T) {
	const measured = 20
	for _, units := range []int{32, 256} {
		var before, after runtime.MemStats
		net := newNetwork(t, graphs.SNN{Layers: 8, Units: units, Outputs: 12, Dropout: 0.05}, units, graphs.BCE, 1)
		fit(t, net, oneBatch(64, units), train.Config{
			Epochs: 30, Batch: 64, Threads: 2, Average: 0.99, Schedule: optim.Cosine{}, Callbacks: []train.Callback{&steps{
				Warmup: 5, Measured: measured,
				Begin: func() { runtime.ReadMemStats(&before) },
				End:   func() { runtime.ReadMemStats(&after) },
			}},
		})
		bytes, allocs := (after.TotalAlloc-before.TotalAlloc)/measured, (after.Mallocs-before.Mallocs)/measured
		if bytes > 16<<10 || allocs > 400 {
			t.Errorf("%d units: %d bytes in %d allocations a step, want at most 16 KiB and 400", units, bytes, allocs)
		}
	}
}

// The memory of a training does not grow with the number of steps.
func TestMemoryFlat(t *testing.T) {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var before, after uint64
	fit(t, newNetwork(t, graphs.SNN{Layers: 2, Units: 16, Outputs: 12, Dropout: 0.05}, 32, graphs.BCE, 1), oneBatch(64, 32), train.Config{
		Epochs: 3000, Batch: 16, Threads: 2, Callbacks: []train.Callback{&steps{
			Warmup: 1000, Measured: 10000,
			Begin: func() { before = heap() },
			End:   func() { after = heap() },
		}},
	})
	// The history grows by one entry per epoch.
	if grown := int64(after) - int64(before); grown > 2<<20 {
		t.Errorf("the heap grew by %d bytes in 10,000 steps", grown)
	}
}

// BenchmarkStep is one step of training of an SNN: forward, backward, Adam.
func BenchmarkStep(b *testing.B) {
	for _, size := range []struct{ batch, inputs, units int }{{128, 1024, 1024}, {128, 1644, 1024}, {128, 256, 256}, {64, 64, 64}} {
		b.Run(fmt.Sprintf("batch=%d/inputs=%d/units=%d", size.batch, size.inputs, size.units), func(b *testing.B) {
			b.ReportAllocs()
			net := newNetwork(b, graphs.SNN{Layers: 8, Units: size.units, Outputs: 12, Dropout: 0.05}, size.inputs, graphs.BCE, 1)
			fit(b, net, oneBatch(size.batch, size.inputs), train.Config{
				Epochs: b.N + 5, Batch: size.batch, Optimizer: optim.Adam{Rate: 1e-4},
				Callbacks: []train.Callback{&steps{Warmup: 5, Measured: b.N, Begin: b.ResetTimer, End: b.StopTimer}},
			})
		})
	}
}

// BenchmarkNetworkStep is one step of each of the paper's networks on one thread, of the size of a search and of a tiny task.
func BenchmarkNetworkStep(b *testing.B) {
	for _, size := range []struct{ batch, inputs, layers, units int }{{64, 128, 8, 128}, {32, 16, 4, 32}} {
		for _, name := range graphs.Names() {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", name, size.batch, size.units, size.layers), func(b *testing.B) {
				b.ReportAllocs()
				layer, err := graphs.ByName(name, graphs.Hidden{Layers: size.layers, Units: size.units, Outputs: 12, Dropout: 0.05})
				if err != nil {
					b.Fatal(err)
				}
				fit(b, newNetwork(b, layer, size.inputs, graphs.BCE, 1), oneBatch(size.batch, size.inputs), train.Config{
					Epochs: b.N + 5, Batch: size.batch, Optimizer: optim.SGD{Rate: 1e-3}, Threads: 1,
					Callbacks: []train.Callback{&steps{Warmup: 5, Measured: b.N, Begin: b.ResetTimer, End: b.StopTimer}},
				})
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
			params := newNetwork(b, graphs.SNN{Layers: 8, Units: size.units, Outputs: 12}, size.units, graphs.BCE, 1).Params
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
