package train_test

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// loader is data with an order of its own, which notes the rows that it is asked for.
type loader struct {
	inOrder
	mu   sync.Mutex
	rows [][]int
	bad  func(rows []int, b *batch.Batch) error
}

func (l *loader) Gather(rows []int, b *batch.Batch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows = append(l.rows, slices.Clone(rows))
	if err := l.inOrder.Gather(rows, b); err != nil {
		return err
	}
	if l.bad != nil {
		return l.bad(rows, b)
	}
	return nil
}

// Ordered data are read in their order, one batch after the other.
func TestOrderedData(t *testing.T) {
	for _, threads := range []int{1, 2} {
		l := &loader{inOrder: inOrder{spirals(25, 1)}}
		fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), l, train.Config{Epochs: 2, Batch: 8, Seed: 3, Threads: threads})
		want := slices.Concat(l.Order(3, 1), l.Order(3, 2))
		if got := slices.Concat(l.rows...); !slices.Equal(got, want) {
			t.Errorf("%d threads: rows %v, want %v", threads, got, want)
		}
	}
	_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), twice{spirals(25, 1)}, train.Config{Warn: func(string) {}})
	mustSay(t, "a bad order", err, "epoch 1", "row 0 twice")
}

// twice is data whose order holds a row twice.
type twice struct{ train.Matrix }

func (d twice) Order(uint64, int) []int { return make([]int, d.Len()) }

// A loader that returns NaN labels has missing labels; one that fails or panics in some batch ends the run, which names the reason.
func TestLoaders(t *testing.T) {
	nanLabels := func(rows []int, b *batch.Batch) error {
		if y, _ := b.Labels(batch.Y); y != nil {
			for i, r := range rows {
				if r%2 == 1 {
					y.Float32s()[i] = float32(math.NaN())
				}
			}
		}
		return nil
	}
	d, odd := spirals(40, 1), &loader{inOrder: inOrder{spirals(40, 1)}, bad: nanLabels}
	weighted := d
	weighted.Weights = vector(40, func(i int) float64 { return float64(1 - i%2) })
	one, two := newNetwork(t, network, 2, graphs.CrossEntropy, 1), newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	fit(t, one, odd, train.Config{Epochs: 2, Batch: 8})
	fit(t, two, inOrder{weighted}, train.Config{Epochs: 2, Batch: 8})
	sameBits(t, "NaN labels", one.Params, two.Params)

	for name, bad := range map[string]func(rows []int, b *batch.Batch) error{
		"panic": func([]int, *batch.Batch) error { panic("the file is gone") },
		"error": func([]int, *batch.Batch) error { return context.DeadlineExceeded },
		"nil labels": func(_ []int, b *batch.Batch) error {
			b.Outputs = nil
			return nil
		},
		"a tensor of its own": func(_ []int, b *batch.Batch) error {
			if len(b.Outputs) > 0 {
				b.Outputs[0].Value = tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(1))
			}
			return nil
		},
	} {
		for _, threads := range []int{1, 2} {
			l := &loader{inOrder: inOrder{spirals(40, 1)}}
			l.bad = func(rows []int, b *batch.Batch) error {
				if len(l.rows) < 4 {
					return nil
				}
				return bad(rows, b)
			}
			err := inTime(t, name, func() error {
				_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), l, train.Config{Epochs: 9, Batch: 8, Threads: threads, Warn: func(string) {}})
				return err
			})
			mustSay(t, name, err, map[string]string{"panic": "the data: panic: the file is gone", "error": "deadline", "nil labels": "has changed the batch", "a tensor of its own": "has changed the batch"}[name])
		}
	}
}

// Class weights become part of the network's loss, and count in validation and in later evaluations.
func TestClassWeights(t *testing.T) {
	x := matrix(40, 1, func(int, int) float64 { return 1 })
	y := vector(40, func(i int) float64 { return float64(min(1, i%4)) }) // 10 of class 0, 30 of class 1
	d := train.Matrix{X: x, Y: y}
	net := newNetwork(t, nn.Dense{Units: 2}, 1, graphs.CrossEntropy, 1)
	fit(t, net, d, train.Config{Epochs: 200, Batch: 40, Balanced: true, Optimizer: optim.SGD{Rate: 1}})
	r := evaluate(t, net, d)
	if w := net.Loss().ClassWeights; w[0] != 2 || math.Abs(w[1]-2./3) > 1e-12 || math.Abs(r.Row(0)[0]-0.5) > 1e-3 || math.Abs(r.Loss-math.Ln2) > 1e-4 {
		t.Errorf("weights %v, probability %v, loss %v", w, r.Row(0)[0], r.Loss)
	}
	// Binary outputs: negatives/positives over the observed labels, 1 for an output without both.
	tasks := train.Matrix{X: x, Y: matrix(40, 3, func(i, j int) float64 {
		return []float64{float64(min(1, i%4)), map[bool]float64{true: math.NaN()}[i%2 == 0], 1}[j]
	})}
	net = newNetwork(t, nn.Dense{Units: 3}, 1, graphs.BCE, 1)
	fit(t, net, tasks, train.Config{Balanced: true})
	if w := net.Loss().ClassWeights; !slices.Equal(w, []float64{10. / 30, 1, 1}) {
		t.Errorf("weights %v", w)
	}
	// A loss without class weights refuses them.
	net = newNetwork(t, nn.Dense{Units: 1}, 1, graphs.MSE, 1)
	_, err := train.Fit(context.Background(), net, train.Matrix{X: x, Y: x}, train.Config{Balanced: true, Warn: func(string) {}})
	mustSay(t, "balanced regression", err, "regression")
	_, err = train.Fit(context.Background(), net, train.Matrix{X: x, Y: x}, train.Config{ClassWeights: []float64{2}, Warn: func(string) {}})
	mustSay(t, "class weights of a regression", err, "takes no class weights")
}

// A run that is cancelled while it validates resumes with the same bits, with an average of the weights too.
func TestResumeWithinValidation(t *testing.T) {
	for _, average := range []float64{0, 0.8} {
		c := baseConfig()
		c.Average = average
		want := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
		wantHistory := fit(t, want, spirals(64, 1), c)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		validation := &loader{inOrder: inOrder{spirals(10, 3)}}
		validation.bad = func([]int, *batch.Batch) error {
			if len(validation.rows) == 4 { // labels before the first step, then predictions and labels of each epoch
				cancel()
			}
			return nil
		}
		c.Validation, c.Checkpoint = validation, &train.Checkpoint{Dir: t.TempDir(), EveryEpochs: 9, Resume: true}
		h, err := train.Fit(ctx, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		mustSay(t, "cancelled", err, "epoch 2", "context canceled")
		if len(h.Epochs) != 1 {
			t.Fatalf("%d epochs", len(h.Epochs))
		}
		net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
		sameHistory(t, "resumed", fit(t, net, spirals(64, 1), c), wantHistory)
		sameBits(t, "resumed", net.Params, want.Params)
	}
}

// inPieces is data whose order is computed piece by piece: that of inOrder.
type inPieces struct {
	*loader
	bad int // a place with a row that is not there
}

func (p inPieces) Sequence(seed uint64, epoch, from int, rows []int) error {
	copy(rows, p.loader.inOrder.Order(seed, epoch)[from:])
	if p.bad > 0 && p.bad >= from && p.bad < from+len(rows) {
		rows[p.bad-from] = p.Len()
	}
	return nil
}

// Data whose order comes in pieces are read in that order, whatever the number of threads and of batches per step, and a row that is not there
// is an error.
func TestStreamedData(t *testing.T) {
	for _, c := range []train.Config{{Threads: 1}, {Threads: 2}, {Threads: 2, Accumulate: 3}} {
		c.Epochs, c.Batch, c.Seed = 2, 8, 3
		l := &loader{inOrder: inOrder{spirals(25, 1)}}
		fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), struct{ data.Streamed }{inPieces{loader: l}}, c)
		want := slices.Concat(l.Order(3, 1), l.Order(3, 2))
		if got := slices.Concat(l.rows...); !slices.Equal(got, want) {
			t.Errorf("%+v: rows %v, want %v", c, got, want)
		}
	}
	bad := inPieces{loader: &loader{inOrder: inOrder{spirals(25, 1)}}, bad: 17}
	_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), struct{ data.Streamed }{bad}, train.Config{Batch: 8, Warn: func(string) {}})
	mustSay(t, "a bad order", err, "epoch 1", "row 25 of 25 at place 17")
}
