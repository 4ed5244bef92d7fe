package predict_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/predict"
	G "gorgonia.org/gorgonia"
)

const columns, most = 6, 1100

// service returns a network, random rows, and their predictions one row at a time.
func service(t *testing.T, seed uint64) (net *graphs.Network, x []float32, want []float64) {
	t.Helper()
	net = traintest.Network(t, graphs.SNN{Layers: 3, Units: 20, Outputs: 2}, columns, graphs.BCE, seed)
	r := rand.New(rand.NewPCG(7, 8))
	x = make([]float32, most*columns)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	p := predictor(t, net, nil)
	var err error
	for i := range most {
		if want, err = p.Rows(t.Context(), want, x[i*columns:][:columns], 1); err != nil {
			t.Fatal(err)
		}
	}
	return net, x, want
}

func predictor(t *testing.T, net *graphs.Network, w *kernel.Workers) *predict.Predictor {
	t.Helper()
	p, err := predict.New(net, w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// Many goroutines get the bits that one row at a time has, whatever the sizes of their requests, from a bounded number of programs. Weights
// that are swapped meanwhile are those before or after, never a mixture.
func TestManyGoroutines(t *testing.T) {
	net, x, want := service(t, 1)
	other, _, swapped := service(t, 2)
	w := kernel.NewWorkers(3)
	defer w.Close()
	p := predictor(t, net, w)
	var group sync.WaitGroup
	for g := range 16 {
		group.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 1))
			for k := range 12 {
				n := 1 + r.IntN(most)
				first := r.IntN(most - n + 1)
				got, err := p.Rows(context.Background(), nil, x[first*columns:][:n*columns], n)
				if err != nil || !slices.Equal(got, want[2*first:][:2*n]) && !slices.Equal(got, swapped[2*first:][:2*n]) {
					t.Errorf("goroutine %d: %d rows from %d are wrong (%v)", g, n, first, err)
				}
				if k%4 == 0 {
					next := net
					if r.IntN(2) == 0 {
						next = other
					}
					if err := p.Swap(next); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	if n, bound := p.Graphs(), 3*len(predict.AllSizes); n > bound {
		t.Errorf("%d programs, want at most %d", n, bound)
	}
}

// Rows and Predict agree, and warm calls allocate nothing.
func TestRows(t *testing.T) {
	net, x, want := service(t, 1)
	p := predictor(t, net, kernel.Shared())
	out := make([]float64, 0, 2*most)
	for _, n := range []int{1, 5, 64, most} {
		got, err := p.Rows(t.Context(), out[:1], x[:n*columns], n)
		if err != nil || !slices.Equal(got[1:], want[:2*n]) {
			t.Fatalf("%d rows: %v", n, err)
		}
		data := train.Matrix{X: traintest.Matrix(n, columns, func(i, j int) float64 { return float64(x[i*columns+j]) })}
		if all, err := p.Predict(t.Context(), data); err != nil || !slices.Equal(all.Values, want[:2*n]) {
			t.Fatalf("%d rows by Predict: %v", n, err)
		}
		ctx := t.Context()
		if a := testing.AllocsPerRun(20, func() { _, err = p.Rows(ctx, out[:0], x[:n*columns], n) }); err != nil || a > 0 {
			t.Errorf("%d rows: %v allocations, %v", n, a, err)
		}
	}
}

func TestRowsErrors(t *testing.T) {
	net, x, _ := service(t, 1)
	p := predictor(t, net, nil)
	for _, n := range []int{-1, 0, 2, most * 2} {
		if out, err := p.Rows(t.Context(), []float64{3}, x[:columns], n); err == nil || !strings.Contains(err.Error(), "rows of 6 columns") || len(out) != 1 {
			t.Errorf("%d rows: %v, %v", n, out, err)
		}
	}
	several := predictor(t, traintest.NewBranches(t), nil)
	if _, err := several.Rows(t.Context(), nil, x[:columns], 1); err == nil || !strings.Contains(err.Error(), "one dense input") {
		t.Error(err)
	}
}

// A call that waits for others ends with its context.
func TestDeadline(t *testing.T) {
	net, x, _ := service(t, 1)
	started, blocked := make(chan bool), make(chan bool)
	net.Outputs[0].Loss = graphs.Loss{Name: "slow", Link: graphs.Custom, Apply: graphs.BCE.Apply, Predict: func([]float64) {
		started <- true
		<-blocked
	}}
	p := predictor(t, net, nil)
	done := make(chan error)
	go func() {
		_, err := p.Rows(context.Background(), nil, x[:columns], 1)
		done <- err
	}()
	<-started
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if _, err := p.Rows(ctx, nil, x[:columns], 1); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(blocked)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A network that reads or predicts something else is refused, and the old one goes on.
func TestSwapErrors(t *testing.T) {
	net, x, want := service(t, 1)
	p := predictor(t, net, nil)
	for say, other := range map[string]*graphs.Network{
		"reads":      traintest.Network(t, traintest.Small, 2, graphs.BCE, 1),
		"output 0":   traintest.Network(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 3}, columns, graphs.BCE, 1),
		"the loss":   traintest.Network(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, columns, graphs.MSE, 1),
		"is nil":     nil,
		"no outputs": {Layer: net.Layer, Params: net.Params, Inputs: net.Inputs},
	} {
		if err := p.Swap(other); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
		}
	}
	if got, err := p.Rows(t.Context(), nil, x, most); err != nil || !slices.Equal(got, want) {
		t.Errorf("after refused networks: %v", err)
	}
}

// The engine is a program, unless Gorgonia's ops need the tape machine, which predicts the same.
func TestEngine(t *testing.T) {
	net, x, _ := service(t, 1)
	if text, err := predictor(t, net, nil).Engine(); err != nil || text != "a program of 7 ops" {
		t.Errorf("%s, %v", text, err)
	}
	cube := nn.Sequential{nn.Dense{Units: 2}, nn.Func(func(x *G.Node) (*G.Node, error) { return G.Cube(x) })}
	p := predictor(t, traintest.Network(t, cube, columns, graphs.MSE, 1), kernel.Shared())
	if text, err := p.Engine(); err != nil || !strings.HasPrefix(text, "Gorgonia's tape machine: the op cube") {
		t.Errorf("%s, %v", text, err)
	}
	all, err := p.Rows(t.Context(), nil, x[:50*columns], 50)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if one, err := p.Rows(t.Context(), nil, x[i*columns:][:columns], 1); err != nil || !slices.Equal(one, all[2*i:][:2]) {
			t.Fatalf("row %d: %v, want %v (%v)", i, one, all[2*i:][:2], err)
		}
	}
}
