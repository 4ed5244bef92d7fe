package sdf_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem/sdf"
)

func ExampleReader() {
	file := `water
  example

  1  0  0  0  0  0            999 V2000
    0.0000    0.0000    0.0000 O   0  0
M  END
> <use>
solvent

$$$$
`
	r := sdf.NewReader(strings.NewReader(file))
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
