package search_test

import (
	"context"
	"fmt"
	"math"
	"os"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// A trial that trains a network, and a search over four of them.
func ExampleRun() {
	points, err := search.Space{search.Int("layers", 1, 3), search.Float("rate", 0.001, 0.01)}.Grid()
	if err != nil {
		fmt.Println(err)
		return
	}
	trial := func(ctx context.Context, t *search.Trial) (search.Values, error) {
		hidden, rate := graphs.Hidden{Units: 32, Outputs: 2}, 0.0
		if err := t.Point.Read(map[string]any{"layers": &hidden.Layers, "rate": &rate}); err != nil {
			return nil, err
		}
		net, err := graphs.New(graphs.SNN(hidden), graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(t.Seed))
		if err != nil {
			return nil, err
		}
		_, err = train.Fit(ctx, net, rings(400, 1), train.Config{
			Epochs: 15, Batch: 50, Optimizer: optim.Adam{Rate: rate}, Seed: t.Seed, Threads: t.Threads,
			Validation: rings(200, 2), Metric: metric.Accuracy, Callbacks: []train.Callback{t},
		})
		return search.Values{"weights": float64(net.Params.Size())}, err
	}
	results, err := search.Run(context.Background(), search.Config{
		Points: points, Trial: trial, Rule: search.PaperRule, Seed: 1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	best, err := results.Best()
	fmt.Println(len(results.Trials), "trials; the best is right in nine of ten cases:", best.Score > 0.9, err)
	// Output: 4 trials; the best is right in nine of ten cases: true <nil>
}

func ExampleSpace_Grid() {
	points, err := search.Space{
		search.Int("units", 256, 512, 1024), search.Int("layers", 2, 3, 4, 8, 16, 32), search.Float("rate", 0.01, 0.1, 1),
		search.Choice("form", "rectangular", "conic"), search.Float("dropout", 0, 0.05),
	}.Grid()
	fmt.Println(len(points), err)
	fmt.Println(points[0])
	fmt.Println(points[1])
	// Output:
	// 216 <nil>
	// units=256 layers=2 rate=0.01 form=rectangular dropout=0
	// units=256 layers=2 rate=0.01 form=rectangular dropout=0.05
}

func ExampleSpace_Sample() {
	space := search.Space{search.LogUniform("rate", 1e-4, 1), search.Int("layers", 2, 4, 8)}
	points, err := space.Sample(100, 1)
	fmt.Println(len(points), err)
	// Output: 100 <nil>
}

func ExampleRule_Best() {
	curve := []float64{0.5, 0.9, 0.5, 0.7, 0.8, 0.9, 0.8} // the early peak is an accident
	score, epoch := search.Rule{Window: 3}.Best(metric.Accuracy, curve)
	fmt.Printf("%.3f at epoch %d\n", score, epoch)
	// Output: 0.833 at epoch 7
}

func ExampleResults_Table() {
	points, _ := search.Space{search.Int("layers", 2, 4, 8)}.Grid()
	trial := func(_ context.Context, t *search.Trial) (search.Values, error) {
		layers, err := t.Point.Int("layers")
		if err != nil {
			return nil, err
		}
		return search.Values{"weights": 256 * 256 * float64(layers)}, t.Report(metric.Accuracy, 1, 0.9-0.1*math.Abs(float64(layers-4)))
	}
	results, err := search.Run(context.Background(), search.Config{Points: points, Trial: trial})
	if err != nil {
		fmt.Println(err)
		return
	}
	results.Table().Text(os.Stdout)
	// Output:
	// layers   score  epoch    weights
	// ------  ------  -----  ---------
	//      4  0.9000      1  2.621e+05
	//      2  0.7000      1  1.311e+05
	//      8  0.5000      1  5.243e+05
}

func ExampleRunNested() {
	rows := make([][]int, 10) // ten parts of five rows
	for i := range 50 {
		rows[i/5] = append(rows[i/5], i)
	}
	folds, _ := search.CyclicFolds(rows)
	points, _ := search.Space{search.Float("rate", 0.01, 0.1)}.Grid()
	results, err := search.RunNested(context.Background(), search.Nested{
		Config: search.Config{Points: points, Trial: func(_ context.Context, t *search.Trial) (search.Values, error) {
			// Train on t.Rows.Fit, and report the metric of t.Rows.Validation after each epoch.
			rate, err := t.Point.Float("rate")
			if err != nil {
				return nil, err
			}
			return nil, t.Report(metric.Accuracy, 1, 1-rate)
		}},
		Folds: folds,
		Test: func(_ context.Context, t *search.Trial) (search.Values, error) {
			// Train on t.Rows.Fit for t.Epochs epochs, and judge on t.Rows.Test.
			return search.Values{"auc": 0.97 + 0.002*float64(t.Fold%3)}, nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	aucs, err := results.Values("auc")
	if err != nil {
		fmt.Println(err)
		return
	}
	summary, err := stats.Describe(aucs)
	fmt.Println(summary, err)
	fmt.Println(results.Folds[0].Chosen.Point)
	// Output:
	// 0.9720 ± 0.0016 <nil>
	// rate=0.01
}
