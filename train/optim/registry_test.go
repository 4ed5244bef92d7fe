package optim_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

func TestByName(t *testing.T) {
	for _, name := range optim.Names() {
		for _, rate := range []float64{0, 0.01} {
			rule, err := optim.ByName(name, rate, 0.1)
			if err != nil {
				t.Fatal(err)
			}
			newWalk(tensor.Float32, []int{3}).step(t, newOptimizer(t, rule))
		}
	}
	for name, want := range map[string]optim.Rule{
		"adam": optim.Adam{Rate: 0.1, L2: 0.2}, "nesterov": optim.SGD{Rate: 0.1, Momentum: 0.9, Nesterov: true, L2: 0.2}, "adamw": optim.AdamW{Rate: 0.1, Decay: new(0.2)},
	} {
		rule, err := optim.ByName(name, 0.1, 0.2)
		if err != nil || optim.Describe(rule) != optim.Describe(want) {
			t.Errorf("%s: %s, want %s; error %v", name, optim.Describe(rule), optim.Describe(want), err)
		}
	}
	if rule, err := optim.ByName("adamw", 0, 0); err != nil || optim.Describe(rule) != optim.Describe(optim.AdamW{}) {
		t.Errorf("adamw without settings: %s, error %v", optim.Describe(rule), err)
	}
	for _, test := range []struct {
		name        string
		rate, decay float64
		want        string
	}{
		{"adamx", 0, 0, `no optimizer "adamx"; there are adadelta, adagrad, adam, adamax, adamw, momentum, nesterov, rmsprop, sgd`},
		{"adam", -1, 0, "rate -1"}, {"adam", math.NaN(), 0, "rate NaN"}, {"adamw", 0, -2, "weight decay -2"},
	} {
		if _, err := optim.ByName(test.name, test.rate, test.decay); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %v %v: error %v, want one with %q", test.name, test.rate, test.decay, err, test.want)
		}
	}
}

func TestRegister(t *testing.T) {
	before := optim.Names()
	adam := func(rate, decay float64) optim.Rule { return optim.Adam{Rate: rate} }
	for want, err := range map[string]error{
		"the name is taken": optim.Register("", adam), "no function": optim.Register("a", nil), "letters": optim.Register("a b", adam),
		"no rule":  optim.Register("a", func(float64, float64) optim.Rule { return nil }),
		"panic in": optim.Register("a", func(float64, float64) optim.Rule { panic("ouch") }),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if !slices.Equal(before, optim.Names()) {
		t.Errorf("names %v, before %v", optim.Names(), before)
	}
}

// Settings that do the same have one description, others have another.
func TestDescribe(t *testing.T) {
	for _, same := range [][]optim.Rule{
		{optim.Adam{}, &optim.Adam{}, optim.Adam{Rate: 1e-3, Beta1: new(0.9), Eps: new(1e-8)}},
		{optim.ClipNorm{Rule: optim.SGD{}, Max: 2}, optim.ClipNorm{Rule: &optim.SGD{Rate: 1e-3}, Max: 2}},
	} {
		for _, rule := range same {
			if got := optim.Describe(rule); got != optim.Describe(same[0]) {
				t.Errorf("%s, want %s", got, optim.Describe(same[0]))
			}
		}
	}
	for _, name := range optim.Names() {
		for _, rate := range []float64{0, 0.125} {
			rule, err := optim.ByName(name, rate, 0)
			rated, ok := rule.(optim.Rated)
			if err != nil || !ok || !(rated.LearningRate() > 0) || rate > 0 && rated.LearningRate() != rate {
				t.Errorf("%s of rate %g: %v (%v)", name, rate, rule, err)
			}
		}
	}
	if got := optim.LearningRate(nil) + optim.LearningRate((*optim.Adam)(nil)) + optim.LearningRate(optim.ClipNorm{}); got != 0 {
		t.Errorf("rate %g without a rule", got)
	}
	if got := optim.LearningRate(optim.ClipNorm{Rule: optim.SGD{Rate: 0.5}, Max: 1}); got != 0.5 {
		t.Errorf("rate %g of a rule that clips", got)
	}
	seen := map[string]optim.Rule{}
	for _, rule := range []optim.Rule{
		nil, optim.Adam{}, optim.AdamW{}, optim.AdamW{Decay: new(0.0)}, optim.Adam{Beta1: new(0.0)}, optim.SGD{}, optim.SGD{Momentum: 0.9}, optim.SGD{Momentum: 0.9, Nesterov: true},
		optim.RMSProp{}, optim.RMSProp{Centered: true}, optim.AdaMax{}, optim.AdaGrad{}, optim.AdaDelta{}, optim.ClipNorm{}, optim.ClipNorm{Rule: optim.SGD{}, Max: 2},
		optim.ClipNorm{Rule: optim.SGD{}, Max: 1}, sign{Rate: 1}, sign{Rate: 2}, badNames{name: "a"}, badNames{SGD: optim.SGD{Rate: 3}, name: "a"},
	} {
		text := optim.Describe(rule)
		if other, ok := seen[text]; ok {
			t.Errorf("%#v and %#v are both %q", rule, other, text)
		}
		seen[text] = rule
	}
	if got, want := optim.Describe(optim.Adam{}), "adam: rate 0.001, beta1 0.9, beta2 0.999, eps 1e-08, L2 0"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The settings in checkpoints of version 0.1 are understood.
func TestDescribeFormer(t *testing.T) {
	for text, want := range map[string]optim.Rule{
		"*train.Adam{Rate 0.01, Beta1 0, Beta2 0.99, Eps 0, L2 0}":                                    optim.Adam{Rate: 0.01, Beta2: new(0.99)},
		"*train.AdamW{Rate 0, Beta1 0, Beta2 0, Eps 0, Decay 0.1}":                                    optim.AdamW{Decay: new(0.1)},
		"*train.SGD{Rate 0.1, Momentum 0.9, Nesterov true, L2 0}":                                     optim.SGD{Rate: 0.1, Momentum: 0.9, Nesterov: true},
		"*train.RMSProp{Rate 0, Alpha 0, Eps 0, Momentum 0, Centered true, L2 0.5}":                   optim.RMSProp{Centered: true, L2: 0.5},
		"*train.AdaDelta{Rate 0, Rho 0, Eps 0, L2 0}":                                                 optim.AdaDelta{},
		"*train.ClipNorm{Optimizer *train.Adam{Rate 0.01, Beta1 0, Beta2 0, Eps 0, L2 1e-05}, Max 1}": optim.ClipNorm{Rule: optim.Adam{Rate: 0.01, L2: 1e-5}, Max: 1},
	} {
		if got, ok := optim.DescribeFormer(text); !ok || got != optim.Describe(want) {
			t.Errorf("%s: %q, want %q", text, got, optim.Describe(want))
		}
	}
	for _, text := range []string{"", "*train.", "*train.Adam", "*train.Adam{", "*train.Adam{}", "*train.Adam{Rate}", "*train.Adam{Rate x}", "*train.Adam{Rates 1}",
		"*train.Adamant{Rate 1}", "*train.Adam{Rate 1}}", "*main.Adam{Rate 1}", "*train.ClipNorm{Max 1}", "*train.ClipNorm{Optimizer *train.Adam{Rate 1}, Max x}",
		strings.Repeat("*train.ClipNorm{Optimizer ", 1000)} {
		if got, ok := optim.DescribeFormer(text); ok {
			t.Errorf("%q is %q", text, got)
		}
	}
}

func FuzzDescribeFormer(f *testing.F) {
	f.Add("*train.ClipNorm{Optimizer *train.Adam{Rate 0.01, Beta1 0}, Max 1}")
	f.Add("*train.SGD{Rate 0.1, Nesterov true}")
	f.Fuzz(func(t *testing.T, text string) {
		if got, ok := optim.DescribeFormer(text); ok && got == "" {
			t.Errorf("%q: an empty description", text)
		}
	})
}
