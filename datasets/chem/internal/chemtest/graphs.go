package chemtest

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Skeleton is a molecule of carbon with these bonds, its atoms in random order.
func Skeleton(t testing.TB, atoms int, bonds [][2]int, rng *rand.Rand) *chem.Mol {
	t.Helper()
	m, err := chem.New(Carbons(atoms, bonds, rng))
	if err != nil {
		t.Fatal(err)
	}
	CheckMol(t, m)
	return m
}

// Carbons are carbon atoms with these single bonds, in random order.
func Carbons(n int, bonds [][2]int, rng *rand.Rand) ([]chem.Atom, []chem.Bond) {
	place := rng.Perm(n)
	atoms := make([]chem.Atom, n)
	for i := range atoms {
		atoms[i].Number = 6
	}
	var out []chem.Bond
	for _, k := range rng.Perm(len(bonds)) {
		out = append(out, chem.Bond{Begin: int32(place[bonds[k][0]]), End: int32(place[bonds[k][1]]), Order: 1})
	}
	return atoms, out
}

// Cycle is a ring with chords: each atom i is joined to i + chords[i mod len(chords)].
func Cycle(atoms int, chords ...int) [][2]int {
	var bonds [][2]int
	for i := range atoms {
		bonds = append(bonds, [2]int{i, (i + 1) % atoms})
	}
	seen := map[[2]int]bool{}
	for i := range atoms {
		j := (i + chords[i%len(chords)] + atoms) % atoms
		if e := [2]int{min(i, j), max(i, j)}; !seen[e] {
			seen[e] = true
			bonds = append(bonds, e)
		}
	}
	return bonds
}

// buckminsterfullerene is the truncation of the icosahedron: an atom for each end of an edge.
func buckminsterfullerene() [][2]int {
	near := make([][]int, 12) // neighbours of each corner in turn
	for k := range 5 {
		near[0] = append(near[0], 1+k)
		near[11] = append(near[11], 10-k)
		near[1+k] = []int{0, 1 + (k+4)%5, 6 + (k+4)%5, 6 + k, 1 + (k+1)%5}
		near[6+k] = []int{11, 6 + (k+1)%5, 1 + (k+1)%5, 1 + k, 6 + (k+4)%5}
	}
	var bonds [][2]int
	for v := range near {
		for k, u := range near[v] {
			bonds = append(bonds, [2]int{5*v + k, 5*v + (k+1)%5})
			for j, w := range near[u] {
				if w == v && v < u {
					bonds = append(bonds, [2]int{5*v + k, 5*u + j})
				}
			}
		}
	}
	return bonds
}

// Symmetric graphs: refinement alone cannot tell their atoms apart. Rings with chords are in LCF notation.
var Symmetric = []struct {
	Name  string
	Atoms int
	Bonds [][2]int
	Rings int // independent ones
}{
	{"prismane", 6, [][2]int{{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}, {1, 4}, {2, 5}}, 4},
	{"K3,3", 6, Cycle(6, 3), 4},
	{"cubane", 8, Cycle(8, 3, -3), 5},
	{"Wagner", 8, Cycle(8, 4), 5},
	{"Petersen", 10, [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {0, 5}, {1, 6}, {2, 7}, {3, 8}, {4, 9}, {5, 7}, {7, 9}, {9, 6}, {6, 8}, {8, 5}}, 6},
	{"pentaprismane", 10, [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {5, 6}, {6, 7}, {7, 8}, {8, 9}, {9, 5}, {0, 5}, {1, 6}, {2, 7}, {3, 8}, {4, 9}}, 6},
	{"Heawood", 14, Cycle(14, 5, -5), 8},
	{"Möbius-Kantor", 16, Cycle(16, 5, -5), 9},
	{"Pappus", 18, Cycle(18, 5, 7, -7, 7, -7, -5), 10},
	{"dodecahedrane", 20, Cycle(20, 10, 7, 4, -4, -7, 10, -4, 7, -7, 4), 11},
	{"Desargues", 20, Cycle(20, 5, -5, 9, -9), 11},
	{"buckminsterfullerene", 60, buckminsterfullerene(), 31},
}
