package depict_test

import (
	"fmt"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem/depict"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func ExampleSVG() {
	m, err := smiles.Parse("Oc1ccccc1")
	if err != nil {
		fmt.Println(err)
		return
	}
	svg, err := depict.SVG(m, depict.Options{Weights: []float64{0.8, 0.1, 0, 0, 0, 0, -0.2}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(string(svg), "<circle"), "coloured atoms")
	// Output:
	// 3 coloured atoms
}
