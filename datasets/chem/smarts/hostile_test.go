package smarts

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// completeBipartite is a molecule of n and n wildcards, each bonded to all on the other side.
func completeBipartite(n int) string {
	var s strings.Builder
	for side := range 2 {
		for i := range n {
			if side+i > 0 {
				s.WriteByte('.')
			}
			s.WriteByte('*')
			for j := range n {
				number := i*n + j
				if side == 1 {
					number = j*n + i
				}
				fmt.Fprintf(&s, "%%(%d)", number+10)
			}
		}
	}
	return s.String()
}

// TestSearchEnds: a search that would take years ends, says so, and reports no match that is not there.
func TestSearchEnds(t *testing.T) {
	m := chemtest.Mol(t, completeBipartite(24))
	cycle := "*1" + strings.Repeat("~*", 20) + "~1" // odd, so there is none
	for _, s := range []string{cycle, "*~*~[$(" + cycle + ")]", "*~[!$(" + cycle + ")]", "[!$(" + cycle + ");!$(" + cycle + ")]"} {
		target, p := NewTarget(m), mustPattern(t, s)
		if target.Exhausted() {
			t.Fatal("a new target is exhausted")
		}
		if target.Match(p) || target.Count(p) > 0 || target.MatchAt(p, 0) {
			t.Errorf("%s: an unfinished search found something", s)
		}
		if !target.Exhausted() {
			t.Errorf("%s: the search ended early and does not say so", s)
		}
		if n := target.Count(mustPattern(t, "[#0D24]")); n != 48 {
			t.Errorf("%s: an ordinary search after it finds %d atoms, want 48", s, n)
		}
	}
}

// TestNestedRecursion: patterns nested in $(...) are tried once for each atom, not once for each way to reach it.
func TestNestedRecursion(t *testing.T) {
	target := NewTarget(chemtest.Mol(t, completeBipartite(8)))
	s := "C"
	for range maxNesting - 1 {
		s = "*~[$(" + s + ")]"
	}
	if target.Match(mustPattern(t, s)) || target.Exhausted() {
		t.Errorf("%s: found or given up", s)
	}
}

// TestManySearches: ordinary searches do not add up to the limit.
func TestManySearches(t *testing.T) {
	target := NewTarget(chemtest.Mol(t, strings.Repeat("CCO", 600)))
	p := mustPattern(t, "CCOCCOCCN")
	for range 400 {
		if target.Match(p) {
			t.Fatal("found a nitrogen")
		}
		p.atoms[len(p.atoms)-1].types = allTypes // search, though there is no such atom
	}
	if target.Exhausted() || target.work.pool != poolWork {
		t.Errorf("%d of %d left in the pool", target.work.pool, poolWork)
	}
}

// TestStars: in atoms with thousands of neighbours, the work does not grow with the square of their number.
func TestStars(t *testing.T) {
	for _, arm := range []string{"*", "C", "O", "CO", "C(=O)O", "*(*)*", "CCN"} {
		n := (chem.MaxAtoms - 1) / len(chemtest.Mol(t, arm).Atoms())
		small, large := NewTarget(chemtest.Mol(t, "*"+strings.Repeat("("+arm+")", 40))), NewTarget(chemtest.Mol(t, "*"+strings.Repeat("("+arm+")", n)))
		for _, s := range []string{
			"*~*~*~*~*~*~*", "[#8]~*~*~*~[#8]", "[!#6!#1!H0]~*~*~[!#6!#1!H0]", "*~*(~*)(~*)~N", "*1~*~*~*~*~*~1", "[CH3]~*~*~*~[CH2]~*", "[$(*~*~*~[$(*~*~*~Cl)])]",
		} {
			p := mustPattern(t, s)
			if got, want := large.Match(p), small.Match(p); got != want {
				t.Errorf("%s in %d arms %s: %v, in 40 arms %v", s, n, arm, got, want)
			}
			for i := range chem.MaxAtoms / 40 {
				large.MatchAt(p, i)
			}
			if large.Count(p) > 0 != small.Match(p) {
				t.Errorf("%s in %d arms %s: Count and Match differ", s, n, arm)
			}
		}
		if large.work.pool < poolWork/2 {
			t.Errorf("arms %s: %d of %d left in the pool", arm, large.work.pool, poolWork)
		}
	}
}

// TestTwins compares with searches that do not know which branches are alike.
func TestTwins(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	patterns := []*Pattern{}
	for _, s := range []string{
		"*~*~*~*", "C~*~*~C", "N~*(~C)~C", "[CH3]C", "[CH3]CC[CH3]", "*(~*)(~*)(~*)~*", "C.N", "[CH3].[CH3].N", "*1~*~*~1", "[CH3]~*~*~*~N", "N~C~*~C~N", "C1CC1C",
		"[$(C~*~N)]~*~[$(N~*~C)]", "[$([$(*~N)]~*~*)]",
	} {
		patterns = append(patterns, mustPattern(t, s))
	}
	found := 0
	for range 60 {
		m := randomHubs(t, rng)
		with, without := NewTarget(m), NewTarget(m)
		if with.twins == nil {
			t.Fatal("no twins")
		}
		without.twins = nil
		for _, p := range patterns {
			a, b := with.distinct(p), without.distinct(p)
			if !slices.Equal(a, b) {
				t.Fatalf("%s in %s: matches %v, want %v", p, m.Formula(), a, b)
			}
			found += len(a)
			if with.Match(p) != (len(b) > 0) {
				t.Fatalf("%s in %s: Match is wrong", p, m.Formula())
			}
			for i := range m.Atoms() {
				if with.MatchAt(p, i) != without.MatchAt(p, i) {
					t.Fatalf("%s at %d in %s: MatchAt is wrong", p, i, m.Formula())
				}
			}
		}
	}
	if found == 0 {
		t.Error("nothing was found")
	}
}

// randomHubs joins random arms to a ring and a chain of wildcards.
func randomHubs(t *testing.T, rng *rand.Rand) *chem.Mol {
	arms := []string{"(C)", "(C)", "(N)", "(CC)", "(C(C)C)", "(C(N)C)", "(=C)", "(C2CC2)", "(*(C)(C)C)"}
	var s strings.Builder
	hub := func(text string, n int) {
		s.WriteString(text)
		for range n {
			s.WriteString(arms[rng.IntN(len(arms))])
		}
	}
	hub("*1", 13)
	hub("*", rng.IntN(3))
	hub("*1", rng.IntN(4))
	hub("*", rng.IntN(14))
	if rng.IntN(2) == 0 {
		hub(".*", 12)
	}
	return chemtest.Mol(t, s.String())
}
