package chem

// Pattern is a parsed SMARTS query. It is read-only and may be used from several goroutines.
type Pattern struct {
	source string
	starts typeSet     // types of the atoms that the first one can match
	atoms  []queryAtom // in the order of the text: each but the first, and those behind a dot, is bonded to an earlier one
}

// queryAtom is one atom of a pattern.
type queryAtom struct {
	test    *atomTest
	parent  int // the earlier atom it is bonded to; -1 for none
	bond    bondTest
	closing []queryClosure
}

// queryClosure is a bond to an earlier atom besides the parent.
type queryClosure struct {
	atom int
	bond bondTest
}

// maxEmbeddings is where the search for matches ends, as in RDKit; symmetric patterns in large molecules have
// astronomical numbers of them.
const maxEmbeddings = 1000

// String returns the SMARTS the pattern was parsed from.
func (p *Pattern) String() string { return p.source }

// NumAtoms is the number of atoms of the pattern.
func (p *Pattern) NumAtoms() int { return len(p.atoms) }

// Match reports whether the pattern occurs in m. An empty pattern occurs nowhere.
func (p *Pattern) Match(m *Mol) bool { return p.match(newTarget(m)) }

// Matches returns the places where the pattern occurs in m, each as the atoms of m in the order of the pattern's
// atoms. Of several matches with the same set of atoms only the first is returned. The search ends after 1,000
// embeddings, counted before equal sets are dropped.
func (p *Pattern) Matches(m *Mol) [][]int {
	t := newTarget(m)
	flat := t.distinct(p)
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

// Count is the number of matches that Matches returns.
func (p *Pattern) Count(m *Mol) int { return p.count(newTarget(m)) }

func (p *Pattern) match(t *target) bool {
	for i := range t.m.Atoms {
		if t.matchAt(p, int32(i)) {
			return true
		}
	}
	return false
}

func (p *Pattern) count(t *target) int {
	return len(t.distinct(p)) / max(len(p.atoms), 1)
}
