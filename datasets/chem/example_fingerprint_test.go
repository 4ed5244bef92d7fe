package chem_test

import (
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

func ExampleECFP() {
	aspirin, err := chem.ParseSMILES("CC(=O)Oc1ccccc1C(=O)O")
	if err != nil {
		log.Fatal(err)
	}
	salicylicAcid, err := chem.ParseSMILES("OC(=O)c1ccccc1O")
	if err != nil {
		log.Fatal(err)
	}
	a, b := chem.ECFP(aspirin, 2), chem.ECFP(salicylicAcid, 2)
	fmt.Println(len(a), "environments in aspirin,", len(b), "in salicylic acid")
	fmt.Printf("Tanimoto %.2f\n", chem.Tanimoto(a, b))
	// Output:
	// 25 environments in aspirin, 19 in salicylic acid
	// Tanimoto 0.47
}

func ExampleParseSMARTS() {
	paracetamol, err := chem.ParseSMILES("CC(=O)Nc1ccc(O)cc1")
	if err != nil {
		log.Fatal(err)
	}
	amide, err := chem.ParseSMARTS("C(=O)-N")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(amide.Count(paracetamol), amide.Matches(paracetamol))

	_, err = chem.ParseSMARTS("C(=O")
	fmt.Println(err)
	// Output:
	// 1 [[1 2 3]]
	// chem: SMARTS "C(=O", column 5: branch is not closed
}

func ExampleDescriptors() {
	caffeine, err := chem.ParseSMILES("Cn1cnc2n(C)c(=O)n(C)c(=O)c12")
	if err != nil {
		log.Fatal(err)
	}
	values := chem.Descriptors(caffeine)
	for k, name := range chem.DescriptorNames() {
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
