package csv_test

import (
	"fmt"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
)

const fruit = `weight,color,kind
150,red,apple
170,green,apple
130,yellow,lemon
110,yellow,lemon
160,red,apple
120,yellow,lemon
180,red,apple
,green,apple
125,yellow,lemon
115,green,lemon
`

// From a table to a set; with a file it is csv.Load("fruit.csv", ...).
func ExampleLoadFrom() {
	set, enc, err := csv.LoadFrom("fruit.csv", strings.NewReader(fruit), csv.Options{Target: "kind"})
	if err != nil {
		panic(err)
	}
	fmt.Println(set.Notes)
	fmt.Println(set.Classes, len(set.Rows(datasets.Train)), len(set.Rows(datasets.Test)))
	fmt.Println(enc.FeatureNames())
	// Output:
	// fruit.csv: 10 rows, 1 numeric and 1 categorical columns; kind has 2 classes
	// [apple lemon] 8 2
	// [weight weight (missing) color=green color=red color=yellow]
}

// Your own folds: each has its own encoder.
func ExampleTable_Fit() {
	table, err := csv.ReadFrom("fruit.csv", strings.NewReader(fruit), csv.Options{Target: "kind"})
	if err != nil {
		panic(err)
	}
	folds, err := datasets.KFold(table.Rows(), 5, 1)
	if err != nil {
		panic(err)
	}
	for _, fold := range folds[:2] {
		enc, err := table.Fit(fold.Fit)
		if err != nil {
			panic(err)
		}
		set, err := enc.Set(table)
		if err != nil {
			panic(err)
		}
		fmt.Println(len(fold.Fit), len(fold.Held), set.Len())
	}
	// Output:
	// 8 2 10
	// 8 2 10
}

// New rows have the same columns, in any order, and no target.
func ExampleEncoder_ReadFrom() {
	_, enc, err := csv.LoadFrom("fruit.csv", strings.NewReader(fruit), csv.Options{Target: "kind"})
	if err != nil {
		panic(err)
	}
	table, err := enc.ReadFrom("new.csv", strings.NewReader("color,weight\nblue,140\n"))
	if err != nil {
		panic(err)
	}
	set, err := enc.Set(table)
	if err != nil {
		panic(err)
	}
	x := make([]float32, set.Width())
	set.Features.Gather(x, len(x), []int{0})
	fmt.Printf("%.2f\n", x) // blue is unknown: no color
	// Output: [0.09 0.00 0.00 0.00 0.00]
}
