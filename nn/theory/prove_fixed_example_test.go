package theory_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/nn/theory"
)

func ExampleProveFixedPoint() {
	c, err := theory.ProveFixedPoint(theory.Moments{Mean: 0, Variance: 100}, theory.LeCun)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("lambda %.5f, alpha %.5f\n", c.Lambda.Mid(), c.Alpha.Mid())
	fmt.Println(c.Claims[0].Statement)
	fmt.Println(c.Claims[5].Statement)
	// Output:
	// lambda 1.09705, alpha 8.66337
	// spectral norm of the Jacobian < 1 for mu in [-1.01, 1.01], omega in [-0.02525, 0.02525], nu in [79.84, 150.5], tau in [0.9869, 1.025]
	// next nu < nu for mu in [-10, 10], omega in [-0.1, 0.1], nu in [185, 1600], tau in [0.8, 1.25]
}
