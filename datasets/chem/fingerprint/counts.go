// Package fingerprint counts the substructures of molecules: circular environments (ECFP, FCFP), atom pairs and MACCS
// keys.
package fingerprint

import (
	"slices"

	"github.com/pkg/errors"
)

// Count is an identifier of a fingerprint and its number of occurrences.
type Count struct {
	ID uint32
	N  int32
}

// Counts is a fingerprint, a sparse count vector over 32-bit identifiers: sorted by ID, each ID once, all counts above 0.
type Counts []Count

// maxFold limits the length of a folded fingerprint.
const maxFold = 1 << 26

// Total is the sum of all counts.
func (f Counts) Total() int {
	n := 0
	for _, c := range f {
		n += int(c.N)
	}
	return n
}

// N returns the count of id, which is 0 if the fingerprint does not contain it.
func (f Counts) N(id uint32) int32 {
	i, ok := slices.BinarySearchFunc(f, id, func(c Count, id uint32) int {
		switch {
		case c.ID < id:
			return -1
		case c.ID > id:
			return 1
		}
		return 0
	})
	if !ok {
		return 0
	}
	return f[i].N
}

// Fold adds the counts into a vector of the given length, identifier i at index i mod bits, so the total stays the same. It returns an
// error if bits is not between 1 and 2^26.
func (f Counts) Fold(bits int) ([]int32, error) {
	if bits < 1 || bits > maxFold {
		return nil, errors.Errorf("fingerprint: fold to %d bits, want 1 to %d", bits, maxFold)
	}
	v := make([]int32, bits)
	for _, c := range f {
		v[uint64(c.ID)%uint64(bits)] += c.N
	}
	return v, nil
}

// Tanimoto is the number of identifiers in both a and b divided by the number in either of them, in [0, 1]. It ignores the counts. For two
// empty fingerprints it is 0, as in RDKit.
func Tanimoto(a, b Counts) float64 {
	common, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i].ID < b[j].ID:
			i++
		case a[i].ID > b[j].ID:
			j++
		default:
			common++
			i++
			j++
		}
	}
	either := len(a) + len(b) - common
	if either == 0 {
		return 0
	}
	return float64(common) / float64(either)
}

// tally sorts ids in place and counts equal ones.
func tally(ids []uint32) Counts {
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	distinct := 0
	for i := range ids {
		if i == 0 || ids[i] != ids[i-1] {
			distinct++
		}
	}
	f := make(Counts, 0, distinct)
	for i := range ids {
		if i == 0 || ids[i] != ids[i-1] {
			f = append(f, Count{ID: ids[i]})
		}
		f[len(f)-1].N++
	}
	return f
}
