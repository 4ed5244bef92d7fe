package parallel_test

import (
	"fmt"
	"net"
	"runtime"
	"sync"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/parallel"
)

// benchSteps is the number of steps of an epoch.
const benchSteps = 16

// benchNetworks are small, usual and large: inputs, units of each hidden layer, hidden layers.
var benchNetworks = [][3]int{{64, 64, 4}, {128, 256, 8}, {128, 1024, 8}}

// tcp returns a group of processes on loopback, within this one.
func tcp(b *testing.B, size int) []*parallel.Group {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	groups, errs := make([]*parallel.Group, size), make([]error, size)
	var all sync.WaitGroup
	for rank := range size {
		all.Go(func() {
			if rank == 0 {
				groups[0], errs[0] = parallel.Accept(b.Context(), l, size, parallel.Options{})
			} else {
				groups[rank], errs[rank] = parallel.Join(b.Context(), l.Addr().String(), rank, size, parallel.Options{})
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			b.Fatal(err)
		}
	}
	return groups
}

// BenchmarkStep measures a step of 1,024 and of 128 rows: as one batch on all threads, and as 8 virtual shards in one process, in goroutines, and in processes
// that are connected by TCP on this machine. bytes/step is what one process sends and receives.
func BenchmarkStep(b *testing.B) {
	for _, n := range benchNetworks {
		for _, batch := range []int{128, 1024} {
			layer := graphs.SNN{Layers: n[2], Units: n[1], Outputs: 12, Dropout: 0.05}
			data := traintest.OneBatch(batch*benchSteps, n[0])
			name := fmt.Sprintf("%dx%d/%d", n[2], n[1], batch)
			b.Run(name+"/plain", func(b *testing.B) {
				benchFit(b, layer, data, []train.Config{{Batch: batch}})
			})
			for _, size := range []int{1, 2} {
				shard := train.Config{Batch: batch / 8, Accumulate: 8, Threads: max(1, runtime.GOMAXPROCS(0)/size)}
				for kind, make := range map[string]func() []*parallel.Group{
					"pipe": func() []*parallel.Group { g, _ := parallel.Local(size); return g }, "tcp": func() []*parallel.Group { return tcp(b, size) },
				} {
					if size == 1 && kind == "tcp" {
						continue
					}
					b.Run(fmt.Sprintf("%s/%s-%d", name, kind, size), func(b *testing.B) {
						var configs []train.Config
						for _, g := range make() {
							c := shard
							c.Parallel = g
							configs = append(configs, c)
						}
						benchFit(b, layer, data, configs)
					})
				}
			}
		}
	}
}

// benchFit trains b.N epochs.
func benchFit(b *testing.B, layer graphs.SNN, data train.Matrix, configs []train.Config) {
	nets := make([]*graphs.Network, len(configs))
	for rank := range configs {
		nets[rank] = traintest.Network(b, layer, data.X.Shape()[1], graphs.BCE, 1)
	}
	size := 0
	for _, p := range nets[0].Params.All() {
		size += 4 * p.Value.DataSize()
	}
	b.ResetTimer()
	var all sync.WaitGroup
	for rank, c := range configs {
		c.Epochs, c.Warn = b.N, func(string) {}
		all.Go(func() {
			if _, err := train.Fit(b.Context(), nets[rank], data, c); err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(size), "bytes/step")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchSteps), "ns/step")
}
