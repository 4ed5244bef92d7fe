package baseline_test

import (
	"context"
	"fmt"
	"math"

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

// A forest is saved as plain arrays, here on its way through a map.
func ExamplePack() {
	x := baseline.Matrix{Rows: 4, Columns: 1, Values: []float64{0, 1, 5, 6}}
	c, err := baseline.Tree{}.Fit(context.Background(), x, []int{0, 0, 1, 1}, 2)
	if err != nil {
		panic(err)
	}
	arrays, err := baseline.Pack(c)
	if err != nil {
		panic(err)
	}
	fmt.Println(arrays["column"], arrays["threshold"], arrays["leaf"], arrays["share"])
	c, err = baseline.Unpack(arrays)
	if err != nil {
		panic(err)
	}
	fmt.Println(baseline.Predict(c, x))
	// Output:
	// [1 0 0] [3] [0 1] [1 0 0 1]
	// [0 0 1 1] <nil>
}

// Two tasks; the second row has no label in the second.
func ExampleTanimoto() {
	var train baseline.Bags
	for _, counts := range [][]int{{2, 1, 0}, {2, 0, 0}, {0, 0, 3}} {
		train.Append(func(yield func(id uint32, n int) bool) {
			for id, n := range counts {
				yield(uint32(id), n)
			}
		})
	}
	missing := float32(math.NaN())
	s, err := baseline.Tanimoto{K: 2}.Fit(train, []float32{1, 0, 1, missing, 0, 1}, 2)
	if err != nil {
		panic(err)
	}
	test := baseline.Bags{Start: []int{0, 1}, ID: []uint32{0}, N: []uint16{2}}
	scores, err := s.Scores(context.Background(), test, 1)
	fmt.Printf("%.2f %v\n", scores, err)
	// Output: [0.98 0.13] <nil>
}

// Two kinds of molecules that share no substructure, one task.
func ExampleKernelRidge() {
	rows := func(ids ...uint32) (d baseline.Described) {
		d.Bags = make([]baseline.Bags, 1)
		for _, id := range ids {
			d.Bags[0].Append(func(yield func(id uint32, n int) bool) { yield(id, 1) })
		}
		return d
	}
	ctx := context.Background()
	c, err := baseline.KernelRidge{Lambda: 0.5}.Fit(ctx, rows(1, 1, 2, 2), []float32{1, 1, 0, 0}, 1)
	if err != nil {
		panic(err)
	}
	scores, err := c.Scores(ctx, rows(1, 2, 3), 1)
	fmt.Printf("%.2f %v\n", scores, err)
	// Output: [0.73 0.27 0.50] <nil>
}
