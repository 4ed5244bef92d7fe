package baseline

import (
	"cmp"
	"context"
	"slices"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Neighbours classifies by the classes of the nearest rows in the Euclidean distance. A score is the share of the neighbours that belong to
// the class. If several rows have the same distance, the first counts as the nearest.
type Neighbours struct {
	// K is the number of neighbours. 0 means 5; with fewer rows, all are used.
	K int
}

// Name implements Method.
func (Neighbours) Name() string { return "k nearest neighbours" }

// Fit implements Method. It keeps a copy of the rows.
func (n Neighbours) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	k := cmp.Or(n.K, 5)
	if err := check(ctx, n.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	if err := checkSettings(n.Name(), setting{"K", float64(k)}); err != nil {
		return nil, err
	}
	x.Values = slices.Clone(x.Values)
	return &neighbours{x: x, labels: slices.Clone(labels), classes: classes, k: min(k, x.Rows)}, nil
}

type neighbours struct {
	x       Matrix
	labels  []int
	classes int
	k       int
}

// near is a row and the square of its distance.
type near struct {
	distance float64
	row      int
}

// block is the number of rows whose distances are computed at once.
const block = 64

// Scores implements Classifier.
func (n *neighbours) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(Neighbours{}.Name(), x, n.x.Columns); err != nil {
		return nil, err
	}
	scores := make([]float64, x.Rows*n.classes)
	products := make([]float64, min(block, x.Rows)*n.x.Rows)
	norms, width := rowNorms(n.x), n.x.Columns
	best := make([]near, 0, n.k)
	for lo := 0; lo < x.Rows; lo += block {
		hi := min(lo+block, x.Rows)
		p := kernel.MatMul[float64]{M: hi - lo, K: width, N: n.x.Rows, TransB: true, A: x.Values[lo*width : hi*width], B: n.x.Values, C: products[:(hi-lo)*n.x.Rows]}
		p.Run(nil)
		for i := lo; i < hi; i++ {
			best = n.nearest(x.row(i), products[(i-lo)*n.x.Rows:(i-lo+1)*n.x.Rows], norms, best[:0])
			for _, b := range best {
				scores[i*n.classes+n.labels[b.row]] += 1 / float64(len(best))
			}
		}
	}
	return scores, nil
}

// nearest appends the k nearest rows to best, the nearest first. products are those of row with all rows.
func (n *neighbours) nearest(row, products, norms []float64, best []near) []near {
	own, limit := squaredNorm(row), infinity
	for j, p := range products {
		// The product shows at little cost that most rows are too far away, by more than its rounding errors.
		if size := own + norms[j]; size-2*p > limit+1e-12*size {
			continue
		}
		d := squaredDistance(row, n.x.row(j))
		if d >= limit {
			continue
		}
		if len(best) < n.k {
			best = append(best, near{})
		}
		at := len(best) - 1
		for ; at > 0 && best[at-1].distance > d; at-- {
			best[at] = best[at-1]
		}
		best[at] = near{d, j}
		if len(best) == n.k {
			limit = best[n.k-1].distance
		}
	}
	return best
}

func squaredDistance(a, b []float64) (total float64) {
	for i, v := range a {
		total += (v - b[i]) * (v - b[i])
	}
	return total
}
