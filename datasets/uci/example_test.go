package uci_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/uci"
)

// The four folds of a task, here of the built-in stand-in.
func ExampleTask_Fold() {
	task, err := uci.Open(context.Background(), "abalone", datasets.Options{StandIn: true})
	if err != nil {
		panic(err)
	}
	for k := range task.Folds {
		f, err := task.Fold(k)
		if err != nil {
			panic(err)
		}
		fmt.Println(k, len(f.Fit)+len(f.Held), len(f.Test))
	}
	// Output:
	// 0 450 150
	// 1 450 150
	// 2 450 150
	// 3 450 150
}
