package smarts

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// quickSources are the readable patterns of RDKit's table, some twice, and some whose quick search gives up.
func quickSources(t *testing.T) (sources []string, mols []*chem.Mol) {
	f, err := os.Open("testdata/rdkit_smarts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		if _, err := Parse(row[0]); err == nil {
			sources = append(sources, row[0])
		}
		if !seen[row[1]] {
			seen[row[1]] = true
			mols = append(mols, chemtest.Mol(t, row[1]))
		}
	}
	return append(sources, "", "*~*~*~*~*~*~*~*", "[CH3].[CH3].N", "[!$(*~*~*~*~*1~*~*~*~1);!$(C.N)]~[$(*~[$(*~*~N)]~*)]"), mols
}

// TestQuickSearches: patterns in a library give the same as each alone, by the search with an allowance, whatever was looked for before.
func TestQuickSearches(t *testing.T) {
	sources, mols := quickSources(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		mols = append(mols, randomHubs(t, rng))
		if m, err := chem.New(chemtest.OddSystem(rng)); err == nil {
			mols = append(mols, m)
		}
	}
	together, used := MustParseAll(sources), new(Target)
	for _, at := range rng.Perm(len(mols)) {
		m := mols[at]
		used.Reset(m)
		for _, k := range rng.Perm(len(sources))[:40] {
			p, alone := together[k], mustPattern(t, sources[k])
			target := NewTarget(m)
			want := len(target.distinct(alone)) / max(1, len(alone.atoms))
			if target.Exhausted() {
				continue
			}
			if n := used.Count(p); n != want {
				t.Fatalf("%s in %s: %d matches, want %d", p, m.Formula(), n, want)
			}
			if most := rng.IntN(12); used.Exceeds(p, most) != (want > most) {
				t.Fatalf("%s in %s: Exceeds %d is wrong, there are %d", p, m.Formula(), most, want)
			}
			if used.Match(p) != (want > 0) {
				t.Fatalf("%s in %s: Match is wrong", p, m.Formula())
			}
			var atoms []int32
			for i := range rng.Perm(len(m.Atoms())) {
				atoms = append(atoms, int32(i))
			}
			n := used.Split(p, atoms)
			for at, i := range atoms {
				if target.MatchAt(alone, int(i)) != (at < n) {
					t.Fatalf("%s in %s: Split moves %v", p, m.Formula(), atoms[:n])
				}
			}
			for i := range m.Atoms() {
				if used.MatchAt(p, i) != target.MatchAt(alone, i) {
					t.Fatalf("%s at %d in %s: MatchAt is wrong", p, i, m.Formula())
				}
			}
		}
	}
}

// TestQuickSearchGivesUp: a library does not get around the limit of work.
func TestQuickSearchGivesUp(t *testing.T) {
	cycle := "*1~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*~*~1" // odd, so there is none
	patterns := MustParseAll([]string{cycle, "[!$(" + cycle + ")]", "[#0D24]"})
	target := NewTarget(chemtest.Mol(t, completeBipartite(24)))
	for _, p := range patterns[:2] {
		if target.Match(p) || target.Count(p) > 0 || target.MatchAt(p, 0) {
			t.Errorf("%s: an unfinished search found something", p)
		}
		if !target.Exhausted() {
			t.Errorf("%s: the search ended early and does not say so", p)
		}
	}
	if n := target.Count(patterns[2]); n != 48 {
		t.Errorf("an ordinary search after it finds %d atoms, want 48", n)
	}
}
