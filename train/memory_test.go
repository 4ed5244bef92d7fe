package train_test

import (
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// live returns the bytes of the heap that are in use, without those that a cleanup still has to free.
func live() (bytes int64) {
	for before := int64(0); ; before = bytes {
		runtime.GC()
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		if bytes = int64(s[0].Value.Uint64()); before > 0 && bytes > before-1000 {
			return bytes
		}
	}
}

// The memory of a training is known before: it lies between that measured in the last step and 1.5 times as much.
func TestMemory(t *testing.T) {
	rows := func(n int, dtype tensor.Dtype) train.Matrix {
		return train.Matrix{X: tensor.New(tensor.Of(dtype), tensor.WithShape(n, 40)), Y: tensor.New(tensor.Of(dtype), tensor.WithShape(n, 3))}
	}
	for i, name := range graphs.Names() {
		for k, batch := range []int{16, 300} {
			dtype := []tensor.Dtype{tensor.Float32, tensor.Float64}[(i+k)%2]
			layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 150, Outputs: 3, Dropout: 0.1})
			if err != nil {
				t.Fatal(err)
			}
			d, validation := rows(2*batch+7, dtype), rows(70, dtype)
			before := live()
			net, err := graphs.New(layer, graphs.Matrix(40), graphs.MSE, graphs.Dtype(dtype))
			if err != nil {
				t.Fatal(err)
			}
			c := train.Config{Epochs: 2, Batch: batch, Optimizer: []optim.Rule{optim.Adam{}, optim.SGD{}}[i%2], Average: 0.5 * float64(k), Warn: func(string) {}}
			if k == 1 {
				c.Validation = validation
				c.Callbacks = append(c.Callbacks, &callback.EarlyStopping{})
			}
			m, err := train.MemoryOf(net, d.Len(), c)
			if err != nil {
				t.Fatal(err)
			}
			var used int64
			c.Callbacks = append(c.Callbacks, traintest.AtStep(func(s *train.State) error {
				if s.Step == s.Steps {
					used = live() - before
				}
				return nil
			}))
			if _, err := train.Fit(t.Context(), net, d, c); err != nil {
				t.Fatal(err)
			}
			factor := float64(m.Total()) / float64(used)
			if factor < 1 || factor > 1.5 {
				t.Errorf("%s %v, batches of %d: computed %v, measured %d, want a factor of 1 to 1.5, got %.3f", name, dtype, batch, m, used, factor)
			}
		}
	}
}

// A training that needs more than the limit is refused before its first step, with an error that says which part takes how much; the network
// stays unchanged. Predictions need less, and have the same limit.
func TestMemoryLimit(t *testing.T) {
	d := traintest.Rows()
	net := traintest.New(t)
	before := net.Clone()
	c := traintest.Config()
	m, err := train.MemoryOf(net, d.Len(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer graphs.SetMemoryLimit(graphs.SetMemoryLimit(int64(m.Total() - 1)))
	_, err = train.Fit(t.Context(), net, d, c)
	for _, want := range []string{m.String(), "batches of 16 rows", "adam", "the limit that was set", "weights", "optimizer", "other graphs"} {
		if !errors.Is(err, graphs.ErrMemory) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	traintest.SameBits(t, "after the error", net.Params, before.Params)
	if _, err := train.Predict(t.Context(), net, d); err != nil {
		t.Error(err)
	}
	graphs.SetMemoryLimit(int64(m.Total()))
	traintest.Fit(t, net, d, c)
	graphs.SetMemoryLimit(1000)
	if _, err := train.Predict(t.Context(), net, d); !errors.Is(err, graphs.ErrMemory) {
		t.Errorf("a prediction without memory gives %v", err)
	}
	if _, err := train.MemoryOf(net, d.Len(), c); !errors.Is(err, graphs.ErrMemory) {
		t.Errorf("error %v", err)
	}
}

// An epoch of a long run takes at most 128 bytes of memory.
func TestHistoryMemory(t *testing.T) {
	net, d := traintest.New(t), traintest.Spirals(4, 1)
	at := map[int]int64{}
	c := train.Config{Epochs: 2500, Batch: 4, Validation: d, Metric: metric.Accuracy, Metrics: []metric.Metric{metric.LogLoss}, Warn: func(string) {}}
	c.Callbacks = []train.Callback{traintest.AtEpoch(func(s *train.State) error {
		if s.Epoch == 500 || s.Epoch == s.Epochs {
			at[s.Epoch] = live()
		}
		return nil
	})}
	traintest.Fit(t, net, d, c)
	if bytes := float64(at[2500]-at[500]) / 2000; bytes > 128 {
		t.Errorf("%v bytes for an epoch", bytes)
	}
}
