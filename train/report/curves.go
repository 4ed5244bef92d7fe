package report

import (
	"slices"

	"github.com/selfnorm/selfnorm/train/metric"
)

// roc adds the ROC curve of a task, unless its labels are all of one class.
func (c *chart) roc(key string, task *metric.Result, line int) {
	x, y, _, err := metric.ROCCurve(task.Values, task.Labels, task.Weights)
	if err == nil {
		c.line(key, "", x, y, line)
	}
}

// pr adds the precision-recall curve of a task, unless its labels are all of one class.
func (c *chart) pr(key string, task *metric.Result, line int) {
	if x, y := prPoints(task); len(x) > 0 {
		c.line(key, steps, x, y, line)
	}
}

// prPoints are the points of the precision-recall curve; among equal recalls, the one with the highest threshold. The first point, at
// recall 0, has the precision of the second.
func prPoints(task *metric.Result) (recall, precision []float64) {
	p, r, cuts, err := metric.PRCurve(task.Values, task.Labels, task.Weights)
	if err != nil {
		return nil, nil
	}
	for k := range slices.Backward(cuts) {
		if recall == nil {
			recall, precision = []float64{0}, []float64{p[k]}
		} else if r[k] == recall[len(recall)-1] {
			continue
		}
		recall, precision = append(recall, r[k]), append(precision, p[k])
	}
	return recall, precision
}

// calibration adds the reliability curve of a task, in the bins of metric.CalibrationError, unless its predictions are not probabilities.
func (c *chart) calibration(key, style string, task *metric.Result) {
	bins, err := metric.Reliability(task.Values, task.Labels, task.Weights, metric.CalibrationBins)
	if err != nil {
		return
	}
	s := series{Key: key, Style: style}
	for _, b := range bins {
		s.X, s.Y, s.Weight = append(s.X, number(b.Predicted)), append(s.Y, number(b.Observed)), append(s.Weight, number(b.Weight))
	}
	c.Series = append(c.Series, s)
}
