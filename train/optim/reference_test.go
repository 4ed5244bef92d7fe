package optim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// torchRules are the rules under the names of optimizers.json.gz.
var torchRules = map[string]func(a torchSettings) optim.Rule{
	"sgd":          sgd,
	"sgd_momentum": sgd,
	"sgd_nesterov": sgd,
	"sgd_l2":       sgd,
	"adam": func(a torchSettings) optim.Rule {
		return optim.Adam{Rate: a.Rate, Beta1: a.beta(0), Beta2: a.beta(1), Eps: a.Eps, L2: a.l2()}
	},
	"adamw": func(a torchSettings) optim.Rule {
		return optim.AdamW{Rate: a.Rate, Beta1: a.beta(0), Beta2: a.beta(1), Eps: a.Eps, Decay: a.WeightDecay}
	},
	"rmsprop": func(a torchSettings) optim.Rule {
		return optim.RMSProp{Rate: a.Rate, Alpha: a.Alpha, Eps: a.Eps, Momentum: a.Momentum, Centered: a.Centered, L2: a.l2()}
	},
	"adagrad": func(a torchSettings) optim.Rule {
		return optim.AdaGrad{Rate: a.Rate, RateDecay: a.RateDecay, Eps: a.Eps, L2: a.l2()}
	},
	"adadelta": func(a torchSettings) optim.Rule {
		eps := 0.0
		if a.Eps != nil {
			eps = *a.Eps
		}
		return optim.AdaDelta{Rate: a.Rate, Rho: a.Rho, Eps: eps, L2: a.l2()}
	},
	"adamax": func(a torchSettings) optim.Rule {
		return optim.AdaMax{Rate: a.Rate, Beta1: a.beta(0), Beta2: a.beta(1), Eps: a.Eps, L2: a.l2()}
	},
}

func sgd(a torchSettings) optim.Rule {
	return optim.SGD{Rate: a.Rate, Momentum: a.Momentum, Nesterov: a.Nesterov, L2: a.l2()}
}

type torchSettings struct {
	Rate        float64   `json:"lr"`
	Momentum    float64   `json:"momentum"`
	Nesterov    bool      `json:"nesterov"`
	WeightDecay *float64  `json:"weight_decay"`
	Betas       []float64 `json:"betas"`
	Eps         *float64  `json:"eps"`
	Alpha       *float64  `json:"alpha"`
	Centered    bool      `json:"centered"`
	Rho         *float64  `json:"rho"`
	RateDecay   float64   `json:"lr_decay"`
}

func (a torchSettings) l2() float64 {
	if a.WeightDecay == nil {
		return 0
	}
	return *a.WeightDecay
}

func (a torchSettings) beta(i int) *float64 {
	if i >= len(a.Betas) {
		return nil
	}
	return &a.Betas[i]
}

type torchCase struct {
	Optimizer string        `json:"optimizer"`
	Attrs     torchSettings `json:"attrs"`
	MaxNorm   float64       `json:"max_norm"` // 0 for no clipping
	Start     []float64     `json:"start"`
	Steps     []struct {
		Grad  []float64 `json:"grad"`
		Param []float64 `json:"param"`
	} `json:"steps"`
}

// TestOptimizersPyTorch replays the steps of PyTorch's optimizers. torch/moreoptimizers.json.gz has the settings that the other
// file leaves at their defaults, two parameters, and clipping; testdata/torch/more.py makes it.
func TestOptimizersPyTorch(t *testing.T) {
	for _, name := range []string{"torch/optimizers.json.gz", "torch/moreoptimizers.json.gz"} {
		var file struct {
			Cases []torchCase `json:"cases"`
		}
		oracle.ReadJSON(t, name, &file)
		if len(file.Cases) == 0 {
			t.Errorf("%s: no cases", name)
		}
		for k, c := range file.Cases {
			if torchRules[c.Optimizer] == nil {
				t.Errorf("%s: there is no rule for case %d, %q", name, k, c.Optimizer)
				continue
			}
			for dtype, rounding := range map[tensor.Dtype]float64{tensor.Float64: 1e-12, tensor.Float32: 2e-5} {
				c.replay(t, fmt.Sprintf("%s, case %d, %s", name, k, c.Optimizer), dtype, rounding)
			}
		}
	}
}

// replay takes the steps of a case. The elements are two parameters, of which the second is one element and the first the rest.
func (c torchCase) replay(t *testing.T, name string, dtype tensor.Dtype, rounding float64) {
	split := func(x []float64) (out []*tensor.Dense) {
		for _, part := range [][]float64{x[:len(x)-1], x[len(x)-1:]} {
			out = append(out, oracle.Tensor{Shape: []int{len(part)}, Data: part}.Dense(dtype))
		}
		return out
	}
	rule := torchRules[c.Optimizer](c.Attrs)
	if c.MaxNorm > 0 {
		rule = optim.ClipNorm{Rule: rule, Max: c.MaxNorm}
	}
	o := newOptimizer(t, rule)
	p := split(c.Start)
	for k, step := range c.Steps {
		if len(step.Grad) != len(c.Start) || len(step.Param) != len(c.Start) {
			t.Fatalf("%s: step %d has %d gradients and %d parameters, want %d", name, k, len(step.Grad), len(step.Param), len(c.Start))
		}
		g := split(step.Grad)
		if err := o.Step([]G.ValueGrad{valueGrad{p[0], g[0]}, valueGrad{p[1], g[1]}}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		near(t, fmt.Sprintf("%s, %v, step %d", name, dtype, k), rounding, step.Param, p[0], p[1])
	}
}

// near compares the elements of values with those of a file.
func near(t *testing.T, name string, rounding float64, want []float64, values ...G.Value) {
	t.Helper()
	var got []float64
	for _, v := range values {
		var err error
		if got, err = dense.Float64s(v, got); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", name, len(got), len(want))
	}
	for i, w := range want {
		if !(math.Abs(got[i]-w) <= rounding*math.Max(1, math.Abs(w))) {
			t.Errorf("%s: element %d is %v, want %v", name, i, got[i], w)
		}
	}
}

// groupCase is a run of optimizers2.json.gz on parameters named a, b and so on. Each step has the gradients of one or more batches.
type groupCase struct {
	Name  string `json:"name"`
	Attrs struct {
		Rate      float64  `json:"rate"`
		FactorOfB float64  `json:"factor_of_b"`
		Beta1     *float64 `json:"beta1"`
		Beta2     *float64 `json:"beta2"`
		Momentum  float64  `json:"momentum"`
		MaxNorm   float64  `json:"max_norm"`
		Decay     *float64 `json:"decay"` // of the weights, or of the average
	} `json:"attrs"`
	Start [][]float64 `json:"start"`
	Steps []struct {
		Grads   [][][]float64 `json:"grads"`
		Params  [][]float64   `json:"params"`
		Average [][]float64   `json:"average"`
	} `json:"steps"`
}

func (c groupCase) rule(t *testing.T) (rule optim.Rule) {
	a := c.Attrs
	switch kind, _, _ := strings.Cut(c.Name, "_"); kind {
	case "sgd":
		rule = optim.SGD{Rate: a.Rate, Momentum: a.Momentum}
	case "adam":
		rule = optim.Adam{Rate: a.Rate, Beta1: a.Beta1, Beta2: a.Beta2}
	case "adamw":
		rule = optim.AdamW{Rate: a.Rate, Beta1: a.Beta1, Beta2: a.Beta2, Decay: a.Decay}
	default:
		t.Fatalf("there is no rule for case %q", c.Name)
	}
	if a.MaxNorm > 0 {
		rule = optim.ClipNorm{Rule: rule, Max: a.MaxNorm}
	}
	return rule
}

func (c groupCase) groups() (groups []optim.Group) {
	if c.Attrs.FactorOfB > 0 {
		groups = append(groups, optim.Group{Match: []string{"b"}, RateFactor: c.Attrs.FactorOfB})
	}
	if strings.Contains(c.Name, "no_decay_of_b") {
		groups = append(groups, optim.Group{Match: []string{"b"}, NoDecay: true})
	}
	return groups
}

// TestGroupsPyTorch replays runs with groups of parameters, accumulation, clipping, and an average of the weights.
func TestGroupsPyTorch(t *testing.T) {
	var file struct {
		Groups []groupCase `json:"groups"`
	}
	oracle.ReadJSON(t, "torch/optimizers2.json.gz", &file)
	if len(file.Groups) == 0 {
		t.Error("no cases")
	}
	for _, c := range file.Groups {
		for dtype, rounding := range map[tensor.Dtype]float64{tensor.Float64: 1e-10, tensor.Float32: 2e-5} {
			t.Run(fmt.Sprintf("%s/%v", c.Name, dtype), func(t *testing.T) { c.replay(t, dtype, rounding) })
		}
	}
}

func (c groupCase) replay(t *testing.T, dtype tensor.Dtype, rounding float64) {
	if len(c.Steps) == 0 {
		t.Fatal("no steps")
	}
	values := func(x [][]float64) (out []G.Value) {
		for _, x := range x {
			out = append(out, oracle.Tensor{Shape: []int{len(x)}, Data: x}.Dense(dtype))
		}
		return out
	}
	params := values(c.Start[:len(c.Steps[0].Params)])
	var names []string
	for i := range params {
		names = append(names, string(rune('a'+i)))
	}
	settings, err := optim.ResolveGroups(names, c.groups())
	if err != nil {
		t.Fatal(err)
	}
	o := newOptimizer(t, c.rule(t), optim.ForParameters(settings))
	accumulator, err := optim.NewAccumulator(len(c.Steps[0].Grads))
	if err != nil {
		t.Fatal(err)
	}
	var average *optim.Average
	if c.Steps[0].Average != nil {
		if average, err = optim.NewAverage(*c.Attrs.Decay); err != nil {
			t.Fatal(err)
		}
		if err := average.Start(params); err != nil {
			t.Fatal(err)
		}
	}
	for k, step := range c.Steps {
		for b, grads := range step.Grads {
			var model []G.ValueGrad
			for i, g := range values(grads) {
				model = append(model, valueGrad{params[i], g})
			}
			ready, err := accumulator.Add(model)
			if err != nil || ready != (b == len(step.Grads)-1) {
				t.Fatalf("step %d, batch %d of %d: ready %v, error %v", k, b, len(step.Grads), ready, err)
			}
		}
		if err := o.Apply(accumulator.Mean()); err != nil {
			t.Fatal(err)
		}
		for i, p := range params {
			near(t, fmt.Sprintf("step %d, %s", k, names[i]), rounding, step.Params[i], p)
		}
		if average == nil {
			continue
		}
		if err := average.Update(params); err != nil {
			t.Fatal(err)
		}
		averaged := values(step.Params)
		if err := average.CopyTo(averaged); err != nil {
			t.Fatal(err)
		}
		for i, p := range averaged {
			near(t, fmt.Sprintf("step %d, average of %s", k, names[i]), rounding, step.Average[i], p)
		}
	}
}

// torchSchedules are those of schedules.json.gz and of moreschedules.json.gz.
var torchSchedules = map[string]optim.Schedule{
	"step":               optim.StepDecay{Every: 7, Factor: 0.5},
	"exponential":        optim.Exponential{Factor: 0.9},
	"cosine":             optim.Cosine{},
	"onecycle":           optim.OneCycle{},
	"linear_warmup":      optim.WarmUp{Steps: 10, From: 0.1},
	"onecycle_settings":  optim.OneCycle{Rise: 0.45, Div: 10, FinalDiv: 100},
	"warmup_step":        optim.WarmUp{Steps: 6, From: 0.2, Then: optim.StepDecay{Every: 5, Factor: 0.3}},
	"warmup_exponential": optim.WarmUp{Steps: 6, From: 0.2, Then: optim.Exponential{Factor: 0.9}},
}

// TestSchedulesPyTorch compares the rates of runs.
func TestSchedulesPyTorch(t *testing.T) {
	for _, name := range []string{"torch/schedules.json.gz", "torch/moreschedules.json.gz"} {
		var file struct {
			Base  float64 `json:"base"`
			Cases []struct {
				Schedule string    `json:"schedule"`
				Rates    []float64 `json:"rates"`
			} `json:"cases"`
		}
		oracle.ReadJSON(t, name, &file)
		if len(file.Cases) == 0 {
			t.Errorf("%s: no cases", name)
		}
		for _, c := range file.Cases {
			schedule := torchSchedules[c.Schedule]
			if schedule == nil {
				t.Errorf("%s: there is no schedule %q", name, c.Schedule)
				continue
			}
			if err := optim.CheckSchedule(schedule); err != nil {
				t.Error(err)
			}
			for k, want := range c.Rates {
				factor, err := optim.Factor(schedule, optim.Progress{Step: k, Steps: len(c.Rates), StepsPerEpoch: 1})
				if got := file.Base * factor; err != nil || !(math.Abs(got-want) <= 1e-12) {
					t.Errorf("%s: rate %v at step %d, want %v; error %v", c.Schedule, got, k, want, err)
				}
			}
		}
	}
}
