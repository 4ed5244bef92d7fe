package fingerprint_test

import (
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func ExampleECFP() {
	aspirin, err := smiles.Parse("CC(=O)Oc1ccccc1C(=O)O")
	if err != nil {
		log.Fatal(err)
	}
	salicylicAcid, err := smiles.Parse("OC(=O)c1ccccc1O")
	if err != nil {
		log.Fatal(err)
	}
	a, b := fingerprint.ECFP(aspirin, 2), fingerprint.ECFP(salicylicAcid, 2)
	fmt.Println(len(a), "environments in aspirin,", len(b), "in salicylic acid")
	fmt.Printf("Tanimoto %.2f\n", fingerprint.Tanimoto(a, b))
	// Output:
	// 25 environments in aspirin, 19 in salicylic acid
	// Tanimoto 0.47
}
