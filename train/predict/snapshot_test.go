package predict_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
	G "gorgonia.org/gorgonia"
)

// A snapshot predicts the same bits, and goes on doing so while its network is trained, for all networks and for one that Gorgonia's machine
// must run. Without one a predictor sees the new parameters.
func TestSnapshot(t *testing.T) {
	layers := map[string]nn.Layer{"of the tape machine": nn.Sequential{nn.Dense{Units: 7}, nn.Func(func(x *G.Node) (*G.Node, error) { return G.Cube(x) })}}
	for _, name := range graphs.Names() {
		layer, err := graphs.ByName(name, graphs.Hidden{Layers: 2, Units: 70, Outputs: 7})
		if err != nil {
			t.Fatal(err)
		}
		layers[name] = layer
	}
	for name, layer := range layers {
		t.Run(name, func(t *testing.T) {
			net := traintest.Network(t, layer, columns, graphs.BCE, 1)
			live := predictor(t, net, kernel.Shared())
			kept, err := predict.New(net, kernel.Shared(), predict.Snapshot)
			if err != nil {
				t.Fatal(err)
			}
			defer kept.Close()
			x := make([]float32, 300*columns)
			for i := range x {
				x[i] = float32(i*7919%1000)/500 - 1
			}
			rows := func(p *predict.Predictor, n int) []float64 {
				y, err := p.Rows(t.Context(), nil, x[:n*columns], n)
				if err != nil {
					t.Fatal(err)
				}
				return y
			}
			before := rows(live, 300)
			if !slices.Equal(rows(kept, 300), before) {
				t.Fatal("the bits differ")
			}
			for _, p := range net.Params.All() {
				for i := range p.Value.Float32s() {
					p.Value.Float32s()[i] += 0.25
				}
			}
			if slices.Equal(rows(live, 300), before) {
				t.Error("the network has not changed")
			}
			for _, n := range []int{300, 1, 17, 64} {
				if !slices.Equal(rows(kept, n), before[:7*n]) {
					t.Errorf("%d rows: training has changed the snapshot", n)
				}
			}
			if err := kept.Swap(net); err != nil || !slices.Equal(rows(kept, 17), rows(live, 17)) {
				t.Errorf("Swap has not taken the new parameters: %v", err)
			}
		})
	}
	if _, err := predict.New(traintest.Network(t, nn.Dense{Units: 1}, 2, graphs.MSE, 1), nil, 77); err == nil {
		t.Error("no error for an option that does not exist")
	}
}

// A snapshot that does not fit into memory is an error, and says what takes it.
func TestSnapshotMemory(t *testing.T) {
	net := traintest.Network(t, nn.Dense{Units: 100_000}, columns, graphs.MSE, 1)
	defer graphs.SetMemoryLimit(graphs.SetMemoryLimit(5_500_000))
	if _, err := predict.New(net, nil); err != nil {
		t.Fatal(err)
	}
	_, err := predict.New(net, nil, predict.Snapshot)
	if err == nil || !strings.HasPrefix(err.Error(), "predict: a network of 700000 weights with a snapshot takes about 5.6 MB, but the limit is 5.5 MB") {
		t.Errorf("%v", err)
	}
}

// A network may be trained while a snapshot of it predicts, also with numbers of rows that are new.
func TestSnapshotBesideTraining(t *testing.T) {
	net := traintest.Network(t, graphs.BatchNorm{Layers: 2, Units: 20, Outputs: 7}, columns, graphs.BCE, 1)
	p, err := predict.New(net, nil, predict.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	x := traintest.Matrix(200, columns, func(i, j int) float64 { return float64((7*i + j) % 5) })
	y := traintest.Matrix(200, 7, func(i, j int) float64 { return float64((i + j) % 2) })
	want, err := p.Predict(t.Context(), train.Matrix{X: x})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := train.Fit(t.Context(), net, train.Matrix{X: x, Y: y}, train.Config{Optimizer: optim.SGD{Rate: 0.1}, Epochs: 20, Batch: 50})
		done <- err
	}()
	for n := 1; n <= 200; n++ {
		got, err := p.Rows(t.Context(), nil, x.Float32s()[:n*columns], n)
		if err != nil || !slices.Equal(got, want.Values[:7*n]) {
			t.Fatalf("%d rows: training has changed the snapshot (%v)", n, err)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	after, err := predict.Predict(t.Context(), net, train.Matrix{X: x})
	if err != nil || slices.Equal(after.Values, want.Values) {
		t.Errorf("the training has changed nothing (%v)", err)
	}
}

// failing is data that cannot be read from some row on.
type failing struct {
	train.Matrix
	from int
	read func(row int)
}

func (f failing) Gather(rows []int, b *batch.Batch) error {
	for _, r := range rows {
		f.read(r)
		if r >= f.from {
			return errors.Errorf("row %d is lost", r)
		}
	}
	return f.Matrix.Gather(rows, b)
}

// Threads that divide the rows of a call read data one at a time. The first of several faults is reported, and a cancelled call ends.
func TestDividedRowsFail(t *testing.T) {
	net := traintest.Network(t, graphs.SNN{Layers: 2, Units: 300, Outputs: 2}, columns, graphs.BCE, 1)
	w := kernel.NewWorkers(3)
	defer w.Close()
	p := predictor(t, net, w)
	reading := make(chan struct{}, 1)
	d := failing{Matrix: train.Matrix{X: traintest.Matrix(2000, columns, func(i, j int) float64 { return float64(i % 7) })}, from: 700,
		read: func(int) {
			select {
			case reading <- struct{}{}:
				<-reading
			default:
				t.Error("two goroutines read data at a time")
			}
		}}
	_, err := p.Predict(t.Context(), d)
	if err == nil || err.Error() != "predict: rows 640 to 767: row 700 is lost" {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	d.from = 2000
	d.read = func(row int) {
		if row >= 300 {
			cancel()
		}
	}
	if _, err := p.Predict(ctx, d); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	d.read = func(int) {}
	if _, err := p.Predict(t.Context(), d); err != nil {
		t.Errorf("after faults: %v", err)
	}
}
