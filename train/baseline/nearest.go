package baseline

import (
	"context"
	"math"

	"github.com/pkg/errors"
)

// Rows returns the number of rows that the classifier has kept.
func (s *Similar) Rows() int {
	if s == nil {
		return 0
	}
	return s.bags.Rows()
}

// Labels returns the labels of a kept row, one for each task: 0, 1, or NaN for a missing one. It returns nil for a row that does not exist.
func (s *Similar) Labels(row int) []float32 {
	if row < 0 || row >= s.Rows() {
		return nil
	}
	labels := make([]float32, s.tasks)
	for task := range labels {
		if y := s.labels[row*s.tasks+task]; y == missing {
			labels[task] = float32(math.NaN())
		} else {
			labels[task] = float32(y)
		}
	}
	return labels
}

// Nearest returns, for each of some rows, the first kept row with the largest Tanimoto similarity, whatever its labels, and that similarity. A row
// without any identifier in common has the nearest row -1 and the similarity 0. Errors are bags out of order, and that of ctx.
func (s *Similar) Nearest(ctx context.Context, bags Bags) (rows []int, similarities []float64, err error) {
	if s == nil || ctx == nil {
		return nil, nil, errors.Errorf("baseline: %s: no classifier, or no context", Tanimoto{}.Name())
	}
	if err := bags.check(); err != nil {
		return nil, nil, errors.Wrapf(err, "baseline: %s", Tanimoto{}.Name())
	}
	common := make([]int32, s.Rows())
	for i := range bags.Rows() {
		if err := ctx.Err(); err != nil {
			return nil, nil, errors.Wrapf(err, "baseline: %s", Tanimoto{}.Name())
		}
		commonCounts(common, s.postings, bags, i)
		nearest, most, total := -1, 0.0, bags.total(i)
		for row, c := range common {
			if value := float64(c) / float64(max(1, total+s.totals[row]-c)); value > most {
				nearest, most = row, value
			}
		}
		rows, similarities = append(rows, nearest), append(similarities, most)
	}
	return rows, similarities, nil
}
