package smarts

import (
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// bondTest is the set of bond codes that satisfy a bond expression, one bit each.
type bondTest uint16

// bondCode numbers the kinds of bonds that SMARTS distinguishes: the type, plus 8 in a ring. The triple bond of benzyne
// stays one, as in RDKit.
func bondCode(b *chem.Bond) uint8 {
	code := min(b.Order, 4)
	if b.Aromatic && b.Order < 3 {
		code = 5
	}
	if b.InRing {
		code += 8
	}
	return code
}

const (
	matchSingle   bondTest = 1<<1 | 1<<9
	matchDouble   bondTest = 1<<2 | 1<<10
	matchTriple   bondTest = 1<<3 | 1<<11
	matchFourfold bondTest = 1<<4 | 1<<12
	matchAromatic bondTest = 1<<5 | 1<<13
	matchInRing   bondTest = 0xff00
	matchAny      bondTest = 0xffff
	matchDefault           = matchSingle | matchAromatic
)

func (b bondTest) holds(code uint8) bool { return b>>code&1 != 0 }

// bond reads a bond expression, if there is one.
func (p *parser) bond() (b bondTest, given bool, err error) {
	if !strings.ContainsRune("-=#$:~@/\\!", rune(p.peek())) {
		return 0, false, nil
	}
	b, err = p.bondLow()
	return b, true, err
}

func (p *parser) bondLow() (bondTest, error) {
	all := matchAny
	for {
		b, err := p.bondOr()
		if err != nil {
			return 0, err
		}
		all &= b
		if !p.accept(';') {
			return all, nil
		}
	}
}

func (p *parser) bondOr() (bondTest, error) {
	var some bondTest
	for {
		b, err := p.bondAnd()
		if err != nil {
			return 0, err
		}
		some |= b
		if !p.accept(',') {
			return some, nil
		}
	}
}

// bondAnd reads primitives that are joined by & or by nothing.
func (p *parser) bondAnd() (bondTest, error) {
	all := matchAny
	for {
		negate := false
		for p.accept('!') {
			negate = !negate
		}
		b, ok := bondSymbol(p.peek())
		if !ok {
			return 0, p.fail(p.pos, "want a bond")
		}
		if c := p.peek(); c == '/' || c == '\\' {
			p.pos++
			p.accept('?') // or unspecified
		} else {
			p.pos++
		}
		if negate {
			b = ^b
		}
		all &= b
		if c := p.peek(); c != '!' && !p.accept('&') {
			if _, more := bondSymbol(c); !more {
				return all, nil
			}
		}
	}
}

func bondSymbol(c byte) (bondTest, bool) {
	switch c {
	case '-', '/', '\\':
		return matchSingle, true
	case '=':
		return matchDouble, true
	case '#':
		return matchTriple, true
	case '$':
		return matchFourfold, true
	case ':':
		return matchAromatic, true
	case '@':
		return matchInRing, true
	case '~':
		return matchAny, true
	}
	return 0, false
}
