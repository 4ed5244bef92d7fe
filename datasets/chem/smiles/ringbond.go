package smiles

import (
	"fmt"

	"github.com/pkg/errors"
)

// maxRingNumber is the highest ring number, %(99999).
const maxRingNumber = 99_999

// ringBond opens or closes a ring bond: a digit, %nn or %(n) with up to five digits.
func (p *parser) ringBond() error {
	if p.last < 0 || p.afterDot || p.afterOpen {
		return p.fail("ring bond where an atom must stand")
	}
	at := p.at
	number, err := p.ringNumber()
	if err != nil {
		return err
	}
	r := p.ring(number)
	if !r.open {
		*r = ringEnd{atom: p.last, at: int32(at), bond: p.bond, open: true}
		p.openRings++
		p.bond = bondNone
		return nil
	}
	r.open = false
	p.openRings--
	begin, end, kind := r.atom, p.last, r.bond
	if begin == end {
		return p.errorAt(at, fmt.Sprintf("ring bond %d joins an atom with itself", number))
	}
	if kind <= bondDirected && p.bond != bondNone { // given where it closes
		begin, end, kind = end, begin, p.bond
	}
	p.closures = append(p.closures, closure{p.newBond(begin, end, kind), int32(at)})
	p.bond = bondNone
	return nil
}

// ring is the entry of a ring number.
func (p *parser) ring(number int32) *ringEnd {
	if int(number) < len(p.near) {
		return &p.near[number]
	}
	r := p.far[number]
	if r == nil {
		if p.far == nil {
			p.far = map[int32]*ringEnd{}
		}
		r = new(ringEnd)
		p.far[number] = r
	}
	return r
}

func (p *parser) ringNumber() (int32, error) {
	if c := p.text[p.at]; c != '%' {
		p.at++
		return int32(c - '0'), nil
	}
	at := p.at
	p.at++
	if p.peek() == '(' {
		p.at++
		n, digits := p.number()
		if digits == 0 || n > maxRingNumber || p.peek() != ')' {
			return 0, p.errorAt(at, "expected %(n) with one to five digits")
		}
		p.at++
		return int32(n), nil
	}
	if p.at+1 >= len(p.text) || !isDigit(p.text[p.at]) || !isDigit(p.text[p.at+1]) || p.text[p.at] == '0' {
		return 0, p.errorAt(at, "expected two digits from 10 to 99 after %")
	}
	n := int32(p.text[p.at]-'0')*10 + int32(p.text[p.at+1]-'0')
	p.at += 2
	return n, nil
}

// unclosedRing complains about the first ring bond that is still open.
func (p *parser) unclosedRing() error {
	number, first := int32(-1), ringEnd{at: int32(len(p.text))}
	for k := range p.near {
		if r := &p.near[k]; r.open && r.at < first.at {
			number, first = int32(k), *r
		}
	}
	for k, r := range p.far {
		if r.open && r.at < first.at {
			number, first = k, *r
		}
	}
	return p.errorAt(int(first.at), fmt.Sprintf("ring bond %d is never closed", number))
}

// repeatedClosure is the error of the first ring bond between two atoms that are bonded already.
func (p *parser) repeatedClosure() error {
	bonds := make(map[[2]int32]int, len(p.bonds))
	for _, b := range p.bonds {
		bonds[[2]int32{min(b.Begin, b.End), max(b.Begin, b.End)}]++
	}
	for _, c := range p.closures {
		if bonds[[2]int32{min(c.bond.Begin, c.bond.End), max(c.bond.Begin, c.bond.End)}] > 1 {
			return p.errorAt(int(c.at), "ring bond between two atoms that are bonded already")
		}
	}
	return errors.New("smiles: two bonds between the same atoms") // no text gives that without a ring bond
}
