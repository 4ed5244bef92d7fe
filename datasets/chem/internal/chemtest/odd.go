package chemtest

import (
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// OddSystem makes up a system of fused rings with hetero atoms, charges, radicals, wildcards and double bonds in any place. Only some of them
// are possible molecules.
func OddSystem(rng *rand.Rand) ([]chem.Atom, []chem.Bond) {
	n := 5 + rng.IntN(14)
	atoms, bonds := make([]chem.Atom, n), make([]chem.Bond, 0, n+5)
	degree := make([]int, n)
	joined := map[[2]int]bool{}
	join := func(i, j int) {
		if i != j && degree[i] < 3 && degree[j] < 3 && !joined[[2]int{min(i, j), max(i, j)}] {
			joined[[2]int{min(i, j), max(i, j)}] = true
			degree[i]++
			degree[j]++
			bonds = append(bonds, chem.Bond{Begin: int32(i), End: int32(j), Order: 1})
		}
	}
	for i := 1; i < n; i++ {
		join(i, max(0, i-1-rng.IntN(4)*(rng.IntN(4)/3)))
	}
	for range 3 + rng.IntN(6) {
		i := rng.IntN(n)
		if j := i + 2 + rng.IntN(6); j < n {
			join(i, j)
		}
	}
	double := make([]bool, n)
	for _, k := range rng.Perm(len(bonds)) {
		if b := &bonds[k]; !double[b.Begin] && !double[b.End] && rng.IntN(12) > 0 {
			b.Order = 2
			double[b.Begin], double[b.End] = true, true
		}
	}
	elements := []uint8{6, 6, 6, 6, 6, 6, 7, 7, 7, 8, 16, 15, 5, 34}
	odd := rng.IntN(4) // how many atoms of four are not carbon
	for i := range atoms {
		a := &atoms[i]
		a.Number = 6
		if rng.IntN(4) < odd {
			a.Number = elements[rng.IntN(len(elements))]
		}
		switch rng.IntN(16) {
		case 0:
			a.Charge, a.NoImplicit = int8(rng.IntN(3)-1), true
			a.Hs = uint8(rng.IntN(2))
		case 1:
			if odd == 3 {
				a.Number = 0
			}
		}
	}
	return atoms, bonds
}
