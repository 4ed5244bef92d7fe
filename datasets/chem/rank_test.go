package chem

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// skeleton is a molecule of carbon with these bonds, its atoms in random order.
func skeleton(t testing.TB, atoms int, bonds [][2]int, rng *rand.Rand) *Mol {
	t.Helper()
	place := rng.Perm(atoms)
	m := &Mol{Atoms: make([]Atom, atoms)}
	for i := range m.Atoms {
		m.Atoms[i].Number = 6
	}
	for _, k := range rng.Perm(len(bonds)) {
		m.Bonds = append(m.Bonds, Bond{Begin: int32(place[bonds[k][0]]), End: int32(place[bonds[k][1]]), Order: 1})
	}
	m.link()
	if err := m.sanitize(); err != nil {
		t.Fatal(err)
	}
	checkMol(t, m)
	return m
}

// cycle is a ring with chords: each atom i is joined to i + chords[i mod len(chords)].
func cycle(atoms int, chords ...int) [][2]int {
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

// symmetric graphs that refinement alone tells nothing about, in LCF notation where they are rings with chords.
var symmetric = []struct {
	name  string
	atoms int
	bonds [][2]int
	rings int // independent ones
}{
	{"prismane", 6, [][2]int{{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}, {1, 4}, {2, 5}}, 4},
	{"K3,3", 6, cycle(6, 3), 4},
	{"cubane", 8, cycle(8, 3, -3), 5},
	{"Wagner", 8, cycle(8, 4), 5},
	{"Petersen", 10, [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {0, 5}, {1, 6}, {2, 7}, {3, 8}, {4, 9}, {5, 7}, {7, 9}, {9, 6}, {6, 8}, {8, 5}}, 6},
	{"pentaprismane", 10, [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {5, 6}, {6, 7}, {7, 8}, {8, 9}, {9, 5}, {0, 5}, {1, 6}, {2, 7}, {3, 8}, {4, 9}}, 6},
	{"Heawood", 14, cycle(14, 5, -5), 8},
	{"Möbius-Kantor", 16, cycle(16, 5, -5), 9},
	{"Pappus", 18, cycle(18, 5, 7, -7, 7, -7, -5), 10},
	{"dodecahedrane", 20, cycle(20, 10, 7, 4, -4, -7, 10, -4, 7, -7, 4), 11},
	{"Desargues", 20, cycle(20, 5, -5, 9, -9), 11},
	{"buckminsterfullerene", 60, buckminsterfullerene(), 31},
}

func TestCanonicalOfSymmetricGraphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	seen := map[string]string{}
	for _, g := range symmetric {
		want := ""
		for k := range 8 {
			m := skeleton(t, g.atoms, g.bonds, rng)
			if n := len(m.Bonds) - len(m.Atoms) + 1; n != g.rings {
				t.Fatalf("%s has %d independent rings, want %d", g.name, n, g.rings)
			}
			got := m.CanonicalSMILES()
			if k == 0 {
				want = got
			}
			if got != want {
				t.Errorf("%s: %s and %s", g.name, want, got)
			}
		}
		if other := seen[want]; other != "" {
			t.Errorf("%s and %s: both %s", g.name, other, want)
		}
		seen[want] = g.name
	}
}

// TestCanonicalTellsApart compares molecules whose atoms have the same neighbourhoods at any distance.
func TestCanonicalTellsApart(t *testing.T) {
	for _, pair := range [][2]string{
		{"C1CCC2CCCCC2C1", "C1CCC(C1)C1CCCC1"},
		{"C1CC1.C1CC1", "C1CCCCC1"},
	} {
		a, b := mustParse(t, pair[0]).CanonicalSMILES(), mustParse(t, pair[1]).CanonicalSMILES()
		if a == b {
			t.Errorf("%s and %s: both %s", pair[0], pair[1], a)
		}
	}
}

// TestCanonicalProperty writes random molecules in random orders.
func TestCanonicalProperty(t *testing.T) {
	pieces := []string{"C", "C", "C", "N", "O", "c1ccccc1", "C(=O)O", "C(F)(F)F", "C1CC1", "[N+](=O)[O-]", "S(=O)(=O)C", "C2CCC(CC2)", "Cl", "c1ncc[nH]1"}
	rapid.Check(t, func(t *rapid.T) {
		s := ""
		for range rapid.IntRange(1, 12).Draw(t, "pieces") {
			switch piece := rapid.SampledFrom(pieces).Draw(t, "piece"); rapid.IntRange(0, 3).Draw(t, "join") {
			case 0:
				s = "C(" + piece + ")(" + s + "C)"
			case 1:
				s = "N(" + piece + ")" + s + "C"
			case 2:
				s = "C" + s + "." + piece
			default:
				s = "C(" + s + "C)C" + piece
			}
		}
		m, err := ParseSMILES(s)
		if err != nil {
			t.Skip(err)
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		text := shuffledSMILES(m, rng)
		o, err := ParseSMILES(text)
		if err != nil {
			t.Fatalf("%s, shuffled %s: %v", s, text, err)
		}
		if a, b := m.CanonicalSMILES(), o.CanonicalSMILES(); a != b {
			t.Fatalf("%s gives %s, shuffled %s gives %s", s, a, text, b)
		}
		if a, b := m.Formula(), o.Formula(); a != b {
			t.Fatalf("%s is %s, shuffled %s is %s", s, a, text, b)
		}
		if a, b := countAromatic(m), countAromatic(o); a != b {
			t.Fatalf("%s has %d aromatic atoms, shuffled %s has %d", s, a, text, b)
		}
	})
}
