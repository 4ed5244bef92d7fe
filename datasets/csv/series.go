package csv

import (
	"iter"
	"math"
)

// series is a sequence of numbers that grows without being copied. A block of numbers that are written with few digits, as in most tables, takes four bytes
// for each instead of eight. NaN is a missing value.
type series struct {
	full []numberBlock
	last numberBlock
}

// numberBlock holds up to blockSize numbers: small[i] / 10^digits, which is the float64 nearest to the decimal, or else wide[i].
type numberBlock struct {
	digits uint8
	small  []int32
	wide   []float64
}

// missingSmall stands for NaN, and maxSmall is the greatest magnitude of the others.
const missingSmall, maxSmall = math.MinInt32, math.MaxInt32

// powers are the powers of ten that float64 holds exactly and that fit an int64.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

var integerPowers = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

func (b *numberBlock) len() int { return len(b.small) + len(b.wide) }

func (b *numberBlock) at(i int) float64 {
	if b.wide != nil {
		return b.wide[i]
	}
	if m := b.small[i]; m != missingSmall {
		return float64(m) / powers[b.digits]
	}
	return nan
}

// widen stores the numbers of a block as float64.
func (b *numberBlock) widen() {
	wide := make([]float64, len(b.small), cap(b.small))
	for i := range b.small {
		wide[i] = b.at(i)
	}
	b.wide, b.small = wide, nil
}

// fit makes room for a decimal with so many digits behind the point, and returns the factor of its mantissa. ok is false if the block cannot hold it as a small one.
func (b *numberBlock) fit(mantissa int64, digits int) (factor int64, ok bool) {
	if digits == int(b.digits) {
		return 1, mantissa <= maxSmall && mantissa >= -maxSmall
	}
	if digits > 9 {
		return 0, false
	}
	if have := int(b.digits); digits <= have {
		factor = integerPowers[have-digits]
		return factor, mantissa <= maxSmall/factor && mantissa >= -maxSmall/factor
	}
	if mantissa > maxSmall || mantissa < -maxSmall {
		return 0, false
	}
	more := integerPowers[digits-int(b.digits)]
	for _, m := range b.small {
		if m := int64(m) * more; m != missingSmall*more && (m > maxSmall || m < -maxSmall) {
			return 0, false
		}
	}
	for i, m := range b.small {
		if m != missingSmall {
			b.small[i] = int32(int64(m) * more)
		}
	}
	b.digits = uint8(digits)
	return 1, true
}

func (n *series) len() int { return len(n.full)*blockSize + n.last.len() }

// next makes room for a number.
func (n *series) next() *numberBlock {
	if n.last.len() == blockSize {
		n.full = append(n.full, n.last)
		n.last = numberBlock{small: make([]int32, 0, blockSize)}
	}
	return &n.last
}

// add adds a number, and returns the memory it takes.
func (n *series) add(v float64) (held int) {
	b := n.next()
	if b.wide == nil {
		if v != v {
			b.small = append(b.small, missingSmall)
			return smallSize
		}
		if v == math.Trunc(v) && math.Abs(v) <= maxSmall && (v != 0 || !math.Signbit(v)) {
			return n.addDecimal(int64(v), 0)
		}
		held = b.widened()
	}
	b.wide = append(b.wide, v)
	return held + numberSize
}

// addDecimal adds the number mantissa / 10^digits, of at most 15 digits, and returns the memory it takes. A zero is positive.
func (n *series) addDecimal(mantissa int64, digits int) (held int) {
	b := n.next()
	if b.wide == nil {
		if factor, ok := b.fit(mantissa, digits); ok {
			b.small = append(b.small, int32(mantissa*factor))
			return smallSize
		}
		held = b.widened()
	}
	b.wide = append(b.wide, float64(mantissa)/powers[digits])
	return held + numberSize
}

// widened widens the block, and returns the memory that this takes.
func (b *numberBlock) widened() int {
	n := len(b.small)
	b.widen()
	return n * (numberSize - smallSize)
}

// at returns number i.
func (n *series) at(i int) float64 {
	if k := i / blockSize; k < len(n.full) {
		return n.full[k].at(i % blockSize)
	}
	return n.last.at(i - len(n.full)*blockSize)
}

// all yields the numbers with their indices.
func (n *series) all() iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		i := 0
		for k := range len(n.full) + 1 {
			block := &n.last
			if k < len(n.full) {
				block = &n.full[k]
			}
			for j := range block.len() {
				if !yield(i, block.at(j)) {
					return
				}
				i++
			}
		}
	}
}
