package train_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// live returns the bytes of the heap that are in use.
func live() int64 {
	runtime.GC()
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}

// What a training takes is known before: between the memory measured in its last step, and 1.5 times as much.
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
			t.Logf("%s %v, batches of %d: %v, measured %d, factor %.3f", name, dtype, batch, m, used, factor)
			if factor < 1 || factor > 1.5 {
				t.Errorf("%s %v, batches of %d: computed %v, measured %d, want a factor of 1 to 1.5, got %.3f", name, dtype, batch, m, used, factor)
			}
		}
	}
}

var _ = fmt.Sprint
var _ = math.Inf
var _ = debug.SetGCPercent
var _ = strings.Contains
var _ = errors.Is
var _ = context.Background
