package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
)

const (
	maxCurves = 24  // tasks that are drawn
	maxName   = 120 // bytes of a name
	bins      = 10  // groups of rows of the calibration
)

// resultView is a result as the page shows it.
type resultView struct {
	ID, Name  string
	Note      string
	Table     table
	Confusion *table
	charts    group
}

// newResultView computes tables and charts. line is the number of points of each curve.
func newResultView(id string, r Result, line int) (resultView, error) {
	v := resultView{ID: id, Name: r.Name, charts: group{ID: id}}
	if err := check(r); err != nil {
		return v, err
	}
	if r.Regression {
		v.regression(r)
	} else {
		v.ranked(r, line)
	}
	if r.Classes {
		v.Confusion = confusion(r)
	}
	if r.Outputs > maxCurves {
		v.Note = fmt.Sprintf("The charts show the first %d of %d.", maxCurves, r.Outputs)
	}
	return v, nil
}

// check returns an error for a result whose parts do not fit together.
func check(r Result) error {
	switch {
	case r.Result == nil:
		return errors.Errorf("result %q is nil", r.Name)
	case r.Rows < 0 || r.Outputs < 0 || len(r.Values) != r.Rows*r.Outputs || len(r.Labels) != r.labels() || !r.Classes && len(r.Weights) != r.labels():
		return errors.Errorf("result %q: %d rows of %d outputs, but %d values, %d labels and %d weights",
			r.Name, r.Rows, r.Outputs, len(r.Values), len(r.Labels), len(r.Weights))
	case r.Classes && r.Regression:
		return errors.Errorf("result %q: classes and a regression", r.Name)
	}
	return nil
}

// labels is the number of labels that a result should have.
func (r *Result) labels() int {
	if r.Classes {
		return r.Rows
	}
	return r.Rows * r.Outputs
}

// ranked is for tasks and classes: each has probabilities.
func (v *resultView) ranked(r Result, line int) {
	v.Table.Columns = []column{
		{Name: "task"},
		col("ROC-AUC", "Area under the ROC curve: the probability that a positive has a higher score than a negative; the bar goes from 0.5 to 1", 4),
		col("PR-AUC", "Area under the curve of precision and recall (average precision); the share of positives is what chance reaches", 4),
		col("Brier", "Brier score: mean squared difference of probability and label", 4),
		col("calibration error", "Expected calibration error: mean distance between probability and share of positives, over 15 bins of equal width", 4),
		col("positives", "", 0), col("negatives", "", 0),
	}
	v.Table.Columns[1].bar = true
	pooled := "all tasks"
	if r.Classes {
		v.Table.Columns[0].Name, pooled = "class", "all classes"
	}
	roc := unitChart(v.ID+"-roc", "ROC curves", "false positive rate", "true positive rate")
	pr := unitChart(v.ID+"-pr", "Precision and recall", "recall", "precision")
	cal := unitChart(v.ID+"-calibration", "Calibration", "predicted probability", "share of positives")
	cal.Note = "Rows in ten groups by their probability. On the diagonal, probabilities are right."
	var scores, labels []float64
	for task := range r.Outputs {
		s, l := r.Task(task)
		scores, labels = append(scores, s...), append(labels, l...)
		k := newRanking(s, l)
		v.Table.add(r.task(task), k.measures()...)
		if task >= maxCurves {
			continue
		}
		v.charts.Legend = append(v.charts.Legend, entry{Key: r.task(task), Color: task})
		if k.bothKinds() {
			x, y := k.roc()
			roc.line(r.task(task), "", x, y, line)
			x, y = k.pr()
			pr.line(r.task(task), steps, x, y, line)
		}
		if r.Outputs > 1 {
			cal.calibration(r.task(task), fine, k)
		}
	}
	v.Table.means()
	all := newRanking(scores, labels)
	cal.calibration(pooled, markers, all)
	if len(cal.Series) > 0 {
		v.charts.Legend = append(v.charts.Legend, entry{Key: pooled, Color: -1})
	}
	cal.zoom()
	for _, c := range []chart{roc, pr, cal} {
		if c.ID != pr.ID && len(c.Series) > 0 {
			ends := []number{0, number(c.X.Max)}
			c.Series = append(c.Series, series{Style: reference, X: ends, Y: ends})
		}
		v.charts.add(c)
	}
}

// measures are the values of the table's columns, NaN where they are not defined.
func (k *ranking) measures() []float64 {
	one := &train.Result{Predictions: train.Predictions{Rows: len(k.scores), Outputs: 1, Values: k.scores}, Labels: k.labels}
	for range k.scores {
		one.Weights = append(one.Weights, 1)
	}
	var out []float64
	for _, metric := range []train.Metric{train.MeanROCAUC, train.MeanPRAUC, train.Brier, train.CalibrationError} {
		v, err := metric.Of(one)
		if err != nil {
			v = math.NaN()
		}
		out = append(out, v)
	}
	return append(out, float64(k.positives), float64(k.negative))
}

// calibration adds the line of a task.
func (c *chart) calibration(key, style string, k ranking) {
	if len(k.scores) == 0 {
		return
	}
	x, y, count := k.reliability(bins)
	s := series{Key: key, Style: style}
	for i := range x {
		s.X, s.Y, s.Weight = append(s.X, number(x[i])), append(s.Y, number(y[i])), append(s.Weight, number(count[i]))
	}
	c.Series = append(c.Series, s)
}

// zoom ends both axes behind the greatest value: probabilities of rare events are small.
func (c *chart) zoom() {
	greatest := number(0)
	for _, s := range c.Series {
		greatest = max(greatest, slices.Max(s.X), slices.Max(s.Y))
	}
	c.X.Max = max(0.1, min(1, math.Ceil(10*float64(greatest))/10))
	c.Y.Max = c.X.Max
}

// unitChart is a chart with axes from 0 to 1.
func unitChart(id, title, x, y string) chart {
	return chart{ID: id, Title: title, Square: true,
		X: axis{Name: x, Fixed: true, Max: 1}, Y: axis{Name: y, Fixed: true, Max: 1}}
}

// task is the name of an output.
func (r *Result) task(i int) string {
	if i < len(r.Names) && r.Names[i] != "" {
		return shorten(r.Names[i], maxName)
	}
	if r.Classes {
		return fmt.Sprintf("class %d", i)
	}
	return fmt.Sprintf("task %d", i+1)
}
