// Package smarts finds substructures of molecules by queries in the SMARTS language.
package smarts

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Pattern is a parsed SMARTS query. It never changes, and several goroutines may use it. A nil *Pattern and the zero Pattern never match.
type Pattern struct {
	source string
	atoms  []queryAtom // in the order of the text: each but the first, and those behind a dot, is bonded to an earlier one
	deep   bool        // some atom has $(...)
	dots   bool

	// For the patterns of a library; nil for patterns that were parsed alone.
	library *library
	places  []quickAtom // by atom
	needs   []int32     // the expressions of the atoms, rare ones first
	kinds   []kindSet   // what atoms these can be
	rotates bool        // a ring of equal atoms and bonds
}

// queryAtom is one atom of a pattern.
type queryAtom struct {
	test    *atomTest
	parent  int // the earlier atom it is bonded to; -1 for none
	bond    bondTest
	closing []queryClosure
	types   typeSet // of the atoms that it can match
	weight  int     // of the test
}

// queryClosure is a bond to an earlier atom other than the parent.
type queryClosure struct {
	atom int
	bond bondTest
}

// maxEmbeddings is where the search for matches ends, as in RDKit; symmetric patterns in large molecules have
// astronomical numbers of them.
const maxEmbeddings = 1000

// MustParse is Parse for patterns that are part of a program; it panics with the error of Parse.
func MustParse(s string) *Pattern {
	p, err := Parse(s)
	if err != nil {
		panic(fmt.Sprintf("smarts: MustParse: %v", err))
	}
	return p
}

// MustParseAll is MustParse for several patterns. A [Target] looks only once for common parts, so searches for them in molecules of up to
// 64 atoms take a fraction of the time of patterns that are parsed one by one.
func MustParseAll(sources []string) []*Pattern {
	patterns := make([]*Pattern, len(sources))
	for k, s := range sources {
		patterns[k] = MustParse(s)
	}
	join(patterns)
	return patterns
}

// String returns the SMARTS from which the pattern was parsed.
func (p *Pattern) String() string {
	if p == nil {
		return ""
	}
	return p.source
}

// NumAtoms is the number of atoms of the pattern.
func (p *Pattern) NumAtoms() int {
	if p == nil {
		return 0
	}
	return len(p.atoms)
}

// Match reports whether the pattern occurs in m. An empty pattern never matches. To search one molecule for many patterns, prepare a
// Target.
func (p *Pattern) Match(m *chem.Mol) bool { return NewTarget(m).Match(p) }

// Count is the number of matches that Matches returns.
func (p *Pattern) Count(m *chem.Mol) int { return NewTarget(m).Count(p) }

// Matches returns the occurrences of the pattern in m, each as the atoms of m in the order of the pattern's atoms. If several matches have
// the same set of atoms, it returns only the first. The search ends after 1,000 embeddings, counted before equal sets are dropped,
// or at the limit of work that Target explains.
func (p *Pattern) Matches(m *chem.Mol) [][]int {
	if p == nil {
		return nil
	}
	flat := NewTarget(m).distinct(p)
	n := len(p.atoms)
	if len(flat) == 0 {
		return nil
	}
	matches := make([][]int, 0, len(flat)/n)
	for ; len(flat) > 0; flat = flat[n:] {
		match := make([]int, n)
		for k := range match {
			match[k] = int(flat[k])
		}
		matches = append(matches, match)
	}
	return matches
}
