package metric

import (
	"math"

	"github.com/pkg/errors"
)

// MeanROCAUC is the mean of the ROC-AUC of the tasks, or of the classes, each against the rest. See ROCAUC.
var MeanROCAUC = Metric{Name: "ROC-AUC", Kinds: labelKinds, Func: overTasks(false, rocAUC), Defined: needBoth}

// ROCAUC is the area under the receiver operating characteristic: the probability that a random positive has a higher
// score than a random negative, where a tie counts half (Mann and Whitney 1947). A label above 0.5 is positive. Nil weights mean 1.
// It returns an error with cause [ErrUndefined] if there is no positive or no negative, and an error for a score that is NaN.
func ROCAUC(scores, labels, weights []float64) (float64, error) {
	p, err := observe(scores, labels, weights, false)
	if err != nil {
		return 0, errors.Wrap(err, "metric: ROC-AUC")
	}
	value, err := number(rocAUC(p))
	return value, errors.Wrap(err, "metric: ROC-AUC")
}

func rocAUC(p *pairs) (float64, error) {
	cuts, err := p.cuts()
	if err != nil {
		return 0, err
	}
	wins, above := 0.0, cut{} // pairs in which the positive scores higher; ties count half
	for _, c := range cuts {
		wins += (c.negatives - above.negatives) * (c.positives + above.positives) / 2
		above = c
	}
	return wins / (above.positives * above.negatives), nil
}

// TaskROCAUC is the ROC-AUC of one task over its observed labels. The errors are those of [Result.Task] and [Metric.Compute].
func (r *Result) TaskROCAUC(task int) (float64, error) {
	one, err := r.Task(task)
	if err != nil {
		return 0, err
	}
	return MeanROCAUC.Compute(one)
}

// ROCCurve returns the receiver operating characteristic: for each threshold, the fraction of the negatives (fpr) and of the positives
// (tpr) that score at or above it. The thresholds are +Inf, where both fractions are 0, and then the distinct scores in descending order. A
// label above 0.5 is positive. The errors are those of [ROCAUC].
func ROCCurve(scores, labels, weights []float64) (fpr, tpr, thresholds []float64, err error) {
	p, err := observe(scores, labels, weights, false)
	var cuts []cut
	if err == nil {
		cuts, err = p.cuts()
	}
	if err != nil {
		return nil, nil, nil, errors.Wrap(err, "metric: ROC curve")
	}
	all := cuts[len(cuts)-1]
	fpr, tpr, thresholds = []float64{0}, []float64{0}, []float64{math.Inf(1)}
	for _, c := range cuts {
		fpr = append(fpr, c.negatives/all.negatives)
		tpr = append(tpr, c.positives/all.positives)
		thresholds = append(thresholds, c.threshold)
	}
	return fpr, tpr, thresholds, nil
}
