package train

import (
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/train/data"
)

// order returns a function that returns the rows of batch k of the epoch. They are valid until the call after the next one, since one
// batch is computed while another is gathered.
func (r *run) order() (rows func(k int) ([]int, error), err error) {
	n := r.data.Len()
	if s, ok := r.data.(data.Streamed); ok {
		var now, before []int
		return func(k int) ([]int, error) {
			from, to := span(n, r.Batch, k)
			now, before = append(before[:0], make([]int, to-from)...), now
			return now, data.Sequence(s, r.Seed, r.state.Epoch, from, now)
		}, nil
	}
	var all []int
	if o, ok := r.data.(data.Ordered); ok {
		if all, err = data.Order(o, r.Seed, r.state.Epoch); err != nil {
			return nil, err
		}
	} else {
		all = rand.New(rand.NewPCG(r.Seed, uint64(r.state.Epoch))).Perm(n)
	}
	return func(k int) ([]int, error) {
		from, to := span(n, r.Batch, k)
		return all[from:to], nil
	}, nil
}

// batches returns the number of batches of n rows. The last one is shorter; a last batch of a single row, which has no batch statistics,
// joins the one before it.
func batches(n, size int) int {
	k := (n-1)/size + 1
	if k > 1 && size > 1 && n-(k-1)*size == 1 {
		k--
	}
	return k
}

// span returns the bounds of batch k of n rows.
func span(n, size, k int) (from, to int) {
	if k == batches(n, size)-1 {
		return k * size, n
	}
	return k * size, (k + 1) * size
}
