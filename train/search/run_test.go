package search_test

import (
	"context"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

func TestRunFindsBest(t *testing.T) {
	results := run(t, config(t))
	best, err := results.Best()
	if err != nil {
		t.Fatal(err)
	}
	layers, _ := best.Point.Int("layers")
	rate, _ := best.Point.Float("rate")
	if layers != 4 || rate != 0.1 || best.Best < 13 || len(results.Trials) != 24 {
		t.Errorf("best of %d trials: %+v", len(results.Trials), best)
	}
	for i, p := range grid(t) {
		if results.Trials[i].Point.String() != p.String() {
			t.Errorf("trial %d is %v, want %v", i, results.Trials[i].Point, p)
		}
	}
}

// Results do not depend on how many trials run at a time, on the results file, or on the order of points and parameters.
func TestRunDeterministic(t *testing.T) {
	c := config(t)
	want := table(t, run(t, c))
	for _, parallel := range []int{0, 1, 3, 100} {
		c.Parallel, c.Results = parallel, ""
		if got := table(t, run(t, c)); got != want {
			t.Errorf("%d at a time (-want +got):\n%s", parallel, cmp.Diff(want, got))
		}
	}
	all := run(t, c)
	for i, p := range c.Points {
		turned := search.Point{p[2], p[0], p[1]}
		c.Points[len(c.Points)-1-i], c.Points[i] = turned, c.Points[len(c.Points)-1-i]
	}
	for _, got := range run(t, c).Trials {
		for _, want := range all.Trials {
			if cmp.Equal(got.Point, want.Point) && !cmp.Equal(got.Curve, want.Curve) {
				t.Errorf("%v has another curve in another order", got.Point)
			}
		}
	}
	c.Seed++
	if table(t, run(t, c)) == want {
		t.Error("another seed gives the same results")
	}
}

// A search that is cancelled again and again ends with the results of one that is not, and repeats nothing.
func TestRunResumes(t *testing.T) {
	c := config(t)
	want := table(t, run(t, c))
	c.Results = filepath.Join(t.TempDir(), "other.jsonl")
	var ran atomic.Int32
	finished := 0
	for {
		ctx, cancel := context.WithCancel(context.Background())
		c.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) {
			values, err := learn(ctx, task)
			ran.Add(1)
			return values, err
		}
		c.Observer = func(e search.Event) {
			if e.Type == search.Finished && e.Done-e.Resumed == 5 {
				cancel()
			}
		}
		results, err := search.Run(ctx, c)
		cancel()
		if len(results.Trials) < finished+5 && err != nil {
			t.Fatalf("%d trials after %d (%v)", len(results.Trials), finished, err)
		}
		finished = len(results.Trials)
		if err == nil {
			if got := table(t, results); got != want {
				t.Errorf("-want +got:\n%s", cmp.Diff(want, got))
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if ran.Load() != 24 {
		t.Errorf("%d trials ran, want 24", ran.Load())
	}
}

// A trial that ends with an error because it was cancelled is not recorded.
func TestRunCancelled(t *testing.T) {
	c := config(t)
	ctx, cancel := context.WithCancel(context.Background())
	var started atomic.Int32
	c.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		if started.Add(1) == 2 {
			cancel()
		}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	results, err := search.Run(ctx, c)
	if !errors.Is(err, context.Canceled) || len(results.Trials) != 0 {
		t.Errorf("%d trials, error %v", len(results.Trials), err)
	}
	if lines := strings.Count(string(read(t, c.Results)), "\n"); lines != 1 {
		t.Errorf("%d lines in the results file, want the header alone", lines)
	}
}

// Failures of all kinds are recorded, and repeated only if asked for.
func TestRunFailures(t *testing.T) {
	c := config(t)
	c.Points = c.Points[:6]
	var ran atomic.Int32
	broken := func(ctx context.Context, task *search.Trial) (search.Values, error) {
		ran.Add(1)
		switch task.Point.String() {
		case c.Points[0].String():
			return nil, errors.New("the loss is NaN")
		case c.Points[1].String():
			var none []int
			return search.Values{"x": float64(none[len(task.Point)])}, nil
		case c.Points[2].String():
			runtime.Goexit()
		case c.Points[3].String():
			return nil, nil // without a report
		case c.Points[4].String():
			return nil, task.Report(metric.Accuracy, 0, 0.5)
		}
		return learn(ctx, task)
	}
	c.Trial = broken
	for pass := range 2 {
		results := run(t, c)
		for i, want := range []string{"the loss is NaN", "run_test.go", "ended its goroutine", "no epoch", "epoch 0 after epoch 0", ""} {
			got := results.Trials[i]
			if !strings.Contains(got.Failure, want) || (got.Failure == "") != (want == "") || (got.Best > 0) != (want == "") {
				t.Errorf("pass %d: trial %d is %+v, want a failure that says %q", pass, i, got, want)
			}
		}
		if best, err := results.Best(); err != nil || best.Point.String() != c.Points[5].String() {
			t.Errorf("best %v (%v)", best, err)
		}
	}
	if ran.Load() != 6 {
		t.Errorf("%d trials ran, want 6", ran.Load())
	}
	c.Trial, c.RetryFailed = learn, true
	want := table(t, run(t, search.Config{Points: c.Points, Trial: learn, Rule: c.Rule, Seed: c.Seed}))
	if got := table(t, run(t, c)); got != want {
		t.Errorf("after repeating the failed trials (-want +got):\n%s", cmp.Diff(want, got))
	}
	c.Trial, c.RetryFailed = broken, false
	if got := table(t, run(t, c)); got != want {
		t.Errorf("from the results file (-want +got):\n%s", cmp.Diff(want, got))
	}
}

func TestRunNoScore(t *testing.T) {
	c := config(t)
	c.Trial = func(context.Context, *search.Trial) (search.Values, error) { return nil, errors.New("no data") }
	if _, err := run(t, c).Best(); err == nil || !strings.Contains(err.Error(), "no data") {
		t.Errorf("error %v, want one that says why", err)
	}
	c.Trial, c.Results = func(_ context.Context, t *search.Trial) (search.Values, error) {
		return nil, t.Report(metric.Accuracy, 1, math.NaN())
	}, ""
	if _, err := run(t, c).Best(); err == nil {
		t.Error("NaN is the best")
	}
}

// A larger grid goes on with the results of a smaller one.
func TestRunExtends(t *testing.T) {
	c := config(t)
	all := c.Points
	c.Points = all[3:9]
	run(t, c)
	ran := 0
	c.Parallel = 1
	c.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) { ran++; return learn(ctx, task) }
	c.Points = all
	results := run(t, c)
	if ran != len(all)-6 || len(results.Trials) != len(all) {
		t.Errorf("%d of %d trials ran", ran, len(results.Trials))
	}
}

// Events come one at a time and add up.
func TestRunEvents(t *testing.T) {
	c := config(t)
	count := map[search.EventType]int{}
	busy := map[int]bool{}
	c.Observer = func(e search.Event) { // without a lock: the race detector would find calls at the same time
		count[e.Type]++
		switch e.Type {
		case search.Started:
			if busy[e.Slot] || e.Slot >= c.Parallel {
				t.Errorf("slot %d is taken", e.Slot)
			}
			busy[e.Slot] = true
		case search.Finished:
			busy[e.Slot] = false
			if e.Done != count[search.Finished] || e.Total != 24 || len(e.Trial.Curve) != 15 || e.Best.Score < e.Trial.Score {
				t.Errorf("%+v", e)
			}
		}
	}
	run(t, c)
	want := map[search.EventType]int{search.Began: 1, search.Started: 24, search.Reported: 24 * 15, search.Finished: 24, search.Ended: 1}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// The best at the end is that of Results.Best, also if equal trials finish in another order.
func TestRunBestOfEquals(t *testing.T) {
	c := config(t)
	c.Points, c.Rule = c.Points[:2], search.Rule{}
	first := c.Points[0].String()
	second := make(chan struct{})
	c.Trial = func(_ context.Context, task *search.Trial) (search.Values, error) {
		if task.Point.String() == first {
			<-second
		}
		return nil, task.Report(metric.Accuracy, 1, 0.5)
	}
	var last search.TrialResult
	c.Observer = func(e search.Event) {
		if e.Type == search.Finished && e.Done == 1 {
			close(second)
		}
		last = e.Best
	}
	best, err := run(t, c).Best()
	if err != nil || best.Point.String() != first || last.Point.String() != first {
		t.Errorf("best %v and at the end %v (%v), want %s", best.Point, last.Point, err, first)
	}
}

// A report after the end of a trial has no effect.
func TestReportAfterEnd(t *testing.T) {
	c := config(t)
	c.Points = c.Points[:1]
	var kept *search.Trial
	c.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		kept = task
		return learn(ctx, task)
	}
	results := run(t, c)
	if err := kept.Report(metric.Accuracy, 16, 1); err == nil || len(results.Trials[0].Curve) != 15 {
		t.Errorf("error %v, %d epochs", err, len(results.Trials[0].Curve))
	}
}

func TestRunConfigErrors(t *testing.T) {
	good := config(t)
	tests := map[string]func(c *search.Config){
		"no points":      func(c *search.Config) { c.Points = nil },
		"Trial is nil":   func(c *search.Config) { c.Trial = nil },
		"Parallel is -1": func(c *search.Config) { c.Parallel = -1 },
		"are the": func(c *search.Config) {
			c.Points = append(grid(t), search.Point{c.Points[4][1], c.Points[4][2], c.Points[4][0]})
		},
		"without":     func(c *search.Config) { c.Points = []search.Point{{}} },
		"Rule.Window": func(c *search.Config) { c.Rule.Window = -1 },
		"ties":        func(c *search.Config) { c.Rule.Ties = []search.TieBreak{{Param: "form"}} },
		"NaN":         func(c *search.Config) { c.Points = []search.Point{{{Name: "x", Value: math.NaN()}}} },
		"no such dir": func(c *search.Config) { c.Results = filepath.Join(t.TempDir(), "none", "no such dir") },
	}
	for want, change := range tests {
		c := good
		change(&c)
		if _, err := search.Run(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
