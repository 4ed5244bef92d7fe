package smarts_test

import (
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func ExampleParse() {
	paracetamol, err := smiles.Parse("CC(=O)Nc1ccc(O)cc1")
	if err != nil {
		log.Fatal(err)
	}
	amide, err := smarts.Parse("C(=O)-N")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(amide.Count(paracetamol), amide.Matches(paracetamol))

	_, err = smarts.Parse("C(=O")
	fmt.Println(err)
	// Output:
	// 1 [[1 2 3]]
	// smarts: "C(=O", column 5: branch is not closed
}
