package metric_test

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/train/metric"
)

// within is the share of predictions within 10 % of the label.
var within = metric.Metric{
	Name: "within ten per cent", Kinds: []metric.Kind{metric.Values},
	Func: func(r *metric.Result) (float64, error) {
		one, err := r.Task(0) // without missing labels
		if err != nil {
			return 0, err
		}
		hits, all := 0.0, 0.0
		for i, y := range one.Labels {
			if math.Abs(one.Values[i]-y) <= 0.1*math.Abs(y) {
				hits += one.Weights[i]
			}
			all += one.Weights[i]
		}
		return hits / all, nil
	},
}

func init() {
	if err := metric.Register(within); err != nil {
		panic(err)
	}
}

// Register your own metric at start, so that flags can refer to it.
func ExampleRegister() {
	m, err := metric.ByName("within-ten-per-cent")
	if err != nil {
		fmt.Println(err)
		return
	}
	r := &metric.Result{Kind: metric.Values, Predictions: metric.Predictions{Rows: 2, Outputs: 1, Values: []float64{10, 13}},
		Labels: []float64{10.5, 10}, Weights: []float64{3, 1}}
	fmt.Println(m.Compute(r))
	// Output: 0.75 <nil>
}
