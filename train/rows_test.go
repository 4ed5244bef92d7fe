package train_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// lookups is a network with a table of categories and sparse columns.
type lookups struct {
	Twice bool // the table is used twice, by different ops
}

func (l lookups) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	category, err := b.Input("category")
	if err != nil {
		return nil, err
	}
	y, err := b.Apply("wide", nn.Dense{Units: 6}, x)
	if err != nil {
		return nil, err
	}
	z, err := b.Apply("table", nn.Embedding{Dim: 6}, category)
	if err == nil {
		y, err = ops.Add(y, z)
	}
	if err == nil && l.Twice {
		if z, err = b.Apply("table", secondLookup{}, category); err == nil {
			y, err = ops.Add(y, z)
		}
	}
	if err != nil {
		return nil, err
	}
	return b.Apply("head", nn.Sequential{nn.Func(ops.SELU), nn.Dense{Units: 2}}, y)
}

// secondLookup looks up the categories again, by an op that is not equal to the first.
type secondLookup struct{}

func (secondLookup) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	table, err := b.Param("weight", nn.StandardNormal, 300, 6)
	if err != nil {
		return nil, err
	}
	column, err := G.Reshape(x, tensor.Shape{x.Shape()[0], 1})
	if err != nil {
		return nil, err
	}
	return ops.Embedding(table, column)
}

// wideRows returns rows with a category and sparse columns, or the same columns as a dense matrix.
func wideRows(n, categories int, sparse bool) data.Named {
	const columns = 400
	r := rand.New(rand.NewPCG(3, uint64(n)))
	d := data.Named{Features: []data.Feature{{}, {Name: "category", Width: categories}}}
	dense, classes := make([]float32, n*columns), make([]float32, n)
	for i := range n {
		c := r.IntN(300)
		d.Features[1].Categories = append(d.Features[1].Categories, c)
		for range 5 {
			dense[i*columns+r.IntN(columns)] = float32(r.NormFloat64())
		}
		classes[i] = float32(c % 2)
	}
	full := tensor.New(tensor.WithShape(n, columns), tensor.WithBacking(dense))
	d.Features[0].X = full
	if sparse {
		d.Features[0].X, d.Features[0].Sparse = nil, compress(full)
	}
	d.Targets = []data.Target{{Y: tensor.New(tensor.WithShape(n), tensor.WithBacking(classes))}}
	return d
}

func compress(x *tensor.Dense) *tensor.CS {
	var columns []int
	var values []float32
	start, width := []int{0}, x.Shape()[1]
	for k, v := range x.Float32s() {
		if v != 0 {
			columns, values = append(columns, k%width), append(values, v)
		}
		if k%width == width-1 {
			start = append(start, len(columns))
		}
	}
	return tensor.NewCSR(columns, start, values, tensor.WithShape(x.Shape()...))
}

func wideNetwork(t testing.TB, layer nn.Layer, d train.Data, options ...graphs.Option) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, d.Inputs(), graphs.CrossEntropy, append(options, graphs.Seed(3))...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// differ returns the largest difference between weights.
func weightsDiffer(a, b *graphs.Network) (most float64) {
	for _, p := range a.Params.All() {
		x, y := oracle.Floats(p.Value), oracle.Floats(b.Params.Get(p.Name).Value)
		for i := range x {
			most = math.Max(most, math.Abs(x[i]-y[i]))
		}
	}
	return most
}

// Sparse rows and dense ones give the same network, with plain descent, clipping and averages, and with any rule that updates all rows.
func TestSparseIsDense(t *testing.T) {
	for name, c := range map[string]train.Config{
		"descent": {Optimizer: optim.SGD{Rate: 0.1}}, "clipped": {Optimizer: optim.ClipNorm{Rule: optim.SGD{Rate: 0.1}, Max: 0.5}},
		"average": {Optimizer: optim.AdaGrad{Rate: 0.05}, Average: 0.9}, "two threads": {Optimizer: optim.SGD{Rate: 0.1}, Threads: 2},
		"all rows": {Optimizer: optim.AllRows{Rule: optim.AdamW{}}}, "all rows, accumulated": {Optimizer: optim.AllRows{Rule: optim.Adam{}}, Accumulate: 2},
	} {
		c.Epochs, c.Batch, c.Seed = 3, 24, 5
		var nets [2]*graphs.Network
		for i, sparse := range []bool{false, true} {
			d := wideRows(100, 300, sparse)
			nets[i] = wideNetwork(t, lookups{}, d)
			fit(t, nets[i], d, c)
		}
		if d := weightsDiffer(nets[0], nets[1]); !(d < 2e-6) {
			t.Errorf("%s: weights differ by %v", name, d)
		}
	}
}

// Adam leaves the rows alone that do not occur, which dense gradients do not do, and learns.
func TestSparseAdam(t *testing.T) {
	d := wideRows(100, 1000, true) // the categories from 300 on never occur
	net := wideNetwork(t, lookups{}, d)
	before := net.Clone()
	h := fit(t, net, d, train.Config{Epochs: 20, Batch: 24, Seed: 5, Optimizer: optim.Adam{Rate: 0.01}})
	if first, last := h.Epochs[0].Loss, h.Epochs[19].Loss; !(last < first/2) {
		t.Errorf("the loss goes from %v to %v", first, last)
	}
	occurs := map[int]bool{}
	for _, c := range d.Features[1].Categories {
		occurs[c] = true
	}
	x, y := oracle.Floats(net.Params.Get("table.weight").Value), oracle.Floats(before.Params.Get("table.weight").Value)
	for i := range x {
		if occurs[i/6] == (x[i] == y[i]) {
			t.Fatalf("category %d occurs: %v, and its vector goes from %v to %v", i/6, occurs[i/6], y[i], x[i])
		}
	}
}

// Updates during the backward pass and after it give the same bits.
func TestSparseEager(t *testing.T) {
	for _, rule := range []optim.Rule{optim.SGD{Rate: 0.1}, optim.Adam{Rate: 0.01}, optim.AdaGrad{Rate: 0.1}} {
		d := wideRows(100, 300, true)
		eager, late := wideNetwork(t, lookups{}, d), wideNetwork(t, lookups{}, d)
		c := train.Config{Epochs: 2, Batch: 24, Seed: 5, Optimizer: rule}
		fit(t, eager, d, c)
		c.Callbacks = []train.Callback{beforeUpdate(func(*train.State) error { return nil })}
		fit(t, late, d, c)
		sameBits(t, "weights", late.Params, eager.Params)
	}
}

// A run that was interrupted goes on to the same bits.
func TestSparseResume(t *testing.T) {
	d := wideRows(100, 300, true)
	c := train.Config{Epochs: 4, Batch: 24, Seed: 5, Optimizer: optim.Adam{Rate: 0.01}, Threads: 2, Warn: func(string) {}}
	whole := wideNetwork(t, lookups{}, d)
	fit(t, whole, d, c)
	c.Checkpoint = &train.Checkpoint{Dir: t.TempDir(), EverySteps: 3}
	interrupted := wideNetwork(t, lookups{}, d)
	traintest.CancelAfter(t, 8, interrupted, d, c)
	c.Checkpoint.Resume = true
	resumed := wideNetwork(t, lookups{}, d)
	if h := fit(t, resumed, d, c); h.ResumedAt == 0 {
		t.Error("the run has started anew")
	}
	sameBits(t, "weights", resumed.Params, whole.Params)
}

// A table that two ops read has a gradient whose rows are unknown. It is right all the same.
func TestSparseTwice(t *testing.T) {
	var nets [2]*graphs.Network
	for i, rule := range []optim.Rule{optim.SGD{Rate: 0.1}, optim.AllRows{Rule: optim.SGD{Rate: 0.1}}} {
		d := wideRows(100, 300, i == 0)
		nets[i] = wideNetwork(t, lookups{Twice: true}, d)
		fit(t, nets[i], d, train.Config{Epochs: 3, Batch: 24, Seed: 5, Optimizer: rule})
	}
	if d := weightsDiffer(nets[0], nets[1]); !(d < 2e-6) {
		t.Errorf("weights differ by %v", d)
	}
}

// Rules that cannot follow row-sparse gradients refuse before the first step, with an advice.
func TestSparseRefused(t *testing.T) {
	for _, c := range []train.Config{
		{Optimizer: optim.AdamW{}}, {Optimizer: optim.SGD{Momentum: 0.9}}, {Optimizer: optim.Adam{L2: 0.1}}, {Optimizer: optim.RMSProp{}},
		{Optimizer: optim.ClipNorm{Rule: optim.AdamW{}, Max: 1}}, {Optimizer: optim.SGD{}, Accumulate: 2},
	} {
		d := wideRows(50, 300, true)
		net := wideNetwork(t, lookups{}, d)
		before := net.Clone()
		_, err := train.Fit(context.Background(), net, d, c)
		if err == nil || !strings.Contains(err.Error(), "row-sparse") || !strings.Contains(err.Error(), "optim.AllRows") || !strings.Contains(err.Error(), `"wide.weight"`) {
			t.Errorf("%s: %v", optim.Describe(c.Optimizer), err)
		}
		sameBits(t, "weights", net.Params, before.Params)
	}
}

// A Gorgonia solver trains such a network, too.
func TestSparseSolver(t *testing.T) {
	d := wideRows(100, 300, true)
	ours, theirs := wideNetwork(t, lookups{}, d), wideNetwork(t, lookups{}, d)
	c := train.Config{Epochs: 2, Batch: 24, Seed: 5, Optimizer: optim.SGD{Rate: 0.1}}
	fit(t, ours, d, c)
	c.Optimizer, c.Solver = nil, G.NewVanillaSolver(G.WithLearnRate(0.1))
	fit(t, theirs, d, c)
	if d := weightsDiffer(ours, theirs); !(d < 2e-6) {
		t.Errorf("weights differ by %v", d)
	}
}

// A step allocates as much for a large table as for a small one.
func TestSparseAllocations(t *testing.T) {
	var counts [2]int64
	for i, categories := range []int{1000, 300_000} {
		d := wideRows(240, categories, true)
		net := wideNetwork(t, lookups{}, d)
		var first, last runtime.MemStats
		fit(t, net, d, train.Config{Epochs: 6, Batch: 24, Threads: 1, Optimizer: optim.Adam{}, Callbacks: []train.Callback{atStep(func(s *train.State) error {
			switch s.Step {
			case 20:
				runtime.ReadMemStats(&first)
			case 50:
				runtime.ReadMemStats(&last)
			}
			return nil
		})}})
		counts[i] = int64(last.Mallocs - first.Mallocs)
	}
	if d := counts[1] - counts[0]; d > 60 || d < -60 { // 2 per step, for other work of the runtime
		t.Errorf("30 steps allocate %d times with 1,000 categories, %d times with 300,000", counts[0], counts[1])
	}
}

// A self-normalizing network with dropout on its input learns the same from sparse rows and from dense ones.
func TestSparseSNN(t *testing.T) {
	var nets [2]*graphs.Network
	var results [2]*train.Result
	for i, sparse := range []bool{false, true} {
		d := wideRows(100, 300, sparse)
		d.Features = d.Features[:1]
		nets[i] = wideNetwork(t, graphs.SNN{Layers: 2, Units: 16, Outputs: 2, Dropout: 0.1, InputDropout: 0.4}, d)
		fit(t, nets[i], d, train.Config{Epochs: 3, Batch: 24, Seed: 5, Optimizer: optim.SGD{Rate: 0.1}, Validation: d})
		results[i] = evaluate(t, nets[i], d)
	}
	if d := weightsDiffer(nets[0], nets[1]); !(d < 2e-6) {
		t.Errorf("weights differ by %v", d)
	}
	if d := math.Abs(results[0].Loss - results[1].Loss); !(d < 1e-5) {
		t.Errorf("losses differ by %v", d)
	}
}
