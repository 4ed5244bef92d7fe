package chem_test

import (
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// From a text to the vector that a network reads.
func Example() {
	m, err := smiles.Parse("CC(=O)Oc1ccccc1C(=O)O") // aspirin
	if err != nil {
		log.Fatal(err)
	}
	counts, err := fingerprint.ECFP(m, 2).Fold(1024)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Formula(), len(m.Rings()), "ring,", len(counts), "columns")
	// Output: C9H8O4 1 ring, 1024 columns
}

// New makes a molecule without a file format: here pyridine, drawn with aromatic bonds.
func ExampleNew() {
	atoms, bonds := make([]chem.Atom, 6), make([]chem.Bond, 6)
	for i := range atoms {
		atoms[i] = chem.Atom{Number: 6, Aromatic: true}
		bonds[i] = chem.Bond{Begin: int32(i), End: int32((i + 1) % 6), Aromatic: true}
	}
	atoms[0].Number = 7
	m, err := chem.New(atoms, bonds)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Formula(), smiles.Canonical(m))
	// Output: C5H5N c1ccncc1
}
