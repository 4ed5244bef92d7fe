package smiles_test

import (
	"errors"
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func ExampleParse() {
	m, err := smiles.Parse("CC(=O)Oc1ccccc1C(=O)O") // aspirin
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, %.2f g/mol, %d heavy atoms, %d ring\n", m.Formula(), m.Weight(), m.HeavyAtoms(), len(m.Rings()))
	// Output: C9H8O4, 180.16 g/mol, 13 heavy atoms, 1 ring
}

func ExampleParse_error() {
	for _, s := range []string{"CC(C", "c1ccnc1"} {
		_, err := smiles.Parse(s)
		var syntax *smiles.SyntaxError
		var atom *chem.AtomError
		switch {
		case errors.As(err, &syntax):
			fmt.Println("column", syntax.Column, syntax.Msg)
		case errors.As(err, &atom):
			fmt.Println("atom", atom.Atom, atom.Symbol)
		}
	}
	// Output:
	// column 3 parenthesis is never closed
	// atom 5 C
}
