package smarts

import (
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

const (
	maxNesting = 32      // how deep $(...) may be nested
	maxLength  = 100_000 // bytes of a text
)

// Parse parses a substructure query in the SMARTS language (Daylight Theory Manual, chapter 4): atom primitives
// * a A, elements, #n, D X H h v R r x, charge and isotope, $(...), bonds - = # $ : ~ @ / \ (the last two mean single),
// the operators ! & , ; on both, branches, ring closures and dots. As in RDKit, r<n> asks for the size of the smallest
// ring, R<n> for the number of rings, and H inside a longer expression for one hydrogen.
//
// Chirality (@ @@ @? and classes such as @TH1) and the direction of / and \ are read and ignored: molecules here have none, and RDKit's
// searches ignore them too unless useChirality is set. Component grouping, reactions and RDKit's extensions (^ d z Z {1-2} -> <-) are errors.
// The error names the column, counted from 1. A pattern has at most 100,000 bytes, with $(...) nested up to 32 deep.
func Parse(s string) (*Pattern, error) {
	if len(s) > maxLength {
		return nil, errors.Errorf("smarts: pattern of %d bytes, at most %d are allowed", len(s), maxLength)
	}
	return parsePattern(s, 0, len(s), 0)
}

// parsePattern parses s[from:to], a whole pattern or what stands in $(...).
func parsePattern(s string, from, to, nesting int) (*Pattern, error) {
	p := parser{source: s, text: s[:to], pos: from, nesting: nesting, last: -1, open: map[int]queryRing{}}
	if err := p.parse(); err != nil {
		return nil, err
	}
	return (&Pattern{source: s[from:to], atoms: p.atoms}).finish(), nil
}

// parser reads one pattern from left to right.
type parser struct {
	source  string
	text    string // source up to the end of the pattern
	pos     int
	nesting int
	atoms   []queryAtom
	last    int   // the atom that the next one is bonded to, -1 at the start and after a dot
	stack   []int // the atoms that open branches started from
	opened  bool  // a branch begins here
	open    map[int]queryRing
}

// queryRing is a ring closure that waits for its second end.
type queryRing struct {
	atom   int
	bond   bondTest // 0 if not given
	column int
}

func (p *parser) fail(pos int, format string, args ...any) error {
	return errors.Errorf("smarts: %q, column %d: "+format, append([]any{p.source, pos + 1}, args...)...)
}

// peek returns the next character, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// accept skips the next character if it is c.
func (p *parser) accept(c byte) bool {
	if p.peek() != c || p.pos >= len(p.text) {
		return false
	}
	p.pos++
	return true
}

// next names the next character in an error.
func (p *parser) next() string {
	for _, r := range p.text[p.pos:] {
		return strconv.QuoteRune(r)
	}
	return "the end"
}

func (p *parser) parse() error {
	for p.pos < len(p.text) {
		if err := p.step(); err != nil {
			return err
		}
	}
	switch {
	case len(p.stack) > 0:
		return p.fail(p.pos, "branch is not closed")
	case len(p.open) > 0:
		first := len(p.text)
		for _, r := range p.open {
			first = min(first, r.column)
		}
		return p.fail(first, "ring closure is not closed")
	case len(p.atoms) > 0 && p.last < 0:
		return p.fail(p.pos, "no atom after the dot")
	}
	return nil
}

// step reads a branch, a dot, or a bond and the atom or ring closure behind it.
func (p *parser) step() error {
	start := p.pos
	switch c := p.peek(); {
	case c == '(':
		if p.last < 0 {
			return p.fail(start, "branch without an atom")
		}
		if p.opened {
			return p.fail(start, "branch where an atom must stand")
		}
		p.pos++
		p.opened = true
		p.stack = append(p.stack, p.last)
		if p.peek() == ')' {
			return p.fail(p.pos, "empty branch")
		}
		return nil
	case c == ')':
		if len(p.stack) == 0 {
			return p.fail(start, "no branch to close")
		}
		if p.last < 0 {
			return p.fail(start, "no atom after the dot")
		}
		p.pos++
		p.last = p.stack[len(p.stack)-1]
		p.stack = p.stack[:len(p.stack)-1]
		return nil
	case c == '.':
		if p.last < 0 {
			return p.fail(start, "dot without an atom before it")
		}
		if p.opened {
			return p.fail(start, "dot where an atom must stand")
		}
		p.pos++
		p.last = -1
		return nil
	}
	bond, given, err := p.bond()
	if err != nil {
		return err
	}
	if given && p.last < 0 {
		return p.fail(start, "bond without an atom before it")
	}
	if c := p.peek(); c >= '0' && c <= '9' || c == '%' {
		return p.ring(bond, given)
	}
	if !given {
		bond = matchDefault
	}
	return p.atom(bond)
}

// atom reads an atom and bonds it to the last one.
func (p *parser) atom(bond bondTest) error {
	test, err := p.atomTest()
	if err != nil {
		return err
	}
	p.atoms = append(p.atoms, queryAtom{test: test, parent: p.last, bond: bond})
	p.last, p.opened = len(p.atoms)-1, false
	return nil
}

// ring reads the number of a ring closure and opens or closes it.
func (p *parser) ring(bond bondTest, given bool) error {
	start := p.pos
	number, err := p.ringNumber()
	if err != nil {
		return err
	}
	if p.last < 0 {
		return p.fail(start, "ring closure without an atom")
	}
	if p.opened {
		return p.fail(start, "ring closure where an atom must stand")
	}
	if !given {
		bond = 0
	}
	first, ok := p.open[number]
	if !ok {
		p.open[number] = queryRing{p.last, bond, start}
		return nil
	}
	delete(p.open, number)
	switch {
	case first.atom == p.last:
		return p.fail(start, "ring closure %d bonds an atom to itself", number)
	case first.bond != 0 && given && first.bond != bond:
		return p.fail(start, "ring closure %d has two different bonds", number)
	case !given:
		bond = first.bond
	}
	if bond == 0 && !given {
		bond = matchDefault
	}
	// A branch may have been left since, so either end can be the later atom.
	early, late := min(first.atom, p.last), max(first.atom, p.last)
	q := &p.atoms[late]
	if q.parent == early || slices.ContainsFunc(q.closing, func(c queryClosure) bool { return c.atom == early }) {
		return p.fail(start, "ring closure %d between two atoms that are bonded already", number)
	}
	q.closing = append(q.closing, queryClosure{early, bond})
	return nil
}

// ringNumber reads 1, %12 or %(123).
func (p *parser) ringNumber() (int, error) {
	start := p.pos
	if !p.accept('%') {
		p.pos++
		return int(p.text[start] - '0'), nil
	}
	if p.accept('(') {
		number, ok := p.number()
		if !ok || !p.accept(')') {
			return 0, p.fail(start, "want a number in parentheses after %%")
		}
		return number, nil
	}
	rest := p.text[p.pos:]
	if len(rest) < 2 || !isDigit(rest[0]) || !isDigit(rest[1]) || rest[0] == '0' {
		return 0, p.fail(start, "want two digits from 10 to 99 after %%")
	}
	p.pos += 2
	return int(rest[0]-'0')*10 + int(rest[1]-'0'), nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// number reads decimal digits, if there are any; it fails above 9999.
func (p *parser) number() (n int, ok bool) {
	start := p.pos
	for isDigit(p.peek()) {
		if n = 10*n + int(p.peek()-'0'); n > 9999 {
			return 0, false
		}
		p.pos++
	}
	return n, p.pos > start
}
