package train

import "testing"

// The batches of an epoch have every row once, in order, and none but the only one has a single row.
func TestBatches(t *testing.T) {
	for n := 1; n < 40; n++ {
		for _, size := range []int{1, 2, 3, 7, 38, 39, 40, maxSteps} {
			at := 0
			for k := range batches(n, size) {
				from, to := span(n, size, k)
				if from != at || to <= from || to-from > size+1 || to-from == 1 && n > 1 && size > 1 {
					t.Errorf("batch %d of %d rows, size %d: %d to %d", k, n, size, from, to)
				}
				at = to
			}
			if at != n {
				t.Errorf("%d rows, size %d: the batches end at %d", n, size, at)
			}
		}
	}
}
