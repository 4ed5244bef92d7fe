package fingerprint

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// plainECFP computes ECFP with sets of bonds that are texts of zeros and ones.
func plainECFP(m *chem.Mol, radius int) Counts {
	n := len(m.Atoms())
	now, ids := make([]uint32, n), []uint32{}
	sets, alive := make([]string, n), make([]bool, n)
	for i := range now {
		now[i] = connectivity(m, i)
		ids = append(ids, now[i])
		sets[i], alive[i] = strings.Repeat("0", len(m.Bonds())), m.Degree(i) > 0
	}
	join := func(a, b string) string {
		x := []byte(a)
		for k := range b {
			x[k] |= b[k]
		}
		return string(x)
	}
	known := map[string]bool{}
	for round := range radius {
		next, wider := make([]uint32, n), slices.Clone(sets)
		least := map[string]int{}
		g := grower{m: m, now: now}
		for i := range now {
			if !alive[i] {
				continue
			}
			next[i] = g.identify(round, i)
			for _, nb := range m.Neighbors(i) {
				own := []byte(strings.Repeat("0", len(m.Bonds())))
				own[nb.Bond] = '1'
				wider[i] = join(join(wider[i], string(own)), sets[nb.Atom])
			}
			if known[wider[i]] {
				alive[i] = false
				continue
			}
			if k, ok := least[wider[i]]; !ok || next[i] < next[k] {
				if ok {
					alive[k] = false
				}
				least[wider[i]] = i
			} else {
				alive[i] = false
			}
		}
		for set, i := range least {
			known[set] = true
			ids = append(ids, next[i])
		}
		now, sets = next, wider
	}
	return tally(ids)
}

// TestEnvironments: lists of bonds and bit sets give the identifiers of plain sets.
func TestEnvironments(t *testing.T) {
	texts := append(slices.Clone(chemtest.Mixed), strings.Repeat("C", 200), "C1"+strings.Repeat("CO", 90)+"C1", "[U]"+strings.Repeat("(CO)", 60)+"C")
	for n := 2; n < 40; n += 7 {
		texts = append(texts, "[U]"+strings.Repeat("1(CCNCO1)", n)+"C", strings.Repeat("C(O)(N)", n)+"C")
	}
	for _, s := range texts {
		m := chemtest.Mol(t, s)
		for _, radius := range []int{1, 3, 6} {
			if got, want := ECFP(m, radius), plainECFP(m, radius); !slices.Equal(got, want) {
				t.Errorf("%s, radius %d: %v, want %v", s, radius, got, want)
			}
		}
	}
}

// TestHubMemory: in a molecule of an atom with thousands of branches each environment holds nearly all bonds, in little memory.
func TestHubMemory(t *testing.T) {
	m := chemtest.Mol(t, "[U]"+strings.Repeat("(CCO)", 3000)+"C")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	ECFP(m, 3)
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 100 {
		t.Errorf("%d MB allocated", got)
	}
}
