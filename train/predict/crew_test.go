package predict

import (
	"slices"
	"testing"
)

// Threads that divide the rows of a call take blocks of a size for which there are programs, and the busiest one does not have many more than its share.
func TestBlocks(t *testing.T) {
	for _, threads := range []int{1, 2, 3, 8, 16, 64} {
		for rows := range 3000 {
			block := blockOf(rows, threads, 1<<22, true)
			if (block > 0) != (threads > 1 && rows/threads >= hidingRows) {
				t.Fatalf("%d rows, %d threads: blocks of %d", rows, threads, block)
			}
			if block == 0 {
				continue
			}
			if block > blockRows || !slices.Contains(sizes, block) {
				t.Fatalf("%d rows, %d threads: blocks of %d", rows, threads, block)
			}
			if most := longest(rows, threads, block); most > rows/threads+blockRows || most > 2*(rows/threads+1) {
				t.Fatalf("%d rows, %d threads, blocks of %d: one has %d rows", rows, threads, block, most)
			}
		}
	}
	for _, c := range []struct {
		rows, threads, weights int
		packed, divided        bool
	}{
		{64, 2, 1 << 14, true, true},   // small networks stay in the cache
		{16, 2, 1 << 14, true, false},  // and are not worth it
		{16, 2, 1 << 22, true, false},  // each thread reads half of the weights
		{32, 2, 1 << 22, false, false}, // which have to be packed
		{200, 2, 1 << 22, false, true},
	} {
		if got := blockOf(c.rows, c.threads, c.weights, c.packed) > 0; got != c.divided {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
