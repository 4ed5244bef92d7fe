package tox21_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// From molecules to the inputs of a network, here for the built-in stand-in.
func Example() {
	ctx := context.Background()
	data, err := tox21.Load(ctx, tox21.Options{Options: datasets.Options{StandIn: true}})
	if err != nil {
		panic(err)
	}
	raw, err := tox21.Compute(ctx, data.Mols(), []tox21.Family{{Kind: tox21.ECFP6, MinMolecules: 50}}, 0)
	if err != nil {
		panic(err)
	}
	fit, val, err := data.ValidationSplit(0)
	if err != nil {
		panic(err)
	}
	f, err := raw.Fit(fit)
	if err != nil {
		panic(err)
	}
	features, err := f.Features(raw)
	if err != nil {
		panic(err)
	}
	set, err := data.Set(features, f.Names())
	if err != nil {
		panic(err)
	}
	fmt.Println(set.Synthetic, set.Len(), set.Outputs(), len(fit) > len(val))
	// Output: true 3000 12 true
}

// A featurizer describes new molecules in the columns that it was fitted on.
func ExampleFeaturizer_Transform() {
	ctx := context.Background()
	var mols []*chem.Mol
	for _, s := range []string{"CCO", "CCN", "CCCO"} {
		m, err := smiles.Parse(s)
		if err != nil {
			panic(err)
		}
		mols = append(mols, m)
	}
	raw, err := tox21.Compute(ctx, mols, []tox21.Family{{Kind: tox21.ECFP6, MinMolecules: 2}}, 1)
	if err != nil {
		panic(err)
	}
	f, err := raw.Fit([]int{0, 1, 2})
	if err != nil {
		panic(err)
	}
	salt, err := smiles.Parse("CCO.Cl") // its parent is known
	if err != nil {
		panic(err)
	}
	features, err := f.Transform(ctx, []*chem.Mol{salt}, 1)
	if err != nil {
		panic(err)
	}
	fmt.Println(features.Dims())
	// Output: 1 5
}
