package train

import (
	"cmp"
	"math"
	"slices"

	"github.com/pkg/errors"
)

// cut is a threshold, and the numbers of positives and negatives whose score is at least that.
type cut struct {
	threshold            float64
	positives, negatives int
}

func (c cut) precision() float64 { return float64(c.positives) / float64(c.positives+c.negatives) }

// cutsOf returns a cut for each different score, the highest first.
func cutsOf(name string, scores, labels []float64) ([]cut, error) {
	if err := checkPairs(name, scores, labels); err != nil {
		return nil, err
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var cuts []cut
	var now cut
	for k, i := range order {
		now.threshold = scores[i]
		if labels[i] > 0.5 {
			now.positives++
		} else {
			now.negatives++
		}
		if k+1 == len(order) || scores[order[k+1]] != scores[i] {
			cuts = append(cuts, now)
		}
	}
	if now.positives == 0 || now.negatives == 0 {
		return nil, errors.Wrapf(ErrOneClass, "%s: %d positives and %d negatives", name, now.positives, now.negatives)
	}
	return cuts, nil
}

// ROCCurve is the receiver operating characteristic: for each threshold the fraction of the negatives (fpr) and of the positives (tpr)
// whose score is at least that. The thresholds are the different scores, the highest first, after +Inf, where both fractions are 0.
// A label above 0.5 is positive. The errors are those of [ROCAUC].
func ROCCurve(scores, labels []float64) (fpr, tpr, thresholds []float64, err error) {
	cuts, err := cutsOf("ROC curve", scores, labels)
	if err != nil {
		return nil, nil, nil, err
	}
	all := cuts[len(cuts)-1]
	fpr, tpr, thresholds = []float64{0}, []float64{0}, []float64{math.Inf(1)}
	for _, c := range cuts {
		fpr = append(fpr, float64(c.negatives)/float64(all.negatives))
		tpr = append(tpr, float64(c.positives)/float64(all.positives))
		thresholds = append(thresholds, c.threshold)
	}
	return fpr, tpr, thresholds, nil
}

// PRCurve is precision against recall: for each threshold the fraction of positives among the scores of at least that, and the fraction
// of the positives that are there. The thresholds are the different scores, the lowest first. Behind them precision and recall
// have one more element, 1 and 0. A label above 0.5 is positive. The errors are those of [ROCAUC].
func PRCurve(scores, labels []float64) (precision, recall, thresholds []float64, err error) {
	cuts, err := cutsOf("precision-recall curve", scores, labels)
	if err != nil {
		return nil, nil, nil, err
	}
	all := cuts[len(cuts)-1]
	for _, c := range slices.Backward(cuts) {
		precision = append(precision, c.precision())
		recall = append(recall, float64(c.positives)/float64(all.positives))
		thresholds = append(thresholds, c.threshold)
	}
	return append(precision, 1), append(recall, 0), thresholds, nil
}
