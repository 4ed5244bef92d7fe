package search_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// Arguments that make no sense give an error.
func TestArguments(t *testing.T) {
	ctx, nan, huge := context.Background(), math.NaN(), math.MaxInt/8
	good := config(t)
	good.Results = ""
	runs := func(change func(c *search.Config)) error {
		c := good
		change(&c)
		_, err := search.Run(ctx, c)
		return err
	}
	nested := func(change func(n *search.Nested)) error {
		n := search.Nested{Config: good, Folds: []batch.Fold{{Fit: []int{1}, Held: []int{2}, Test: []int{3}}}, Test: learn}
		change(&n)
		_, err := search.RunNested(ctx, n)
		return err
	}
	gridOf := func(axes ...search.Axis) error { _, err := search.Space(axes).Grid(); return err }
	sample := func(n int, axes ...search.Axis) error { _, err := search.Space(axes).Sample(n, 1); return err }
	folds := func(parts ...[]int) error { _, err := search.CyclicFolds(parts); return err }
	var none context.Context
	_, noContext := search.Run(none, good)
	_, noContextNested := search.RunNested(none, search.Nested{Config: good})
	_, noTrials := (*search.Results)(nil).Best()
	_, empty := (&search.Results{}).Best()
	_, noValues := (*search.NestedResults)(nil).Values("x")
	_, misfit := search.Rule{}.Rank([]search.TrialResult{{Curve: []float64{1}, CurveEpochs: []int{}}})
	_, descending := search.Rule{}.Rank([]search.TrialResult{{Curve: []float64{1, 2}, CurveEpochs: []int{2, 1}}})
	_, noFile := search.ReadTrials("")
	_, folder := search.ReadTrials(t.TempDir())
	_, missing := search.Point(nil).Float("x")
	_, noInt := search.Point(nil).Int("")
	_, halfInt := search.Point{{Name: "x", Value: 0.5}}.Int("x")
	_, noText := search.Point{{Name: "x"}}.Text("x")
	_, noBool := search.Point{{Name: "x", Value: "true"}}.Bool("x")
	_, badJSON := search.Point{{Name: "x", Value: nan}}.MarshalJSON()
	var p search.Point
	done := &search.Trial{Epochs: 1}
	for name, err := range map[string]error{
		"no context": noContext, "nested: no context": noContextNested,
		"no points": runs(func(c *search.Config) { c.Points = nil }), "no trial": runs(func(c *search.Config) { c.Trial = nil }),
		"parallel": runs(func(c *search.Config) { c.Parallel = -huge }), "window": runs(func(c *search.Config) { c.Rule.Window = -huge }),
		"nil point": runs(func(c *search.Config) { c.Points = []search.Point{nil} }), "nil value": runs(func(c *search.Config) { c.Points = []search.Point{{{Name: "a"}}} }),
		"no folds": nested(func(n *search.Nested) { n.Folds = nil }), "empty fold": nested(func(n *search.Nested) { n.Folds = make([]batch.Fold, 1) }),
		"negative row": nested(func(n *search.Nested) { n.Folds[0].Fit = []int{-1} }), "no test": nested(func(n *search.Nested) { n.Test = nil }),
		"zero nested":     nested(func(n *search.Nested) { *n = search.Nested{} }),
		"grid of nothing": gridOf(), "zero axis": gridOf(search.Axis{}), "empty axis": gridOf(search.Float("a")), "nil values": gridOf(search.Axis{Name: "a", Values: []any{nil}}),
		"slice value": gridOf(search.Axis{Name: "a", Values: []any{[]int{1}}}), "sample of nothing": sample(1), "huge sample": sample(huge, search.Uniform("a", 0, 1)),
		"negative sample": sample(-1, search.Bool("a")), "nan range": sample(1, search.Uniform("a", nan, 1)), "log of negative": sample(1, search.LogUniform("a", -1, 1)),
		"no parts": folds(), "two parts": folds([]int{1}, []int{2}), "empty part": folds([]int{1}, nil, []int{2}), "row twice": folds([]int{1}, []int{1}, []int{2}),
		"negative part": folds([]int{-1}, []int{1}, []int{2}), "nil results": noTrials, "no results": empty, "nil nested results": noValues,
		"curve without epochs": misfit, "descending epochs": descending, "no file": noFile, "a folder": folder,
		"no int": noInt, "half an int": halfInt, "no text": noText, "no bool": noBool,
		"no integers": gridOf(search.Int("")), "integer twice": gridOf(search.Int("a", huge, huge)), "no texts": gridOf(search.Choice("a")), "text twice": gridOf(search.Choice("a", "", "")),
		"value of nothing": gridOf(search.Axis{Name: "a", Values: []any{search.Point(nil).With("", nil)}}), "no name": runs(func(c *search.Config) { c.Points = []search.Point{search.Point(nil).With("", 1)} }),
		"no parameter": missing, "NaN as JSON": badJSON, "nil point from JSON": (*search.Point)(nil).UnmarshalJSON([]byte(`{"a":1}`)), "no JSON": p.UnmarshalJSON(nil),
		"nested JSON": p.UnmarshalJSON([]byte(`{"a":[1]}`)), "half JSON": p.UnmarshalJSON([]byte(`{"a"`)), "huge int": p.UnmarshalJSON([]byte(`{"a":99999999999999999999}`)),
		"read into nil": point.Read(map[string]any{"rate": (*float64)(nil)}), "read into nothing": point.Read(map[string]any{"rate": nil}),
		"nil trial": (*search.Trial)(nil).Report(metric.Accuracy, 1, 1), "no metric": (&search.Trial{}).Report(metric.Metric{}, 1, 1),
		"epoch 0": (&search.Trial{}).Report(metric.Accuracy, 0, 1), "epoch -1": (&search.Trial{}).Report(metric.Accuracy, -huge, 1),
		"nil start": (*search.Trial)(nil).AtStart(ctx, nil), "no state": (&search.Trial{}).AtStart(ctx, nil), "zero state": done.AtStart(ctx, &train.State{}),
		"no history": (&search.Trial{}).AfterEpoch(ctx, nil), "no epoch": (&search.Trial{}).AfterEpoch(ctx, &train.State{History: &train.History{}}),
	} {
		if err == nil {
			t.Errorf("%s gives no error", name)
		}
	}
}

// Extreme but meaningful arguments give results.
func TestExtremes(t *testing.T) {
	c := config(t)
	c.Parallel, c.Rule, c.Seed, c.Results = math.MaxInt/8, search.Rule{Window: math.MaxInt / 8, Ties: []search.TieBreak{{}, {Param: "none"}}}, math.MaxUint64, ""
	c.Clock = func() time.Time { return time.Time{} }
	c.Table = &failing{}
	best, err := run(t, c).Best()
	if err != nil || best.Best != 15 {
		t.Errorf("%+v (%v)", best, err)
	}
	trial := &search.Trial{}
	for _, epoch := range []int{1, 3, math.MaxInt} {
		if err := trial.Report(metric.Loss, epoch, math.MaxFloat64); err != nil {
			t.Error(err)
		}
	}
	if err := trial.Report(metric.Accuracy, math.MaxInt, 1); err == nil {
		t.Error("a second metric gives no error")
	}
	for curve, want := range map[*[]float64]int{
		nil: 0, {math.Inf(1)}: 0, {math.NaN(), 1}: 2, {math.MaxFloat64, math.MaxFloat64}: 1, {1, math.Inf(-1), 0}: 1,
	} {
		var values []float64
		if curve != nil {
			values = *curve
		}
		if score, at := (search.Rule{Window: -5}).Best(metric.Accuracy, values); at != want {
			t.Errorf("best of %v is %v at %d, want %d", values, score, at, want)
		}
	}
	for _, table := range []fmt.Stringer{search.Values(nil), search.Point(nil)} {
		if table.String() != "" {
			t.Errorf("%q of nothing", table)
		}
	}
	if n := len((*search.Results)(nil).Table().Rows) + len((*search.NestedResults)(nil).Table().Rows) + len((&search.Results{}).Table().Rows); n != 0 {
		t.Errorf("%d rows of nothing", n)
	}
	if ranked, err := search.PaperRule.Rank(nil); err != nil || len(ranked) != 0 {
		t.Errorf("%v (%v)", ranked, err)
	}
	path := filepath.Join(t.TempDir(), "r")
	if err := os.WriteFile(path, []byte(`{"format":"selfnorm search","version":1,"key":"","seed":0}
{"point":{"a":1},"curve":[1,2],"epochs_of_curve":[2,1]}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := search.ReadTrials(path); err == nil {
		t.Error("descending epochs are read")
	}
}

// Runners refuse to run nothing, and batches of no search.
func TestRunnerArguments(t *testing.T) {
	ctx := context.Background()
	var none context.Context
	var batch *search.Batch
	_, noBatch := batch.Try(ctx, 0, 1, search.Job{})
	_, zeroBatch := (&search.Batch{}).Try(ctx, -1, -1, search.Job{})
	for name, err := range map[string]error{
		"local": search.Local{}.Run(ctx, nil), "no context": search.Local{}.Run(none, &search.Batch{}), "shard 0": search.Shard{}.Run(ctx, &search.Batch{}),
		"shard of nothing": search.Shard{Number: 1, Of: 1}.Run(ctx, nil), "no positions": search.Shard{Number: 1, Of: 1}.Run(ctx, &search.Batch{Jobs: make([]search.Job, 1)}),
		"list": search.List{}.Run(ctx, &search.Batch{}), "serve": search.Serve{}.Run(ctx, &search.Batch{}), "no batch": noBatch, "zero batch": zeroBatch,
		"keep": batch.Keep(0, search.TrialResult{}), "keep in zero": (&search.Batch{}).Keep(-1, search.TrialResult{}),
	} {
		if err == nil {
			t.Errorf("%s gives no error", name)
		}
	}
	if err := (search.Nowhere{}).Run(none, nil); err != nil {
		t.Error(err)
	}
	if text := (*search.Missing)(nil).Error() + (&search.Missing{}).Error(); text == "" {
		t.Error("no text")
	}
}

// failing is a writer that takes nothing.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }
