package metric_test

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/train/metric"
)

// Two tasks, with a missing label.
func ExampleMetric_Compute() {
	r := &metric.Result{
		Kind:        metric.Binary,
		Predictions: metric.Predictions{Rows: 3, Outputs: 2, Values: []float64{0.9, 0.2, 0.6, 0.7, 0.1, 0.4}},
		Labels:      []float64{1, 0, 1, 1, 0, math.NaN()},
	}
	for _, m := range []metric.Metric{metric.MeanROCAUC, metric.Accuracy, metric.LogLoss} {
		value, err := m.Compute(r)
		fmt.Printf("%s %.3f %v\n", m.Name, value, err)
	}
	_, err := metric.RMSE.Compute(r)
	fmt.Println(err)
	// Output:
	// ROC-AUC 1.000 <nil>
	// accuracy 1.000 <nil>
	// log loss 0.265 <nil>
	// metric: RMSE is for regression, but this is a result with binary labels; use ROC-AUC, PR-AUC, log loss or Brier score
}

// A run refuses a metric that the validation labels do not define, before the first step.
func ExampleMetric_Check() {
	labels := &metric.Result{Kind: metric.Binary, Predictions: metric.Predictions{Rows: 3, Outputs: 1}, Labels: []float64{0, 0, 0}}
	fmt.Println(metric.MeanROCAUC.Check(labels))
	fmt.Println(metric.Accuracy.Check(labels))
	// Output:
	// metric: ROC-AUC: none of 1 tasks has positives and negatives: not defined for these labels
	// <nil>
}

func ExampleResult_Confusion() {
	r := &metric.Result{
		Kind:        metric.Classes,
		Predictions: metric.Predictions{Rows: 3, Outputs: 2, Values: []float64{0.9, 0.1, 0.4, 0.6, 0.2, 0.8}},
		Labels:      []float64{0, 1, 0},
	}
	m, err := r.Confusion()
	fmt.Println(m, m.Recalls(), err)
	// Output: [[1 1] [0 1]] [0.5 1] <nil>
}

// The rows of two folds.
func ExampleResult_Append() {
	var all metric.Result
	for k := range 2 {
		fold := &metric.Result{Kind: metric.Values, Predictions: metric.Predictions{Rows: 1, Outputs: 1, Values: []float64{1}},
			Labels: []float64{float64(k)}, Loss: float64(k)}
		if err := all.Append(fold); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(all.Rows, all.Labels, all.Loss)
	// Output: 2 [0 1] 0.5
}
