package train_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// solvers are the optimizers under the names of optimizers.json.gz.
var solvers = map[string]func(a optimizerAttrs) train.Optimizer{
	"sgd":          sgd,
	"sgd_momentum": sgd,
	"sgd_nesterov": sgd,
	"sgd_l2":       sgd,
	"adam": func(a optimizerAttrs) train.Optimizer {
		return &train.Adam{Rate: a.Rate, Beta1: a.Betas[0], Beta2: a.Betas[1], Eps: a.Eps, L2: a.WeightDecay}
	},
	"adamw": func(a optimizerAttrs) train.Optimizer {
		return &train.AdamW{Rate: a.Rate, Beta1: a.Betas[0], Beta2: a.Betas[1], Eps: a.Eps, Decay: a.WeightDecay}
	},
	"rmsprop": func(a optimizerAttrs) train.Optimizer {
		return &train.RMSProp{Rate: a.Rate, Alpha: a.Alpha, Eps: a.Eps, Momentum: a.Momentum, Centered: a.Centered, L2: a.WeightDecay}
	},
	"adagrad": func(a optimizerAttrs) train.Optimizer {
		return &train.AdaGrad{Rate: a.Rate, RateDecay: a.RateDecay, Eps: a.Eps, L2: a.WeightDecay}
	},
	"adadelta": func(a optimizerAttrs) train.Optimizer {
		return &train.AdaDelta{Rate: a.Rate, Rho: a.Rho, Eps: a.Eps, L2: a.WeightDecay}
	},
	"adamax": func(a optimizerAttrs) train.Optimizer {
		return &train.AdaMax{Rate: a.Rate, Beta1: a.Betas[0], Beta2: a.Betas[1], Eps: a.Eps, L2: a.WeightDecay}
	},
}

func sgd(a optimizerAttrs) train.Optimizer {
	return &train.SGD{Rate: a.Rate, Momentum: a.Momentum, Nesterov: a.Nesterov, L2: a.WeightDecay}
}

type optimizerAttrs struct {
	Rate        float64   `json:"lr"`
	Momentum    float64   `json:"momentum"`
	Nesterov    bool      `json:"nesterov"`
	WeightDecay float64   `json:"weight_decay"`
	Betas       []float64 `json:"betas"`
	Eps         float64   `json:"eps"`
	Alpha       float64   `json:"alpha"`
	Centered    bool      `json:"centered"`
	Rho         float64   `json:"rho"`
	RateDecay   float64   `json:"lr_decay"`
}

type optimizerCase struct {
	Optimizer string         `json:"optimizer"`
	Attrs     optimizerAttrs `json:"attrs"`
	MaxNorm   float64        `json:"max_norm"` // 0 for no clipping
	Start     []float64      `json:"start"`
	Steps     []struct {
		Grad  []float64 `json:"grad"`
		Param []float64 `json:"param"`
	} `json:"steps"`
}

// valueGrad is a parameter and a gradient outside any graph.
type valueGrad struct{ value, grad *tensor.Dense }

func (v valueGrad) Value() G.Value         { return v.value }
func (v valueGrad) Grad() (G.Value, error) { return v.grad, nil }

// TestOptimizersPyTorch replays the steps of PyTorch's optimizers. torch/moreoptimizers.json.gz has the settings that the other
// file leaves at their defaults, two parameters, and clipping; testdata/torch/more.py makes it.
func TestOptimizersPyTorch(t *testing.T) {
	ran := map[string]bool{}
	for _, name := range []string{"torch/optimizers.json.gz", "torch/moreoptimizers.json.gz"} {
		var file struct {
			Cases []optimizerCase `json:"cases"`
		}
		oracle.ReadJSON(t, name, &file)
		for k, c := range file.Cases {
			if solvers[c.Optimizer] == nil {
				t.Errorf("%s: there is no optimizer for case %d, %q", name, k, c.Optimizer)
				continue
			}
			ran[c.Optimizer] = true
			for dtype, rounding := range map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 2e-5} {
				c.replay(t, fmt.Sprintf("%s, case %d, %s", name, k, c.Optimizer), dtype, rounding)
			}
		}
	}
	for name := range solvers {
		if !ran[name] {
			t.Errorf("no case of %s in the files", name)
		}
	}
}

// replay takes the steps of a case. The elements are two parameters, of which the second is one element and the first the rest.
func (c optimizerCase) replay(t *testing.T, name string, dtype tensor.Dtype, rounding float64) {
	split := func(x []float64) (out []*tensor.Dense) {
		for _, part := range [][]float64{x[:len(x)-1], x[len(x)-1:]} {
			out = append(out, oracle.Tensor{Shape: []int{len(part)}, Data: part}.Dense(dtype))
		}
		return out
	}
	solver := solvers[c.Optimizer](c.Attrs)
	if c.MaxNorm > 0 {
		solver = &train.ClipNorm{Optimizer: solver, Max: c.MaxNorm}
	}
	p := split(c.Start)
	for k, step := range c.Steps {
		if len(step.Grad) != len(c.Start) || len(step.Param) != len(c.Start) {
			t.Fatalf("%s: step %d has %d gradients and %d parameters, want %d", name, k, len(step.Grad), len(step.Param), len(c.Start))
		}
		g := split(step.Grad)
		if err := solver.Step([]G.ValueGrad{valueGrad{p[0], g[0]}, valueGrad{p[1], g[1]}}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := append(oracle.Floats(p[0]), oracle.Floats(p[1])...)
		for i, want := range step.Param {
			if !(math.Abs(got[i]-want) <= rounding*math.Max(1, math.Abs(want))) {
				t.Errorf("%s: %v, step %d, element %d: %v, want %v", name, dtype, k, i, got[i], want)
			}
		}
	}
}

// schedules are those of schedules.json.gz and of moreschedules.json.gz.
var schedules = map[string]train.Schedule{
	"step":               train.StepDecay(7, 0.5),
	"exponential":        train.Exponential(0.9),
	"cosine":             train.Cosine,
	"onecycle":           train.OneCycle{}.Factor,
	"linear_warmup":      train.WarmUp(10, 0.1, nil),
	"onecycle_settings":  train.OneCycle{Rise: 0.45, Div: 10, FinalDiv: 100}.Factor,
	"warmup_step":        train.WarmUp(6, 0.2, train.StepDecay(5, 0.3)),
	"warmup_exponential": train.WarmUp(6, 0.2, train.Exponential(0.9)),
}

// TestSchedulesPyTorch compares the rates of runs.
func TestSchedulesPyTorch(t *testing.T) {
	ran := map[string]bool{}
	for _, name := range []string{"torch/schedules.json.gz", "torch/moreschedules.json.gz"} {
		var file struct {
			Base  float64 `json:"base"`
			Cases []struct {
				Schedule string    `json:"schedule"`
				Rates    []float64 `json:"rates"`
			} `json:"cases"`
		}
		oracle.ReadJSON(t, name, &file)
		for _, c := range file.Cases {
			schedule := schedules[c.Schedule]
			if schedule == nil {
				t.Errorf("%s: there is no schedule %q", name, c.Schedule)
				continue
			}
			ran[c.Schedule] = true
			for k, want := range c.Rates {
				if got := file.Base * schedule(k, len(c.Rates)); !(math.Abs(got-want) <= 1e-12) {
					t.Errorf("%s: rate %v at step %d, want %v", c.Schedule, got, k, want)
				}
			}
		}
	}
	for name := range schedules {
		if !ran[name] {
			t.Errorf("no case of %s in the files", name)
		}
	}
}

type torchRun struct {
	Network   string          `json:"network"`
	Optimizer string          `json:"optimizer"`
	Task      string          `json:"task"`
	Dims      []int           `json:"dims"`
	Start     []oracle.Tensor `json:"start"`
	X         oracle.Tensor   `json:"x"`
	Y         oracle.Tensor   `json:"y"`
	Mask      *oracle.Tensor  `json:"mask"`
	Losses    []float64       `json:"losses"`
	End       []oracle.Tensor `json:"end"`
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
		t.Run(c.Network+" "+c.Optimizer+" "+c.Task, func(t *testing.T) { testRun(t, c) })
	}
}

func testRun(t *testing.T, c torchRun) {
	hidden := graphs.Hidden{Layers: len(c.Dims) - 2, Units: c.Dims[1], Outputs: c.Dims[len(c.Dims)-1]}
	var model nn.Layer = graphs.SNN(hidden)
	if c.Network == "batchnorm" {
		model = graphs.BatchNorm(hidden)
	}
	var optimizer train.Optimizer = &train.Adam{Rate: 0.005}
	switch c.Optimizer {
	case "sgd":
		optimizer = &train.SGD{Rate: 0.05}
	case "momentum":
		optimizer = &train.SGD{Rate: 0.02, Momentum: 0.9}
	}
	loss := graphs.BCE
	if c.Task == "xent" {
		loss = graphs.CrossEntropy
	}
	params, err := nn.NewParams(tensor.Float64, 1)
	if err != nil {
		t.Fatal(err)
	}
	start(t, model, params, loss, c)
	data := &batchesInOrder{c: c}
	losses := &lossLog{}
	_, err = train.Fit(context.Background(), model, params, data, train.Config{
		Loss: loss, Optimizer: optimizer, Batch: data.Len() / len(c.Losses), Callbacks: []train.Callback{losses},
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range c.Losses {
		if got := losses.values[k]; math.Abs(got-want) > 1e-8*math.Abs(want) {
			t.Errorf("step %d: loss %v, want %v", k, got, want)
		}
	}
	compareTrainable(t, params, c.End)
}

// start makes the parameters and sets them to those of the run.
func start(t *testing.T, model nn.Layer, params *nn.Params, loss graphs.Loss, c torchRun) {
	t.Helper()
	if _, err := graphs.Build(model, params, graphs.Config{Batch: 2, Inputs: c.Dims[0], Loss: loss}); err != nil {
		t.Fatal(err)
	}
	order := inFileOrder(params)
	if len(order) != len(c.Start) {
		t.Fatalf("%d parameters, the run has %d", len(order), len(c.Start))
	}
	for k, p := range order {
		copy(p.Value.Float64s(), c.Start[k].Data)
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

func compareTrainable(t *testing.T, params *nn.Params, end []oracle.Tensor) {
	t.Helper()
	for k, p := range inFileOrder(params) {
		want := end[k]
		scale := 0.1 // the gradient of a bias before batch normalization is rounding noise around 0
		for _, w := range want.Data {
			scale = math.Max(scale, math.Abs(w))
		}
		for i, w := range want.Data {
			if got := p.Value.Float64s()[i]; math.Abs(got-w) > 1e-8*scale {
				t.Errorf("%s: element %d is %v, want %v", p.Name, i, got, w)
			}
		}
	}
}

// batchesInOrder hands out the batches of a run one after another, whatever rows are asked for.
type batchesInOrder struct {
	c    torchRun
	next int
}

func (b *batchesInOrder) Len() int    { return b.c.X.Shape[0] * b.c.X.Shape[1] }
func (b *batchesInOrder) Inputs() int { return b.c.X.Shape[2] }

func (b *batchesInOrder) Gather(rows []int, x, y, weights *tensor.Dense) error {
	take := func(dst *tensor.Dense, from *oracle.Tensor) {
		if dst != nil {
			size := len(from.Data) / from.Shape[0]
			copy(dst.Float64s(), from.Data[b.next*size:(b.next+1)*size])
		}
	}
	take(x, &b.c.X)
	take(y, &b.c.Y)
	take(weights, b.c.Mask)
	b.next++
	return nil
}

// lossLog keeps the loss of every step.
type lossLog struct{ values []float64 }

func (l *lossLog) AfterEpoch(context.Context, *train.State) error { return nil }
func (l *lossLog) AfterStep(_ context.Context, s *train.State) error {
	l.values = append(l.values, s.Loss)
	return nil
}
