package theory_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/nn/theory"
)

func ExampleProve() {
	c, err := theory.Prove(theory.Theorem2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, claim := range c.Claims {
		fmt.Println(claim.Statement)
		fmt.Printf("  margin %.6f at %v\n", claim.Margin.Lo, claim.At)
	}
	// Output:
	// next nu < nu for mu in [-1, 1], omega in [-0.1, 0.1], nu in [3, 16], tau in [0.8, 1.25]
	//   margin 0.119744 at (mu 1, omega 0.1, nu 3, tau 1.25)
	// next second moment < nu for mu in [-1, 1], omega in [-0.1, 0.1], nu in [3, 16], tau in [0.8, 1.25]
	//   margin 0.018017 at (mu 1, omega 0.1, nu 3, tau 1.25)
}
