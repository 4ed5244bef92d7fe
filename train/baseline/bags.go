package baseline

import "github.com/pkg/errors"

// Bags are rows of counts by identifier, such as the substructures of molecules, in compressed rows: row i has the counts N[k] of the
// identifiers ID[k], which ascend, for k from Start[i] to Start[i+1]-1. Start begins with 0 and ends with the number of counts.
type Bags struct {
	Start []int
	ID    []uint32
	N     []uint16
}

// Append adds a row. Counts of 0 are left out, and those above 65535 become that. add gives the identifiers in ascending order.
func (b *Bags) Append(add func(yield func(id uint32, n int) bool)) {
	if b == nil {
		return
	}
	if len(b.Start) == 0 {
		b.Start = []int{0}
	}
	if add != nil {
		add(func(id uint32, n int) bool {
			if n > 0 {
				b.ID, b.N = append(b.ID, id), append(b.N, uint16(min(n, 1<<16-1)))
			}
			return true
		})
	}
	b.Start = append(b.Start, len(b.ID))
}

// Rows returns the number of rows.
func (b Bags) Rows() int { return max(0, len(b.Start)-1) }

// check returns an error unless the rows are as described.
func (b Bags) check() error {
	if len(b.Start) == 0 && len(b.ID)+len(b.N) == 0 {
		return nil
	}
	if len(b.Start) == 0 || b.Start[0] != 0 || b.Start[len(b.Start)-1] != len(b.ID) || len(b.ID) != len(b.N) {
		return errors.Errorf("%d identifiers and %d counts of %d rows", len(b.ID), len(b.N), b.Rows())
	}
	for i := range b.Rows() {
		lo, hi := b.Start[i], b.Start[i+1]
		if lo > hi || hi > len(b.ID) {
			return errors.Errorf("row %d runs from %d to %d", i, lo, hi)
		}
		for k := lo; k < hi; k++ {
			if k > lo && b.ID[k] <= b.ID[k-1] || b.N[k] == 0 {
				return errors.Errorf("row %d: identifier %d with the count %d is out of order, or the count is 0", i, b.ID[k], b.N[k])
			}
		}
	}
	return nil
}

// total returns the sum of the counts of a row.
func (b Bags) total(i int) (sum int32) {
	for _, n := range b.N[b.Start[i]:b.Start[i+1]] {
		sum += int32(n)
	}
	return sum
}

// posting is a row that has an identifier.
type posting struct {
	row int32
	n   int32
}

// index returns the rows that have each identifier, and the sum of the counts of each row.
func (b Bags) index() (postings map[uint32][]posting, totals []int32) {
	postings = map[uint32][]posting{}
	for i := range b.Rows() {
		for k := b.Start[i]; k < b.Start[i+1]; k++ {
			postings[b.ID[k]] = append(postings[b.ID[k]], posting{int32(i), int32(b.N[k])})
		}
		totals = append(totals, b.total(i))
	}
	return postings, totals
}

// commonCounts sets common to the sums of the lesser counts of row i of some bags and each row of an index.
func commonCounts(common []int32, postings map[uint32][]posting, bags Bags, i int) {
	clear(common)
	for k := bags.Start[i]; k < bags.Start[i+1]; k++ {
		n := int32(bags.N[k])
		for _, p := range postings[bags.ID[k]] {
			common[p.row] += min(n, p.n)
		}
	}
}
