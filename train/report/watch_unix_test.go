//go:build unix

package report_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
	"gorgonia.org/tensor"
)

// repeated are many rows that are all taken from a few.
type repeated struct {
	train.Matrix
	rows int
}

func (r repeated) Len() int { return r.rows }

func (r repeated) Gather(rows []int, b *batch.Batch) error {
	few := make([]int, len(rows))
	for i, row := range rows {
		few[i] = row % r.Matrix.Len()
	}
	return r.Matrix.Gather(few, b)
}

// stepLimit ends a training after so many steps. It calls begin after the first, which builds the graph.
type stepLimit struct {
	steps int
	begin func()
	stop  context.CancelFunc
}

func (l *stepLimit) AfterStep(_ context.Context, s *train.State) error {
	switch s.Step {
	case 1:
		l.begin()
	case l.steps + 1:
		l.stop()
	}
	return nil
}

// cpuTime is the time that this process has used of all cores, in nanoseconds.
func cpuTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWatch takes the time of a training step with rows, inputs, tasks and network of examples/tox21: without a recorder, with one,
// with a server that nobody asks, and with a client that takes all updates. cpu-ns/op is the time of all cores, which other programs on the
// machine hardly change.
func BenchmarkWatch(b *testing.B) {
	const inputs, outputs = 5715, 12
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float32, 512*inputs), make([]float32, 512*outputs)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range y {
		y[i] = float32(r.IntN(2))
	}
	data := repeated{train.Matrix{
		X: tensor.New(tensor.WithShape(512, inputs), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(512, outputs), tensor.WithBacking(y)),
	}, 12054}
	for k, name := range []string{"alone", "recorder", "server", "client"} {
		b.Run(name, func(b *testing.B) {
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			model := graphs.SNN{Layers: 4, Units: 256, Outputs: outputs, Dropout: 0.1, InputDropout: 0.4}
			net, err := graphs.New(model, graphs.Matrix(inputs), graphs.BCE, graphs.Seed(1))
			if err != nil {
				b.Fatal(err)
			}
			var used float64
			begin := func() {
				b.ResetTimer()
				used = cpuTime(b)
			}
			callbacks := []train.Callback{&callback.Probes{}, &stepLimit{b.N, begin, stop}}
			recorder := &report.Recorder{Run: report.Run{Title: name}}
			if k >= 1 {
				callbacks = append(callbacks, recorder)
			}
			if k >= 2 {
				w, err := report.Watch(":0", recorder)
				if err != nil {
					b.Fatal(err)
				}
				defer w.Close()
				if k == 3 {
					response, err := client().Get(fmt.Sprint(w.URL(), "events"))
					if err != nil {
						b.Fatal(err)
					}
					defer response.Body.Close()
					go io.Copy(io.Discard, response.Body) // ends with the server
				}
			}
			_, err = train.Fit(ctx, net, data, train.Config{
				Epochs: 1 + b.N/20, Batch: 256, Seed: 1, Schedule: optim.Cosine{}, Warn: func(string) {}, Callbacks: callbacks,
			})
			b.StopTimer()
			b.ReportMetric((cpuTime(b)-used)/float64(b.N), "cpu-ns/op")
			if !errors.Is(err, context.Canceled) {
				b.Fatal(err)
			}
		})
	}
}
