package optim_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

var names = []string{"hidden1.dense1.weight", "hidden1.dense1.bias", "output.weight", "output.bias"}

func TestResolveGroups(t *testing.T) {
	frozen, plain, slow := optim.ParamSettings{Frozen: true}, optim.ParamSettings{}, optim.ParamSettings{RateFactor: 0.1, NoDecay: true}
	for name, test := range map[string]struct {
		groups []optim.Group
		want   []optim.ParamSettings
	}{
		"none":                 {nil, []optim.ParamSettings{plain, plain, plain, plain}},
		"a pattern":            {[]optim.Group{{Match: []string{"*.bias"}, RateFactor: 0.1, NoDecay: true}}, []optim.ParamSettings{plain, slow, plain, slow}},
		"patterns":             {[]optim.Group{{Match: []string{"hidden1.*", "output.bias"}, Frozen: true}}, []optim.ParamSettings{frozen, frozen, plain, frozen}},
		"the last group holds": {[]optim.Group{{Match: []string{"*"}, Frozen: true}, {Match: []string{"output.*"}}}, []optim.ParamSettings{frozen, frozen, plain, plain}},
	} {
		got, err := optim.ResolveGroups(names, test.groups)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for want, group := range map[string]optim.Group{
		`pattern "*.biass" matches no parameter; there are hidden1.dense1.weight, hidden1.dense1.bias, output.weight, output.bias`: {Match: []string{"*.bias", "*.biass"}},
		"group 0 has no pattern": {Frozen: true}, `pattern "["`: {Match: []string{"["}}, "rate factor -1": {Match: []string{"*"}, RateFactor: -1},
		"rate factor NaN": {Match: []string{"*"}, RateFactor: math.NaN()}, "rate factor +Inf": {Match: []string{"*"}, RateFactor: math.Inf(1)},
	} {
		if _, err := optim.ResolveGroups(names, []optim.Group{group}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if _, err := optim.ResolveGroups(make([]string, 1000), []optim.Group{{Match: []string{"a"}}}); err == nil || !strings.Contains(err.Error(), "and 950 more") {
		t.Errorf("a thousand names: error %v", err)
	}
}

// A frozen parameter keeps its bits, whatever its gradient, and is no part of the norm; a rate factor is a factor of the rate; a
// parameter without decay is one of a rule without decay.
func TestParameterSettings(t *testing.T) {
	shapes := [][]int{{3, 2}, {3, 2}, {3, 2}, {3, 2}}
	settings := []optim.ParamSettings{{}, {Frozen: true}, {RateFactor: 0.25}, {NoDecay: true}}
	for name, test := range map[string]struct{ rule, slow, plain optim.Rule }{
		"SGD":      {optim.SGD{Rate: 0.1, L2: 0.5, Momentum: 0.9}, optim.SGD{Rate: 0.025, L2: 0.5, Momentum: 0.9}, optim.SGD{Rate: 0.1, Momentum: 0.9}},
		"Adam":     {optim.Adam{Rate: 0.1, L2: 0.5}, optim.Adam{Rate: 0.025, L2: 0.5}, optim.Adam{Rate: 0.1}},
		"AdamW":    {optim.AdamW{Rate: 0.1, Decay: new(0.5)}, optim.AdamW{Rate: 0.025, Decay: new(0.5)}, optim.AdamW{Rate: 0.1, Decay: new(0.0)}},
		"AdaMax":   {optim.AdaMax{Rate: 0.1, L2: 0.5}, optim.AdaMax{Rate: 0.025, L2: 0.5}, optim.AdaMax{Rate: 0.1}},
		"AdaGrad":  {optim.AdaGrad{Rate: 0.1, L2: 0.5}, optim.AdaGrad{Rate: 0.025, L2: 0.5}, optim.AdaGrad{Rate: 0.1}},
		"AdaDelta": {optim.AdaDelta{Rate: 0.1, L2: 0.5}, optim.AdaDelta{Rate: 0.025, L2: 0.5}, optim.AdaDelta{Rate: 0.1}},
		"RMSProp":  {optim.RMSProp{Rate: 0.1, L2: 0.5}, optim.RMSProp{Rate: 0.025, L2: 0.5}, optim.RMSProp{Rate: 0.1}},
	} {
		walks, optimizers := make([]*walk, 4), []*optim.Optimizer{newOptimizer(t, test.rule, optim.ForParameters(settings)),
			newOptimizer(t, test.rule), newOptimizer(t, test.slow), newOptimizer(t, test.plain)}
		for k := range walks {
			walks[k] = newWalk(tensor.Float64, shapes...)
			for o := optimizers[k]; o.Steps() < 5; {
				walks[k].step(t, o)
			}
		}
		start := newWalk(tensor.Float64, shapes...)
		for i, like := range []*walk{walks[1], start, walks[2], walks[3]} {
			if !slices.Equal(bits(walks[0].params[i]), bits(like.params[i])) {
				t.Errorf("%s: parameter %d with %+v is %v, want %v", name, i, settings[i], walks[0].params[i], like.params[i])
			}
		}
	}
}

func TestFrozenGradient(t *testing.T) {
	w := newWalk(tensor.Float64, []int{2}, []int{2})
	o := newOptimizer(t, optim.ClipNorm{Rule: optim.SGD{}, Max: 1}, optim.ForParameters([]optim.ParamSettings{{}, {Frozen: true}}))
	model := w.model()
	g := model[0].(valueGrad).grad.(*tensor.Dense).Float64s()
	want := math.Hypot(g[0], g[1])
	model[1] = valueGrad{w.params[1], nil} // a frozen parameter needs none
	if err := o.Step(model); err != nil {
		t.Fatal(err)
	}
	if norm, _ := o.GradientNorm(); math.Abs(norm-want) > 1e-12 {
		t.Errorf("norm %v, want %v", norm, want)
	}
	eager := newOptimizer(t, optim.SGD{}, optim.ForParameters([]optim.ParamSettings{{}, {Frozen: true}}))
	if err := eager.Open(model); err != nil {
		t.Fatal(err)
	}
	if err := eager.Update(0, w.model()[0]); err != nil {
		t.Fatal(err)
	}
	if err := eager.Close(); err != nil {
		t.Error(err)
	}
	three := newWalk(tensor.Float64, []int{2}, []int{2}, []int{2})
	if err := newOptimizer(t, optim.SGD{}, optim.ForParameters(make([]optim.ParamSettings, 2))).Step(three.model()); err == nil {
		t.Error("settings of two parameters were taken for three")
	}
}
