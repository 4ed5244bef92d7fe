package descriptor

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// wildcards is a molecule of atoms that may have any number of neighbours; some of those with one are hydrogen.
func wildcards(t testing.TB, n int, bonds [][2]int, rng *rand.Rand) *chem.Mol {
	t.Helper()
	atoms, list := make([]chem.Atom, n), []chem.Bond{}
	for i := range atoms {
		atoms[i].Number = []uint8{0, 26, 92}[rng.IntN(3)]
		atoms[i].NoImplicit = true
	}
	degree := make([]int, n)
	for _, b := range bonds {
		degree[b[0]]++
		degree[b[1]]++
	}
	for _, b := range bonds {
		if degree[b[1]] == 1 && rng.IntN(3) == 0 {
			atoms[b[1]].Number = 1
		}
		list = append(list, chem.Bond{Begin: int32(b[0]), End: int32(b[1]), Order: 1})
	}
	m, err := chem.New(atoms, list)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Formulas give the sums over all paths, for graphs dense with rings of three and four.
func TestPathSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 60 {
		n := 2 + rng.IntN(11)
		var bonds [][2]int
		for i := range n {
			for j := range i {
				if rng.Float64() < []float64{0.2, 0.5, 1}[trial%3] {
					bonds = append(bonds, [2]int{i, j})
				}
			}
		}
		c := &paths{m: wildcards(t, n, bonds, rng)}
		for range n {
			c.valueN, c.valueV = append(c.valueN, rng.Float64()), append(c.valueV, rng.NormFloat64())
		}
		formulas := *c
		c.enumerate()
		formulas.byFormulas()
		for name, x := range map[string][2][longestPath + 1]float64{"n": {c.n, formulas.n}, "v": {c.v, formulas.v}, "count": {c.count, formulas.count}} {
			for k := 2; k <= longestPath; k++ {
				if want, got := x[0][k], x[1][k]; math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
					t.Errorf("%d atoms, %d bonds: sum %s of paths of %d bonds is %v, want %v", n, len(bonds), name, k, got, want)
				}
			}
		}
	}
}

// hubs are molecules whose atoms have very many neighbours.
func hubs(t testing.TB, n int) map[string]*chem.Mol {
	star, two, wheel := [][2]int{}, [][2]int{}, [][2]int{}
	for i := range n {
		star = append(star, [2]int{0, i + 1})
		two = append(two, [2]int{0, i + 2}, [2]int{1, i + 2})
		wheel = append(wheel, [2]int{0, i + 1}, [2]int{i + 1, (i+1)%n + 1})
	}
	var complete [][2]int
	for i := range min(n, 50) {
		for j := range i {
			complete = append(complete, [2]int{i, j})
		}
	}
	rng := rand.New(rand.NewPCG(3, 4))
	return map[string]*chem.Mol{
		"star": wildcards(t, n+1, star, rng), "two hubs": wildcards(t, n+2, two, rng), "wheel": wildcards(t, n+1, wheel, rng),
		"complete": wildcards(t, min(n, 50), complete, rng),
	}
}

// Hubs are computed at all: a sum over their paths, one after another, would not end within the time of a test.
func TestHubs(t *testing.T) {
	for name, m := range hubs(t, 2000) {
		names := Names()
		for k, v := range Compute(m) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s: %s is %v", name, names[k], v)
			}
		}
	}
	c := new(paths)
	c.reset(hubs(t, 2000)["two hubs"], new(space))
	if want := 2000.0*1999/2*2 + 2000; c.count[2] > want || c.count[2] < want/2 { // fewer by those through hydrogen
		t.Errorf("%v paths of two bonds, want at most %v", c.count[2], want)
	}
}
