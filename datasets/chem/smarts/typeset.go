package smarts

import (
	"math/bits"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
)

// typeSet is a set of atom types.
type typeSet [8]uint64

var allTypes = func() (s typeSet) {
	for number := range int16(element.Max + 1) {
		s.add(number)
		s.add(number + 256)
	}
	return s
}()

// typesWith returns the types of atoms that have a fact, if the type decides that.
func typesWith(fact uint8, value int16) (s typeSet, ok bool) {
	for kind := range int16(512) {
		var of int16
		switch fact {
		case factType:
			of = kind
		case factNumber:
			of = kind & 0xff
		case factAromatic:
			of = kind >> 8
		default:
			return s, false
		}
		if of == value && allTypes.has(kind) {
			s.add(kind)
		}
	}
	return s, true
}

func (s *typeSet) add(kind int16) { s[kind>>6] |= 1 << (kind & 63) }

func (s *typeSet) has(kind int16) bool { return s[kind>>6]>>(kind&63)&1 != 0 }

func (s typeSet) meets(other *typeSet) bool { return s.and(*other) != typeSet{} }

func (s typeSet) and(other typeSet) typeSet {
	for k := range s {
		s[k] &= other[k]
	}
	return s
}

func (s typeSet) or(other typeSet) typeSet {
	for k := range s {
		s[k] |= other[k]
	}
	return s
}

func (s typeSet) without(other typeSet) typeSet {
	for k := range s {
		s[k] &^= other[k]
	}
	return s
}

// kindSet is a coarse set of atom types: types with the same kind share a bit.
type kindSet uint64

const everyKind = ^kindSet(0)

// kindOf numbers the types so that those of common elements have a kind of their own.
func kindOf(kind int16) int {
	common := [...]uint8{6, 7, 8, 16, 9, 17, 35, 53, 15, 5, 14, 34}
	if at := slices.Index(common[:], uint8(kind)); at >= 0 {
		return at + len(common)*int(kind>>8)
	}
	const shared = 64 - 2*len(common)
	return 2*len(common) + int(kind&0xff)%shared
}

var kinds = func() (of [512]kindSet) {
	for kind := range of {
		of[kind] = 1 << kindOf(int16(kind))
	}
	return of
}()

// kindsOf returns the kinds of types; every kind for all types.
func kindsOf(types *typeSet) (s kindSet) {
	if *types == allTypes {
		return everyKind
	}
	for k, word := range types {
		for ; word != 0; word &= word - 1 {
			s |= kinds[64*k+bits.TrailingZeros64(word)]
		}
	}
	return s
}
