package baseline_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/train/baseline"
)

func ExamplePredict() {
	x := baseline.Matrix{Rows: 6, Columns: 2, Values: []float64{0, 0, 1, 0, 0, 1, 5, 5, 6, 5, 5, 6}}
	labels := []int{0, 0, 0, 1, 1, 1}
	for _, m := range []baseline.Method{baseline.Neighbours{K: 3}, baseline.NaiveBayes{}, baseline.Forest{}} {
		c, err := m.Fit(context.Background(), x, labels, 2)
		if err != nil {
			panic(err)
		}
		classes, err := baseline.Predict(c, baseline.Matrix{Rows: 2, Columns: 2, Values: []float64{1, 1, 4, 6}})
		fmt.Println(m.Name(), classes, err)
	}
	// Output:
	// k nearest neighbours [0 1] <nil>
	// naive Bayes [0 1] <nil>
	// random forest [0 1] <nil>
}
