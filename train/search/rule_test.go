package search_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/search"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// The rule selects the epoch that early stopping keeps.
func TestRuleIsEarlyStopping(t *testing.T) {
	metric := rapid.Map(rapid.IntRange(0, 8), func(i int) float64 {
		if i == 8 {
			return math.NaN()
		}
		return float64(i) / 8
	})
	rapid.Check(t, func(t *rapid.T) {
		curve := rapid.SliceOfN(metric, 1, 40).Draw(t, "curve")
		window := rapid.IntRange(0, 12).Draw(t, "window")
		lower := rapid.Bool().Draw(t, "lower")
		stop := &train.EarlyStopping{Window: window, Lower: lower}
		params, err := nn.NewParams(tensor.Float32, 1)
		if err != nil {
			t.Fatal(err)
		}
		state := &train.State{Epochs: len(curve), Params: params, History: &train.History{}}
		for i, v := range curve {
			state.Epoch = i + 1
			state.History.Epochs = append(state.History.Epochs, train.Epoch{Number: i + 1, ValidationMetric: v})
			if err := stop.AfterEpoch(context.Background(), state); err != nil {
				t.Fatal(err)
			}
		}
		if err := stop.AtEnd(context.Background(), state); err != nil {
			t.Fatal(err)
		}
		score, epoch := search.Rule{Window: window, Lower: lower}.Best(curve)
		if epoch != state.History.Best {
			t.Fatalf("epoch %d with %v, early stopping keeps %d", epoch, score, state.History.Best)
		}
	})
}

func TestRuleEmptyCurve(t *testing.T) {
	if score, epoch := (search.Rule{}).Best(nil); epoch != 0 || score != 0 {
		t.Errorf("score %v at epoch %d of no epochs", score, epoch)
	}
}

func trial(score float64, params ...search.Param) search.Trial {
	return search.Trial{Point: params, Curve: []float64{score}}
}

func TestRulePaperTies(t *testing.T) {
	setting := func(layers int, rate, dropout float64) []search.Param {
		return []search.Param{{Name: "layers", Value: layers}, {Name: "rate", Value: rate}, {Name: "dropout", Value: dropout}}
	}
	third := 1.0 / 3
	trials := []search.Trial{
		trial(0.8, setting(32, 0.01, 0.05)...), // best but for its score
		trial(third*2.7, setting(4, 0.1, 0)...),
		trial(0.9, setting(8, 0.1, 0.05)...),
		trial(0.9, setting(8, 0.01, 0)...),
		trial(0.9, setting(8, 0.01, 0.05)...), // the best
		{Point: setting(64, 0.01, 0.05), Failure: "out of memory", Curve: []float64{1}},
		trial(math.NaN(), setting(128, 0.01, 0.05)...),
	}
	want := []int{4, 3, 2, 1, 0}
	for seed := range uint64(20) {
		shuffled := make([]search.Trial, len(trials))
		for to, from := range rand.New(rand.NewPCG(seed, 0)).Perm(len(trials)) {
			shuffled[to] = trials[from]
		}
		ranked := search.Rule{TieBreak: search.PaperTies}.Rank(shuffled)
		for place, i := range want {
			if ranked[place].Point.String() != trials[i].Point.String() || ranked[place].Best != 1 {
				t.Fatalf("seed %d: place %d is %v, want %v", seed, place, ranked[place], trials[i])
			}
		}
		for _, last := range ranked[5:] {
			if last.Best != 0 {
				t.Fatalf("%v has a score", last)
			}
		}
	}
}

// Ranks form one order, whatever points have which names, and lower scores come first if lower is better.
func TestRuleRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lower := rapid.Bool().Draw(t, "lower")
		var trials []search.Trial
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			var params []search.Param
			for _, name := range []string{"layers", "rate", "dropout"} {
				if rapid.Bool().Draw(t, name) {
					params = append(params, search.Param{Name: name, Value: rapid.IntRange(0, 2).Draw(t, "value")})
				}
			}
			trials = append(trials, trial(float64(rapid.IntRange(0, 2).Draw(t, "score"))/3, append(params, search.Param{Name: "x", Value: 1})...))
		}
		rule := search.Rule{Lower: lower, TieBreak: search.PaperTies}
		ranked := rule.Rank(trials)
		for i, a := range ranked {
			for _, b := range ranked[i+1:] {
				if a.Score != b.Score && a.Score < b.Score != lower {
					t.Fatalf("%v stands before %v", a, b)
				}
				if two := rule.Rank([]search.Trial{b, a}); a.Point.String() != b.Point.String() && two[0].Point.String() != a.Point.String() {
					t.Fatalf("%v stands before %v, but alone after it", a, b)
				}
			}
		}
	})
}
