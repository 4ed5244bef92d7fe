package theory_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
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
	// next mu <= 1 for mu in [-1, 1], omega in [-0.1, 0.1], nu = 16, tau = 1.25
	//   margin -0.213440 at (mu 1, omega 0.1, nu 16, tau 1.25)
}

func ExampleProver_ProveGlobal() {
	c, err := theory.Prover{}.ProveGlobal(context.Background(), theory.Global{
		Start: theory.Region{Mu: interval.Interval{Lo: -0.5, Hi: 0.5}, Nu: interval.Interval{Lo: 0.5, Hi: 2}},
	})
	if err != nil {
		fmt.Println(err) // names the place where the claim is false or undecided
		return
	}
	fmt.Println("in the domain of Theorem 1 after", c.N, "layers:", c.Layers[c.N].Hull)
	fmt.Println(len(c.Counterexample.Weights), "layers are too few:", c.Counterexample)
	// Output:
	// in the domain of Theorem 1 after 12 layers: mu in [-0.02394, 0.05867], nu in [0.80021, 1.43793]
	// 11 layers are too few: from mean 0.5, variance 0.5 with (omega, tau) = 1 x (-0.1, 0.95), 10 x (0.1, 0.95), to mu in [-0.02472, -0.02471], nu in [0.79344, 0.79345]
}
