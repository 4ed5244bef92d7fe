package chem_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// ringSizes lists the sizes of the rings in rising order.
func ringSizes(m *chem.Mol) []int {
	var sizes []int
	for _, r := range m.Rings() {
		sizes = append(sizes, len(r))
	}
	slices.Sort(sizes)
	return sizes
}

func TestRings(t *testing.T) {
	for _, c := range []struct {
		smiles string
		sizes  []int
	}{
		{"CCC", nil},
		{"C1CC1", []int{3}},
		{"C1CCCCCCCCCCC1", []int{12}},
		{"C1CC1C1CC1", []int{3, 3}},
		{"C1CC11CC1", []int{3, 3}},
		{"C1CC2CC12", []int{3, 4}},
		{"C1C2CC1C2", []int{4, 4, 4}},                                          // three ways around bicyclo[1.1.1]pentane
		{"C1CC2CCC1C2", []int{5, 5}},                                           // norbornane
		{"C1CC2CCC1CC2", []int{6, 6, 6}},                                       // bicyclo[2.2.2]octane
		{"CC1(C)C2CCC(C)C1C2", []int{4, 6, 6}},                                 // pinane: two ways around the ring of four
		{"C1C2CC3CC1CC(C2)C3", []int{6, 6, 6, 6}},                              // adamantane
		{"C12C3C4C1C5C2C3C45", []int{4, 4, 4, 4, 4, 4}},                        // cubane
		{"C12C3C1C1C2C31", []int{3, 3, 4, 4, 4}},                               // prismane
		{"c1cc2ccc3cccc4ccc(c1)c2c34", []int{6, 6, 6, 6}},                      // pyrene
		{"c1cc2ccc3ccc4ccc5ccc6ccc1c7c2c3c4c5c67", []int{6, 6, 6, 6, 6, 6, 6}}, // coronene
		{"C1CC2(C1)CC2", []int{3, 4}},
		{"CNCCCC12CCC(c3ccccc31)c1ccccc12", []int{6, 6, 6, 6, 6}}, // bridged anthracene: the third ring has no CH2
		{"C1CCC2(CC1)OCCO2", []int{5, 6}},
		{"C1CC1.c1ccccc1", []int{3, 6}},
	} {
		m := chemtest.Mol(t, c.smiles)
		chemtest.CheckMol(t, m)
		if got := ringSizes(m); !slices.Equal(got, c.sizes) {
			t.Errorf("%s: ring sizes %v, want %v", c.smiles, got, c.sizes)
		}
	}
}

// TestRingsOfSymmetricGraphs checks a minimum cycle basis: as many independent rings as there must be, and of the sizes
// that the girth of each graph demands.
func TestRingsOfSymmetricGraphs(t *testing.T) {
	smallest := map[string]int{"prismane": 3, "K3,3": 4, "cubane": 4, "Wagner": 4, "Petersen": 5, "pentaprismane": 4, "Heawood": 6,
		"Möbius-Kantor": 6, "Pappus": 6, "dodecahedrane": 5, "Desargues": 6, "buckminsterfullerene": 5}
	rng := rand.New(rand.NewPCG(5, 6))
	for _, g := range chemtest.Symmetric {
		m := chemtest.Skeleton(t, g.Atoms, g.Bonds, rng)
		sizes := ringSizes(m)
		if len(sizes) < g.Rings || sizes[0] != smallest[g.Name] {
			t.Errorf("%s: ring sizes %v, want %d rings from %d on", g.Name, sizes, g.Rings, smallest[g.Name])
		}
		if n := independentRings(m); n != g.Rings {
			t.Errorf("%s: %d independent rings, want %d", g.Name, n, g.Rings)
		}
	}
}

// independentRings is the rank of the rings over GF(2), by plain elimination.
func independentRings(m *chem.Mol) int {
	rows := make([][]bool, len(m.Rings()))
	for k, r := range m.Rings() {
		rows[k] = make([]bool, len(m.Bonds()))
		for j, i := range r {
			rows[k][m.BondBetween(int(i), int(r[(j+1)%len(r)]))] = true
		}
	}
	rank := 0
	for b := range m.Bonds() {
		pivot := slices.IndexFunc(rows[rank:], func(row []bool) bool { return row[b] })
		if pivot < 0 {
			continue
		}
		rows[rank], rows[rank+pivot] = rows[rank+pivot], rows[rank]
		for k := range rows {
			if k != rank && rows[k][b] {
				for j, x := range rows[rank] {
					rows[k][j] = rows[k][j] != x
				}
			}
		}
		rank++
	}
	return rank
}

// TestRingsOfLargeGraphs checks systems in which no smallest set is promised, and the limit.
func TestRingsOfLargeGraphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var bonds [][2]int
	const side = 30
	for x := range side {
		for y := range side {
			if x+1 < side {
				bonds = append(bonds, [2]int{side*x + y, side*x + side + y})
			}
			if y+1 < side && (x+y)%2 == 0 {
				bonds = append(bonds, [2]int{side*x + y, side*x + y + 1})
			}
		}
	}
	m := chemtest.Skeleton(t, side*side, bonds, rng) // a sheet of hexagons
	want := len(m.Bonds()) - len(m.Atoms()) + len(m.Components())
	if got := ringSizes(m); len(got) != want || got[0] != 6 || got[len(got)-1] != 6 {
		t.Errorf("%d rings from %d to %d, want %d of 6", len(got), got[0], got[len(got)-1], want)
	}
	if m := chemtest.Skeleton(t, 600, chemtest.Cycle(600, 211, -211), rng); independentRings(m) != len(m.Bonds())-len(m.Atoms())+1 {
		t.Error("the rings of a cubic graph do not span its cycles")
	}
	ladder := make([][2]int, 0, 6300)
	for i := range 2100 {
		ladder = append(ladder, [2]int{2 * i, 2*i + 1})
		if i > 0 {
			ladder = append(ladder, [2]int{2*i - 2, 2 * i}, [2]int{2*i - 1, 2*i + 1})
		}
	}
	if _, err := chem.New(chemtest.Carbons(4200, ladder, rng)); err != chem.ErrTooManyRings {
		t.Errorf("error %v, want %v", err, chem.ErrTooManyRings)
	}
}
