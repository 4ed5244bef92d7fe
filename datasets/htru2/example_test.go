package htru2_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/htru2"
)

// Nested cross-validation, here on the built-in stand-in.
func ExampleFolds() {
	set, err := htru2.Load(context.Background(), datasets.Options{StandIn: true})
	if err != nil {
		panic(err)
	}
	folds, err := htru2.Folds(set, 1)
	if err != nil {
		panic(err)
	}
	for _, f := range folds[:2] {
		scaled, err := htru2.Scaled(set, f.Fit)
		if err != nil {
			panic(err)
		}
		fmt.Println(scaled.Len(), len(f.Fit), len(f.Held), len(f.Test))
	}
	// Output:
	// 3000 2400 300 300
	// 3000 2400 300 300
}
