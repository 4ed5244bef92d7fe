package mnist_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets"
	_ "github.com/selfnorm/selfnorm/datasets/mnist"
)

// Without the option StandIn the real images are looked for first.
func Example() {
	set, err := datasets.Open("mnist", datasets.Options{StandIn: true})
	if err != nil {
		panic(err)
	}
	fmt.Println(set.Width(), set.Outputs(), len(set.Rows(datasets.Train)), len(set.Rows(datasets.Test)))
	fmt.Println(set.Notes)
	// Output:
	// 784 10 2400 600
	// SYNTHETIC stand-in for MNIST: 3,000 drawn digits
}
