package train

import "github.com/pkg/errors"

// ErrOneClass is the cause of the error for a metric that needs positives and negatives and found only one kind.
var ErrOneClass = errors.New("positives and negatives are needed")

// ROCAUC is the area under the receiver operating characteristic: the probability that a random positive has a higher
// score than a random negative, where a tie counts half (Mann and Whitney 1947). A label above 0.5 is positive.
// It returns an error with cause [ErrOneClass] if there is no positive or no negative, and an error for a score that is NaN.
func ROCAUC(scores, labels []float64) (float64, error) {
	cuts, err := cutsOf("ROC-AUC", scores, labels)
	if err != nil {
		return 0, err
	}
	wins, above := 0.0, cut{} // wins counts pairs with the positive above, ties half
	for _, c := range cuts {
		wins += float64(c.negatives-above.negatives) * float64(c.positives+above.positives) / 2
		above = c
	}
	return wins / (float64(above.positives) * float64(above.negatives)), nil
}

// PRAUC is the area under the curve of precision against recall as average precision: the sum over the thresholds, from the
// highest down, of the precision times the gain of recall. There is no interpolation, which would be too optimistic
// (Davis and Goadrich 2006). A label above 0.5 is positive. The errors are those of [ROCAUC].
func PRAUC(scores, labels []float64) (float64, error) {
	cuts, err := cutsOf("PR-AUC", scores, labels)
	if err != nil {
		return 0, err
	}
	sum, above := 0.0, cut{}
	for _, c := range cuts {
		sum += float64(c.positives-above.positives) * c.precision()
		above = c
	}
	return sum / float64(above.positives), nil
}
