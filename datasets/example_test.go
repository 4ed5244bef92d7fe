package datasets_test

import (
	"context"
	"fmt"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"math"

	"github.com/selfnorm/selfnorm/datasets"
	"gorgonia.org/tensor"
)

// A set of three rows with two tasks, of which one label is missing.
func ExampleSet_Gather() {
	features, _ := datasets.NewDense(3, 2, []float32{1, 2, 3, 4, 5, 6})
	set := &datasets.Set{
		Features: features,
		Tasks:    []string{"toxic", "soluble"},
		Labels:   []float32{0, 1, 1, float32(math.NaN()), 0, 0},
	}
	x := tensor.New(tensor.WithShape(2, 2), tensor.Of(tensor.Float32))
	y := tensor.New(tensor.WithShape(2, 2), tensor.Of(tensor.Float32))
	mask := tensor.New(tensor.WithShape(2, 2), tensor.Of(tensor.Float32))
	if err := set.Gather([]int{2, 1}, batch.Of(x, y, mask)); err != nil {
		panic(err)
	}
	fmt.Println(x.Data(), y.Data(), mask.Data())
	// Output: [5 6 3 4] [0 0 1 0] [1 1 1 0]
}

// Statistics come from the rows that are fitted on, here the first three.
func ExampleFitScaler() {
	features, _ := datasets.NewDense(4, 1, []float32{1, 2, 3, 4})
	scaler, err := datasets.FitScaler(datasets.Standardize, 0, features, []int{0, 1, 2})
	if err != nil {
		panic(err)
	}
	scaled, _ := scaler.Apply(features)
	out := make([]float32, 4)
	scaled.Gather(out, 1, []int{0, 1, 2, 3})
	fmt.Printf("%.2f\n", out)
	// Output: [-1.22 0.00 1.22 2.45]
}

// A loader registers itself once, then programs open it by name.
func ExampleOpen() {
	datasets.MustRegister("toy", func(context.Context, datasets.Options) (*datasets.Set, error) {
		features, err := datasets.NewDense(2, 1, []float32{1, 2})
		return &datasets.Set{
			Name:     "toy",
			Features: features,
			Tasks:    []string{"even"},
			Labels:   []float32{0, 1},
			Notes:    "made up for this example",
		}, err
	})
	set, err := datasets.Open("toy", datasets.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Println(set.Len(), set.Width(), set.Outputs(), set.Notes)
	// Output: 2 1 1 made up for this example
}
