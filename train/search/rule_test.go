package search_test

import (
	"context"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// The rule selects the epoch that early stopping keeps, whatever the direction of the metric and however many epochs are validated.
func TestRuleIsEarlyStopping(t *testing.T) {
	value := rapid.Map(rapid.IntRange(0, 9), func(i int) float64 {
		switch i {
		case 8:
			return math.NaN()
		case 9:
			return math.Inf(1)
		}
		return float64(i) / 8
	})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(value, 1, 40).Draw(t, "values")
		every := rapid.IntRange(1, 3).Draw(t, "every")
		window := rapid.IntRange(0, 12).Draw(t, "window")
		m := metric.Metric{Name: "m", Lower: rapid.Bool().Draw(t, "lower")}
		stop := &callback.EarlyStopping{Window: window}
		params, err := nn.NewParams(tensor.Float32, 1)
		if err != nil {
			t.Fatal(err)
		}
		var done search.Trial
		state := &train.State{Epochs: len(values), Params: params, History: &train.History{}, Metric: m, Validated: true}
		for _, c := range []callback.StartCallback{stop, &done} {
			if err := c.AtStart(context.Background(), state); err != nil {
				t.Fatal(err)
			}
		}
		var result search.TrialResult
		for i, v := range values {
			state.Epoch = i + 1
			e := train.Epoch{Number: i + 1}
			if e.Validated = (i+1)%every == 0 || i+1 == len(values); e.Validated {
				e.ValidationMetric = v
				result.Curve, result.CurveEpochs = append(result.Curve, v), append(result.CurveEpochs, i+1)
			}
			state.History.Epochs = append(state.History.Epochs, e)
			for _, c := range []callback.EpochCallback{stop, &done} {
				if err := c.AfterEpoch(context.Background(), state); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = stop.AtEnd(context.Background(), state) // an error if no epoch has a finite average
		result.Lower = m.Lower
		if window > len(result.Curve) {
			return // early stopping keeps the last weights, the rule has a score for them
		}
		ranked, err := search.Rule{Window: window}.Rank([]search.TrialResult{result})
		if err != nil || ranked[0].Best != state.History.Best {
			t.Fatalf("epoch %d with %v, early stopping keeps %d (%v)", ranked[0].Best, ranked[0].Score, state.History.Best, err)
		}
	})
}

// The zero rule picks the best of any metric of this module, by its single best epoch, to the last digits.
func TestRuleZero(t *testing.T) {
	for _, name := range metric.Names() {
		m, err := metric.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		better, worse := 3e-7, 4e-6
		if !m.Lower {
			better, worse = worse, better
		}
		points := search.Space{search.Int("p", 1, 2)}
		c := search.Config{Trial: func(_ context.Context, t *search.Trial) (search.Values, error) {
			p, err := t.Point.Int("p")
			if err != nil || p == 1 {
				return nil, t.Report(m, 1, worse)
			}
			if err := t.Report(m, 1, worse); err != nil {
				return nil, err
			}
			return nil, t.Report(m, 2, better)
		}, Results: filepath.Join(t.TempDir(), "r")}
		if c.Points, err = points.Grid(); err != nil {
			t.Fatal(err)
		}
		for range 2 { // from the trials, and from the file
			best, err := run(t, c).Best()
			if p, _ := best.Point.Int("p"); err != nil || p != 2 || best.Score != better || best.Best != 2 || best.Metric != m.Name || best.Lower != m.Lower {
				t.Errorf("%s: best %+v (%v)", name, best, err)
			}
		}
	}
}

func TestRuleEmptyCurve(t *testing.T) {
	if score, epoch := (search.Rule{}).Best(metric.Accuracy, nil); epoch != 0 || score != 0 {
		t.Errorf("score %v at epoch %d of no epochs", score, epoch)
	}
}

func trial(score float64, params ...search.Param) search.TrialResult {
	return search.TrialResult{Point: params, Curve: []float64{score}}
}

func TestRulePaperTies(t *testing.T) {
	setting := func(layers int, rate, dropout float64) []search.Param {
		return []search.Param{{Name: "layers", Value: layers}, {Name: "rate", Value: rate}, {Name: "dropout", Value: dropout}}
	}
	third := 1.0 / 3
	trials := []search.TrialResult{
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
		shuffled := make([]search.TrialResult, len(trials))
		for to, from := range rand.New(rand.NewPCG(seed, 0)).Perm(len(trials)) {
			shuffled[to] = trials[from]
		}
		ranked, err := search.PaperRule.Rank(shuffled)
		if err != nil {
			t.Fatal(err)
		}
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
		var trials []search.TrialResult
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			var params []search.Param
			for _, name := range []string{"layers", "rate", "dropout"} {
				if rapid.Bool().Draw(t, name) {
					params = append(params, search.Param{Name: name, Value: rapid.IntRange(0, 2).Draw(t, "value")})
				}
			}
			trials = append(trials, trial(float64(rapid.IntRange(0, 2).Draw(t, "score"))/3, append(params, search.Param{Name: "x", Value: 1})...))
		}
		for i := range trials {
			trials[i].Metric, trials[i].Lower = "m", lower
		}
		rank := func(trials []search.TrialResult) []search.TrialResult {
			ranked, err := search.PaperRule.Rank(trials)
			if err != nil {
				t.Fatal(err)
			}
			return ranked
		}
		ranked := rank(trials)
		for i, a := range ranked {
			for _, b := range ranked[i+1:] {
				if a.Score != b.Score && a.Score < b.Score != lower {
					t.Fatalf("%v stands before %v", a, b)
				}
				if two := rank([]search.TrialResult{b, a}); a.Point.String() != b.Point.String() && two[0].Point.String() != a.Point.String() {
					t.Fatalf("%v stands before %v, but alone after it", a, b)
				}
			}
		}
	})
}
