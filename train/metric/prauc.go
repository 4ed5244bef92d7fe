package metric

import (
	"slices"

	"github.com/pkg/errors"
)

// MeanPRAUC is the mean of the average precision of the tasks, or of the classes, each against the rest. See PRAUC.
var MeanPRAUC = Metric{Name: "PR-AUC", Kinds: labelKinds, Func: overTasks(false, prAUC), Defined: needBoth}

// MeanDeltaPRAUC is the mean of the average precision of the tasks, or of the classes, each minus the share of its positives, which is what
// random scores have in the mean.
var MeanDeltaPRAUC = Metric{Name: "delta PR-AUC", Kinds: labelKinds, Func: overTasks(false, deltaPRAUC), Defined: needBoth}

// PRAUC is the area under the curve of precision against recall as average precision: the sum over the thresholds, from the
// highest down, of the precision times the gain of recall. There is no interpolation, which would be too optimistic
// (Davis and Goadrich 2006). A label above 0.5 is positive. The errors are those of [ROCAUC].
func PRAUC(scores, labels, weights []float64) (float64, error) {
	p, err := observe(scores, labels, weights, false)
	if err != nil {
		return 0, errors.Wrap(err, "metric: PR-AUC")
	}
	value, err := number(prAUC(p))
	return value, errors.Wrap(err, "metric: PR-AUC")
}

func prAUC(p *pairs) (float64, error) {
	cuts, err := p.cuts()
	if err != nil {
		return 0, err
	}
	sum, above := 0.0, cut{}
	for _, c := range cuts {
		sum += (c.positives - above.positives) * c.precision()
		above = c
	}
	return sum / above.positives, nil
}

func deltaPRAUC(p *pairs) (float64, error) {
	cuts, err := p.cuts()
	if err != nil {
		return 0, err
	}
	area, err := prAUC(p)
	return area - cuts[len(cuts)-1].precision(), err
}

// PRCurve returns precision and recall for each threshold: the fraction of positives among the scores at or above it, and the fraction of
// all positives that these include. The thresholds are the distinct scores in ascending order. After the last threshold, precision and
// recall have one more element, 1 and 0. A label above 0.5 is positive. The errors are those of [ROCAUC].
func PRCurve(scores, labels, weights []float64) (precision, recall, thresholds []float64, err error) {
	p, err := observe(scores, labels, weights, false)
	var cuts []cut
	if err == nil {
		cuts, err = p.cuts()
	}
	if err != nil {
		return nil, nil, nil, errors.Wrap(err, "metric: precision-recall curve")
	}
	all := cuts[len(cuts)-1]
	for _, c := range slices.Backward(cuts) {
		precision = append(precision, c.precision())
		recall = append(recall, c.positives/all.positives)
		thresholds = append(thresholds, c.threshold)
	}
	return append(precision, 1), append(recall, 0), thresholds, nil
}
