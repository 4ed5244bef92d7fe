package search_test

import (
	"context"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// brokenLayer panics when the graph is built.
type brokenLayer struct{}

func (brokenLayer) Forward(*nn.Binder, *G.Node) (*G.Node, error) {
	var none []*G.Node
	return none[2], nil
}

// brokenOp panics when it runs.
func brokenOp(x *G.Node) (*G.Node, error) {
	return ops.Apply(ops.Def{
		Name:     "broken",
		Shape:    func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32:  func(c *ops.Call[float32]) error { c.Out[len(c.Out)] = 1; return nil },
		Float64:  func(c *ops.Call[float64]) error { c.Out[len(c.Out)] = 1; return nil },
		Gradient: func() ops.Gradient { return ops.Gradient{Of: []int{ops.PassUpstream}} },
	}, x)
}

// brokenPart is an op that panics on one of the threads of the pool.
func brokenPart(x *G.Node) (*G.Node, error) {
	return ops.Apply(ops.Def{
		Name:  "broken part",
		Shape: func(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil },
		Float32: func(c *ops.Call[float32]) error {
			c.Workers.Run(4, func(part int) {
				if part == 3 {
					panic("part 3")
				}
			})
			return nil
		},
		Float64:  func(c *ops.Call[float64]) error { return nil },
		Gradient: func() ops.Gradient { return ops.Gradient{Of: []int{ops.PassUpstream}} },
	}, x)
}

// brokenData panics when it is read.
type brokenData struct{ train.Matrix }

func (brokenData) Gather(rows []int, b *batch.Batch) error { panic("a disk is on fire") }

// brokenCallback panics after an epoch.
type brokenCallback struct{}

func (brokenCallback) AfterEpoch(context.Context, *train.State) error { panic("a callback") }

// A panic anywhere in a trial makes it a failed trial, with a text of one line that is the same each time and names the place; the other
// trials go on.
func TestPanics(t *testing.T) {
	points, err := search.Space{search.Choice("broken", "layer", "op", "part", "loader", "callback", "metric", "nothing")}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	trial := func(ctx context.Context, t *search.Trial) (search.Values, error) {
		what, err := t.Point.Text("broken")
		if err != nil {
			return nil, err
		}
		c := train.Config{Epochs: 2, Batch: 20, Validation: rings(40, 2), Metric: metric.Accuracy, Callbacks: []train.Callback{t}, Threads: 2, Warn: func(string) {}}
		var layer nn.Layer = nn.Sequential{nn.Dense{Units: 4}, nn.Func(ops.SELU), nn.Dense{Units: 2}}
		var data train.Data = rings(40, 1)
		switch what {
		case "layer":
			layer = brokenLayer{}
		case "op":
			layer = nn.Sequential{nn.Dense{Units: 2}, nn.Func(brokenOp)}
		case "part":
			layer = nn.Sequential{nn.Dense{Units: 2}, nn.Func(brokenPart)}
		case "loader":
			data = brokenData{rings(40, 1)}
		case "callback":
			c.Callbacks = append(c.Callbacks, brokenCallback{})
		case "metric":
			c.Metrics = []metric.Metric{{Name: "m", Func: func(*metric.Result) (float64, error) { panic("a metric") },
				Defined: func(*metric.Result) error { return nil }}}
		}
		net, err := graphs.New(layer, graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(t.Seed))
		if err != nil {
			return nil, err
		}
		_, err = train.Fit(ctx, net, data, c)
		return nil, err
	}
	places := map[string]string{"layer": "panic_test.go:", "op": "panic_test.go:", "part": "part 3", "loader": "on fire", "callback": "a callback", "metric": "a metric"}
	var first []search.TrialResult
	for range 2 {
		results := run(t, search.Config{Points: points, Trial: trial, Parallel: 3})
		for i, r := range results.Trials {
			what, _ := r.Point.Text("broken")
			place := places[what]
			if !strings.Contains(r.Failure, place) || strings.Contains(r.Failure, "goroutine") || strings.Contains(r.Failure, "\n") || (r.Failure == "") != (place == "") {
				t.Errorf("%s: failure %q, want one line with %q", what, r.Failure, place)
			}
			if first != nil && r.Failure != first[i].Failure {
				t.Errorf("%s: failure %q, before %q", what, r.Failure, first[i].Failure)
			}
		}
		first = results.Trials
		if best, err := results.Best(); err != nil || best.Point.String() != "broken=nothing" || len(results.Trials) != 7 {
			t.Errorf("best of %d: %v (%v)", len(results.Trials), best.Point, err)
		}
	}
}

// A panic of the observer ends the search with an error and loses no result.
func TestObserverPanics(t *testing.T) {
	c := config(t)
	c.Parallel = 1
	c.Observer = func(e search.Event) {
		if e.Type == search.Finished && e.Done == 3 {
			panic("observed too much")
		}
	}
	results, err := search.Run(context.Background(), c)
	if err == nil || !strings.Contains(err.Error(), "observed too much") || !strings.Contains(err.Error(), "panic_test.go") || len(results.Trials) != 3 {
		t.Errorf("%d trials, error %v", len(results.Trials), err)
	}
	c.Observer = nil
	if got := run(t, c); len(got.Trials) != 24 {
		t.Errorf("%d trials after that", len(got.Trials))
	}
}
