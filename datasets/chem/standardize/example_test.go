package standardize_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

func ExampleParent() {
	salt, err := smiles.Parse("[Na+].C[C@H](N)C(=O)[O-]")
	if err != nil {
		fmt.Println(err)
		return
	}
	alanine, err := smiles.Parse("OC(=O)C(C)N")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(smiles.Canonical(standardize.Parent(salt)) == smiles.Canonical(alanine))
	// Output: true
}
