package cifar_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets"
	_ "github.com/selfnorm/selfnorm/datasets/cifar"
)

// Without the option StandIn the real images are looked for first.
func Example() {
	set, err := datasets.Open("cifar10", datasets.Options{StandIn: true})
	if err != nil {
		panic(err)
	}
	fmt.Println(set.Width(), set.Outputs(), len(set.Rows(datasets.Train)), len(set.Rows(datasets.Test)))
	fmt.Println(set.Notes)
	// Output:
	// 3072 10 2000 500
	// SYNTHETIC stand-in for CIFAR-10: 2,500 striped images
}
