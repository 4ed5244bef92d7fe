package chem_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

func ExampleParseSMILES() {
	m, err := chem.ParseSMILES("CC(=O)Oc1ccccc1C(=O)O") // aspirin
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, %.2f g/mol, %d heavy atoms, %d ring\n", m.Formula(), m.Weight(), m.HeavyAtoms(), len(m.Rings()))
	// Output: C9H8O4, 180.16 g/mol, 13 heavy atoms, 1 ring
}

func ExampleParseSMILES_error() {
	for _, s := range []string{"CC(C", "c1ccnc1"} {
		_, err := chem.ParseSMILES(s)
		var syntax *chem.SyntaxError
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

func ExampleMol_Parent() {
	salt, err := chem.ParseSMILES("[Na+].C[C@H](N)C(=O)[O-]")
	if err != nil {
		fmt.Println(err)
		return
	}
	alanine, err := chem.ParseSMILES("OC(=O)C(C)N")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(salt.Parent().CanonicalSMILES() == alanine.CanonicalSMILES())
	// Output: true
}

func ExampleSDFReader() {
	file := `water
  example

  1  0  0  0  0  0            999 V2000
    0.0000    0.0000    0.0000 O   0  0
M  END
> <use>
solvent

$$$$
`
	r := chem.NewSDFReader(strings.NewReader(file))
	for {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		if rec.Err != nil {
			fmt.Println(rec.Title, rec.Err) // this molecule only; the file goes on
			continue
		}
		fmt.Println(rec.Title, rec.Mol.Formula(), rec.Properties["use"])
	}
	// Output: water H2O solvent
}
