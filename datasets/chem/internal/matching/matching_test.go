package matching

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/graph"
)

// canPair reports whether the atoms in need can be paired along the bonds, by trying everything. Atoms that may stay
// single are tried both ways.
func canPair(g *graph.Graph, needs []int32, usable []bool) bool {
	for i, need := range needs {
		if need != Always {
			continue
		}
		needs[i] = Never
		for _, n := range g.Neighbors(int32(i)) {
			if other := needs[n.Atom]; other != Never && usable[n.Bond] {
				needs[n.Atom] = Never
				ok := canPair(g, needs, usable)
				needs[n.Atom] = other
				if ok {
					needs[i] = Always
					return true
				}
			}
		}
		needs[i] = Always
		return false
	}
	return true
}

// randomGraph has atoms of up to three neighbours, so odd cycles abound.
func randomGraph(rng *rand.Rand) (g graph.Graph, ends [][2]int32) {
	n := 4 + rng.IntN(13)
	neighbors := make([][]graph.Neighbor, n)
	for range 2 * n {
		a, b := rng.IntN(n), rng.IntN(n)
		if a != b && len(neighbors[a]) < 3 && len(neighbors[b]) < 3 {
			k := int32(len(ends))
			neighbors[a] = append(neighbors[a], graph.Neighbor{Atom: int32(b), Bond: k})
			neighbors[b] = append(neighbors[b], graph.Neighbor{Atom: int32(a), Bond: k})
			ends = append(ends, [2]int32{int32(a), int32(b)})
		}
	}
	g.First = []int32{0}
	for _, list := range neighbors {
		g.Ends = append(g.Ends, list...)
		g.First = append(g.First, int32(len(g.Ends)))
	}
	return g, ends
}

// TestFind compares with the exhaustive search on random graphs.
func TestFind(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	var pairs Matching
	possible := 0
	for range 3000 {
		g, ends := randomGraph(rng)
		needs, usable := make([]int32, g.Len()), make([]bool, len(ends))
		for i := range needs {
			needs[i] = [...]int32{Never, Maybe, Always, Always, Always, Always, Always, Always}[rng.IntN(8)]
		}
		for k, e := range ends {
			usable[k] = needs[e[0]] != Never && needs[e[1]] != Never
		}
		failed := pairs.Find(&g, needs, usable)
		if got, want := failed < 0, canPair(&g, needs, usable); got != want {
			t.Fatalf("bonds %v, in need %v: paired %v, want %v", ends, needs, got, want)
		}
		if failed >= 0 {
			if needs[failed] != Always {
				t.Fatalf("bonds %v: atom %d failed, but its need is %d", ends, failed, needs[failed])
			}
			continue
		}
		possible++
		for i, mate := range pairs.Mate {
			if needs[i] == Always && mate < 0 || mate >= 0 && (pairs.Mate[mate] != int32(i) || g.Between(int32(i), mate) < 0) {
				t.Fatalf("bonds %v: atom %d is paired with %d", ends, i, mate)
			}
		}
		pairs.Release()
	}
	if possible < 100 {
		t.Errorf("only %d of the graphs could be paired", possible)
	}
}
