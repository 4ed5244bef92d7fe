package train

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// ErrOneClass is the cause of the error for a metric that needs positives and negatives and found only one kind.
var ErrOneClass = errors.New("positives and negatives are needed")

// ROCAUC is the area under the receiver operating characteristic: the probability that a random positive has a higher
// score than a random negative, where a tie counts half (Mann and Whitney 1947). A label above 0.5 is positive.
// It returns an error with cause [ErrOneClass] if there is no positive or no negative, and an error for a score that is NaN.
func ROCAUC(scores, labels []float64) (float64, error) {
	if len(scores) != len(labels) {
		return 0, errors.Errorf("ROC-AUC: %d scores and %d labels", len(scores), len(labels))
	}
	order := make([]int, len(scores))
	for i, s := range scores {
		if math.IsNaN(s) {
			return 0, errors.Errorf("ROC-AUC: score %d is NaN", i)
		}
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case scores[a] < scores[b]:
			return -1
		case scores[a] > scores[b]:
			return 1
		}
		return 0
	})
	var positives, negatives, wins float64 // wins counts pairs with the positive above, ties half
	for lo := 0; lo < len(order); {
		hi := lo
		var p, n float64
		for ; hi < len(order) && scores[order[hi]] == scores[order[lo]]; hi++ {
			if labels[order[hi]] > 0.5 {
				p++
			} else {
				n++
			}
		}
		wins += p * (negatives + n/2)
		positives, negatives, lo = positives+p, negatives+n, hi
	}
	if positives == 0 || negatives == 0 {
		return 0, errors.Wrapf(ErrOneClass, "ROC-AUC: %g positives and %g negatives", positives, negatives)
	}
	return wins / (positives * negatives), nil
}
