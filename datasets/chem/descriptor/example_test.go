package descriptor_test

import (
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/datasets/chem/descriptor"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func ExampleCompute() {
	caffeine, err := smiles.Parse("Cn1cnc2n(C)c(=O)n(C)c(=O)c12")
	if err != nil {
		log.Fatal(err)
	}
	values := descriptor.Compute(caffeine)
	for k, name := range descriptor.Names() {
		switch name {
		case "MolWt", "TPSA", "NumHAcceptors", "fr_imidazole":
			fmt.Printf("%s %.2f\n", name, values[k])
		}
	}
	// Output:
	// MolWt 194.19
	// NumHAcceptors 6.00
	// TPSA 61.82
	// fr_imidazole 1.00
}
