package fingerprint

import (
	"strings"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// MACCS returns the public MACCS keys of a molecule, numbers 1 to 166, as a fingerprint whose identifiers are the keys
// that are set, each with count 1. The definitions are RDKit's; key 1 (isotope) is never set.
func MACCS(m *chem.Mol) Counts {
	var set [167]bool
	t := maccsTargets.Get().(*smarts.Target)
	defer maccsTargets.Put(t)
	t.Reset(m)
	for i := range m.Atoms() {
		number := m.Atoms()[i].Number
		set[maccsElements[number]] = true
		set[134] = set[134] || number == 9 || number == 17 || number == 35 || number == 53
	}
	all := maccsPatterns()
	for k, p := range all[:len(maccsSMARTS)] {
		s := &maccsSMARTS[k]
		if s.over == 0 {
			set[s.key] = t.Match(p)
		} else {
			set[s.key] = t.Exceeds(p, s.over)
		}
	}
	set[101] = hasLargeRing(m, t, all[len(maccsSMARTS):])
	aromatic := 0
	for _, r := range topology.Rings(m) {
		if r.Aromatic {
			aromatic++
		}
	}
	set[125] = aromatic > 1
	set[166] = len(m.Components()) > 1

	var keys Counts
	for key := 1; key < len(set); key++ {
		if set[key] {
			keys = append(keys, Count{uint32(key), 1})
		}
	}
	return keys
}

// maccsTargets are for reuse.
var maccsTargets = sync.Pool{New: func() any { return new(smarts.Target) }}

// maccsPatterns are those of maccsSMARTS, and behind them cycles of 8 to 14 ring bonds.
var maccsPatterns = sync.OnceValue(func() []*smarts.Pattern {
	sources := make([]string, len(maccsSMARTS))
	for k := range maccsSMARTS {
		sources[k] = maccsSMARTS[k].smarts
	}
	for size := leastLarge; size <= mostLarge; size++ {
		sources = append(sources, "[R]1"+strings.Repeat("@[R]", size-1)+"@1")
	}
	return smarts.MustParseAll(sources)
})

// maccsElements is the key of an element, by atomic number; 0 for none.
var maccsElements = func() (keys [256]uint8) {
	for key, numbers := range map[uint8][]uint8{
		2: {104}, 3: {32, 33, 34, 50, 51, 52, 82, 83, 84}, 5: {21, 22, 39, 40, 72}, 7: {23, 24, 25, 41, 42, 43, 73, 74, 75},
		9: {26, 27, 28, 44, 45, 46, 76, 77, 78}, 10: {4, 12, 20, 38, 56, 88}, 12: {29, 30, 47, 48, 79, 80},
		18: {5, 13, 31, 49, 81}, 27: {53}, 29: {15}, 35: {3, 11, 19, 37, 55, 87}, 42: {9}, 46: {35}, 88: {16}, 103: {17},
	} {
		for _, number := range numbers {
			keys[number] = key
		}
	}
	for number := range uint8(15) { // lanthanides and actinides
		keys[57+number], keys[89+number] = 6, 4
	}
	return keys
}()
