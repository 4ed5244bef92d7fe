package train_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// torchRun is a run of PyTorch in a reference file: its batches in order, the losses of its steps and the weights before and after it.
type torchRun struct {
	// In runs.json.gz only.
	Network   string         `json:"network"`
	Optimizer string         `json:"optimizer"`
	Task      string         `json:"task"`
	Y         oracle.Tensor  `json:"y"`
	Mask      *oracle.Tensor `json:"mask"`
	// In runs2.json.gz only.
	Name         string          `json:"name"`
	Rate         float64         `json:"rate"`
	Classes      oracle.Tensor   `json:"classes"`
	ClassWeights []float64       `json:"class_weights"`
	Smoothing    float64         `json:"smoothing"`
	Accumulate   int             `json:"accumulate"`
	Average      float64         `json:"ema"`
	Frozen       []int           `json:"frozen"`
	AverageEnd   []oracle.Tensor `json:"average"`

	Dims   []int           `json:"dims"`
	Start  []oracle.Tensor `json:"start"`
	X      oracle.Tensor   `json:"x"`
	Losses []float64       `json:"losses"`
	End    []oracle.Tensor `json:"end"`
}

func (c torchRun) hidden() graphs.Hidden {
	return graphs.Hidden{Layers: len(c.Dims) - 2, Units: c.Dims[1], Outputs: c.Dims[len(c.Dims)-1]}
}

// TestRunsPyTorch repeats whole training runs of PyTorch in float64.
func TestRunsPyTorch(t *testing.T) {
	var file struct {
		Cases []torchRun `json:"cases"`
	}
	oracle.ReadJSON(t, "torch/runs.json.gz", &file)
	if len(file.Cases) == 0 {
		t.Fatal("no runs in the file")
	}
	for _, c := range file.Cases {
		t.Run(c.Network+" "+c.Optimizer+" "+c.Task, func(t *testing.T) {
			var layer nn.Layer = graphs.SNN(c.hidden())
			if c.Network == "batchnorm" {
				layer = graphs.BatchNorm(c.hidden())
			}
			rules := map[string]optim.Rule{
				"sgd": optim.SGD{Rate: 0.05}, "momentum": optim.SGD{Rate: 0.02, Momentum: 0.9}, "adam": optim.Adam{Rate: 0.005},
			}
			if rules[c.Optimizer] == nil {
				t.Fatalf("there is no optimizer %q", c.Optimizer)
			}
			loss := graphs.BCE
			if c.Task == "xent" {
				loss = graphs.CrossEntropy
			}
			net := c.start(t, layer, loss)
			c.compare(t, net, train.Config{Optimizer: rules[c.Optimizer]}, 1e-8)
			compareParams(t, net, c.End, 1e-8)
		})
	}
}

// TestRuns2PyTorch repeats runs with class weights, label smoothing, a frozen first layer, accumulation, and an average of the weights.
func TestRuns2PyTorch(t *testing.T) {
	var file struct {
		Cases []torchRun `json:"cases"`
	}
	oracle.ReadJSON(t, "torch/runs2.json.gz", &file)
	if len(file.Cases) == 0 {
		t.Fatal("no runs in the file")
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			config := train.Config{Optimizer: optim.Adam{Rate: c.Rate}, Accumulate: c.Accumulate, Average: c.Average, ClassWeights: c.ClassWeights}
			net := c.start(t, graphs.SNN(c.hidden()), graphs.SmoothedCrossEntropy(c.Smoothing))
			for _, k := range c.Frozen {
				config.Groups = append(config.Groups, optim.Group{Match: []string{inFileOrder(net.Params)[k].Name}, Frozen: true})
			}
			end := &keep{}
			config.Callbacks = []train.Callback{end}
			c.compare(t, net, config, 1e-10)
			if c.AverageEnd == nil {
				compareParams(t, net, c.End, 1e-10)
				return
			}
			compareParams(t, net, c.AverageEnd, 1e-10)
			net.Params = end.params
			compareParams(t, net, c.End, 1e-10)
		})
		if strings.HasPrefix(c.Name, "balanced") {
			t.Run(c.Name+" by Balanced", func(t *testing.T) { testBalanced(t, c) })
		}
	}
}

// keep keeps the weights after each step: those of the last step are not the averaged ones.
type keep struct{ params *nn.Params }

func (k *keep) AfterStep(_ context.Context, s *train.State) error {
	k.params = s.Params.Clone()
	return nil
}

// testBalanced checks that the class weights of a run are those that Balanced computes from its rows.
func testBalanced(t *testing.T, c torchRun) {
	config := train.Config{Optimizer: optim.Adam{Rate: c.Rate}, Balanced: true}
	net := c.start(t, graphs.SNN(c.hidden()), graphs.CrossEntropy)
	c.compare(t, net, config, 1e-10)
	compareParams(t, net, c.End, 1e-10)
	for k, w := range net.Loss().ClassWeights {
		if math.Abs(w-c.ClassWeights[k]) > 1e-12 {
			t.Errorf("weight %v of class %d, want %v", w, k, c.ClassWeights[k])
		}
	}
}

// start returns the network with the weights at the start of the run.
func (c torchRun) start(t *testing.T, layer nn.Layer, loss graphs.Loss) *graphs.Network {
	t.Helper()
	net := newNetwork(t, layer, c.Dims[0], loss, 1, graphs.Dtype(tensor.Float64))
	order := inFileOrder(net.Params)
	if len(order) != len(c.Start) {
		t.Fatalf("%d parameters, the run has %d", len(order), len(c.Start))
	}
	for k, p := range order {
		copy(p.Value.Float64s(), c.Start[k].Data)
	}
	return net
}

// compare trains as the run did and compares the losses of its batches.
func (c torchRun) compare(t *testing.T, net *graphs.Network, config train.Config, tolerance float64) {
	t.Helper()
	d := &batchesInOrder{torchRun: c}
	var losses []float64
	config.Batch = c.X.Shape[1]
	config.Callbacks = append(config.Callbacks, beforeUpdate(func(s *train.State) error {
		losses = append(losses, s.Loss)
		return nil
	}))
	fit(t, net, d, config)
	if len(losses) != len(c.Losses) {
		t.Fatalf("%d losses, want %d", len(losses), len(c.Losses))
	}
	for k, want := range c.Losses {
		if math.Abs(losses[k]-want) > tolerance*math.Abs(want) {
			t.Errorf("batch %d: loss %v, want %v", k, losses[k], want)
		}
	}
}

// inFileOrder returns the trainable parameters in the order of the file: first the affine maps, then the normalizations.
func inFileOrder(params *nn.Params) (order []*nn.Param) {
	for _, affine := range []bool{true, false} {
		for _, p := range params.All() {
			if p.Trainable && affine != strings.Contains(p.Name, "batchnorm") {
				order = append(order, p)
			}
		}
	}
	return order
}

func compareParams(t *testing.T, net *graphs.Network, end []oracle.Tensor, tolerance float64) {
	t.Helper()
	order := inFileOrder(net.Params)
	if len(order) != len(end) {
		t.Fatalf("%d parameters, the file has %d", len(order), len(end))
	}
	for k, p := range order {
		scale := 0.1 // the gradient of a bias before batch normalization is rounding noise around 0
		for _, w := range end[k].Data {
			scale = math.Max(scale, math.Abs(w))
		}
		for i, w := range end[k].Data {
			if got := p.Value.Float64s()[i]; math.Abs(got-w) > tolerance*scale {
				t.Errorf("%s: element %d is %v, want %v", p.Name, i, got, w)
			}
		}
	}
}

// batchesInOrder is data whose rows are the batches of a run one after another.
type batchesInOrder struct{ torchRun }

func (b *batchesInOrder) Len() int              { return b.X.Shape[0] * b.X.Shape[1] }
func (b *batchesInOrder) Inputs() []batch.Input { return batch.Matrix(b.X.Shape[2]) }

// Order implements data.Ordered.
func (b *batchesInOrder) Order(uint64, int) []int {
	rows := make([]int, b.Len())
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func (b *batchesInOrder) Gather(rows []int, to *batch.Batch) error {
	take := func(dst *tensor.Dense, from oracle.Tensor) {
		if dst == nil {
			return
		}
		width := len(from.Data) / b.Len()
		for i, r := range rows {
			copy(dst.Float64s()[i*width:(i+1)*width], from.Data[r*width:])
		}
	}
	labels := b.Y
	if b.Classes.Data != nil {
		labels = b.Classes
	}
	y, w := to.Labels(batch.Y)
	take(to.Input(batch.X), b.X)
	take(y, labels)
	switch {
	case w == nil:
	case b.Mask != nil:
		take(w, *b.Mask)
	default:
		copy(w.Float64s(), slices.Repeat([]float64{1}, w.DataSize()))
	}
	return nil
}
