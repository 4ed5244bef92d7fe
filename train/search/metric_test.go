package search_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// Trials whose metrics cannot be compared end the search with an error, whichever comes first, and also if one is in the results file.
func TestMixedMetrics(t *testing.T) {
	for _, other := range []metric.Metric{metric.LogLoss, metric.MeanROCAUC} {
		c := config(t)
		last := c.Points[len(c.Points)-1].String()
		c.Trial = func(_ context.Context, t *search.Trial) (search.Values, error) {
			m := metric.Accuracy
			if t.Point.String() == last {
				m = other
			}
			return nil, t.Report(m, 1, 0.5)
		}
		for pass := range 2 {
			results, err := search.Run(context.Background(), c)
			if err == nil || !strings.Contains(err.Error(), "accuracy (higher is better)") || !strings.Contains(err.Error(), last) {
				t.Errorf("pass %d: error %v, want one that names both", pass, err)
			}
			for _, r := range results.Trials {
				if r.Metric != "accuracy" {
					t.Errorf("pass %d: a trial with %s is kept", pass, r.Metric)
				}
			}
		}
		c.Points, c.Results = c.Points[:2], filepath.Join(t.TempDir(), "other")
		run(t, c)
		c.Trial = func(_ context.Context, t *search.Trial) (search.Values, error) { return nil, t.Report(other, 1, 0.5) }
		c.Points = grid(t)[:3]
		if _, err := search.Run(context.Background(), c); err == nil {
			t.Errorf("%s continues a search for the accuracy", other.Name)
		}
	}
	mixed := []search.TrialResult{{Metric: "a", Curve: []float64{1}}, {Metric: "b", Lower: true, Curve: []float64{1}}}
	if _, err := (search.Rule{}).Rank(mixed); err == nil {
		t.Error("a and b were ranked")
	}
	results := search.Results{Trials: mixed}
	if _, err := results.Best(); err == nil || len(results.Table().Rows) != 2 {
		t.Errorf("error %v", err)
	}
}

// A file without the name of the metric is read with higher as better, can be continued with such a metric, and with no other.
func TestOldResults(t *testing.T) {
	c := config(t)
	c.Points, c.Rule = c.Points[:2], search.Rule{}
	old := `{"format":"selfnorm search","version":1,"key":"test","seed":7}
{"point":{"layers":2,"rate":0.01,"form":"rectangular"},"curve":[0.5,0.75123]}
`
	for _, test := range []struct {
		metric metric.Metric
		ok     bool
	}{{metric.Accuracy, true}, {metric.Loss, false}} {
		write(t, c.Results, []byte(old))
		c.Trial = func(_ context.Context, t *search.Trial) (search.Values, error) {
			return nil, t.Report(test.metric, 1, 0.25)
		}
		results, err := search.Run(context.Background(), c)
		if (err == nil) != test.ok {
			t.Fatalf("%s: error %v", test.metric.Name, err)
		}
		best, err := results.Best()
		if err != nil || best.Score != 0.75123 || best.Best != 2 || best.Lower {
			t.Errorf("%s: best %+v (%v)", test.metric.Name, best, err)
		}
	}
}

// The stored results of the repository are read, and higher is better in them.
func TestStoredResults(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "..", "docs", "results", "*", "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, filepath.Join("..", "..", "docs", "results", "uci-methods.jsonl")) {
		trials, err := search.ReadTrials(path)
		if err != nil {
			t.Fatal(err)
		}
		ranked, err := search.PaperRule.Rank(trials)
		if err != nil || len(ranked) == 0 || ranked[0].Score < ranked[len(ranked)-1].Score {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// All digits of a curve survive the file, and ties are those of 12 digits.
func TestFullPrecision(t *testing.T) {
	c := config(t)
	c.Points, c.Rule = c.Points[:2], search.Rule{}
	values := []float64{0.123456789012, 0.12345678901249}
	c.Trial = func(_ context.Context, t *search.Trial) (search.Values, error) {
		x := values[0]
		if form, _ := t.Point.Text("form"); form == "conic" {
			x = values[1]
		}
		return nil, t.Report(metric.Accuracy, 1, x)
	}
	first := run(t, c)
	again := run(t, c)
	if diff := cmp.Diff(first, again); diff != "" || first.Trials[1].Curve[0] != values[1] {
		t.Errorf("the file has lost digits: %s", diff)
	}
	best, err := first.Best()
	if err != nil || best.Point.String() != c.Points[0].String() {
		t.Errorf("best %v (%v), want the first of equals", best.Point, err)
	}
	values[1] = 0.1234567890131
	c.Results = ""
	if best, err := run(t, c).Best(); err != nil || best.Point.String() != c.Points[1].String() {
		t.Errorf("best %v (%v), want the higher one", best.Point, err)
	}
}

// sparse trains on the rings and validates every so many epochs.
func sparse(every int, c train.Config) search.TrialFunc {
	return func(ctx context.Context, t *search.Trial) (search.Values, error) {
		net, err := graphs.New(graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(1))
		if err != nil {
			return nil, err
		}
		c.ValidateEvery, c.Callbacks, c.Threads, c.Warn = every, append([]train.Callback{t}, c.Callbacks...), t.Threads, func(string) {}
		_, err = train.Fit(ctx, net, rings(40, 1), c)
		return nil, err
	}
}

// A curve has the validated epochs alone.
func TestValidateEvery(t *testing.T) {
	c := config(t)
	c.Points, c.Rule = c.Points[:1], search.Rule{}
	c.Trial = sparse(3, train.Config{Epochs: 7, Batch: 10, Validation: rings(40, 2)})
	for range 2 { // the second one from the file
		got := run(t, c).Trials[0]
		if diff := cmp.Diff([]int{3, 6, 7}, got.CurveEpochs); diff != "" || len(got.Curve) != 3 || got.Failure != "" || !got.Lower || got.Metric != "loss" {
			t.Errorf("%+v", got)
		}
		if got.Best != 7 && got.Best != 6 && got.Best != 3 {
			t.Errorf("the best epoch is %d", got.Best)
		}
	}
}

// stepCounter counts the steps of a run.
type stepCounter struct{ steps atomic.Int32 }

func (s *stepCounter) AfterStep(context.Context, *train.State) error { s.steps.Add(1); return nil }

// A run without validation data is refused before its first step, and so is a second run in one trial.
func TestTrialRefusesRuns(t *testing.T) {
	c := config(t)
	c.Points, c.Results = c.Points[:1], ""
	steps := &stepCounter{}
	c.Trial = sparse(1, train.Config{Epochs: 2, Callbacks: []train.Callback{steps}})
	if got := run(t, c).Trials[0]; !strings.Contains(got.Failure, "set train.Config.Validation") || steps.steps.Load() != 0 {
		t.Errorf("%d steps, failure %q", steps.steps.Load(), got.Failure)
	}
	once := sparse(1, train.Config{Epochs: 2, Validation: rings(40, 2)})
	c.Trial = func(ctx context.Context, t *search.Trial) (search.Values, error) {
		if v, err := once(ctx, t); err != nil {
			return v, err
		}
		return once(ctx, t)
	}
	if got := run(t, c).Trials[0]; !strings.Contains(got.Failure, "reported epochs already") || len(got.Curve) != 2 {
		t.Errorf("%+v", got)
	}
}

// A trial that continues from a checkpoint has the curve of one that was not interrupted.
func TestTrialResumes(t *testing.T) {
	c := config(t)
	c.Points, c.Results = c.Points[:1], ""
	settings := train.Config{Epochs: 6, Batch: 10, Validation: rings(40, 2)}
	c.Trial = sparse(1, settings)
	want := run(t, c).Trials[0]
	settings.Checkpoint = &train.Checkpoint{Dir: t.TempDir(), Resume: true}
	killed := settings
	killed.Callbacks = []train.Callback{killer(4)}
	c.Trial = sparse(1, killed)
	if got := run(t, c).Trials[0]; !strings.Contains(got.Failure, os.ErrClosed.Error()) || len(got.Curve) != 4 {
		t.Fatalf("%+v", got)
	}
	c.Trial = sparse(1, settings)
	if diff := cmp.Diff(want, run(t, c).Trials[0]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// killer ends a run with an error after an epoch.
type killer int

func (k killer) AfterEpoch(_ context.Context, s *train.State) error {
	if s.Epoch == int(k) {
		return os.ErrClosed
	}
	return nil
}
