package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

const (
	maxCurves = 24  // maximum number of tasks drawn
	maxName   = 120 // maximum bytes of a name
)

// resultView is a result in the form that the page shows.
type resultView struct {
	ID, Name  string
	Note      string
	Table     table
	Confusion *table
	charts    group
}

// newResultView computes tables and charts. line is the number of points per curve.
func newResultView(id string, r Result, line int) (resultView, error) {
	v := resultView{ID: id, Name: r.Name, charts: group{ID: id}}
	m, note, err := r.judged()
	if err != nil {
		return v, err
	}
	switch {
	case m.Rows == 0:
		v.Note = "There are no rows."
		return v, nil
	case m.Kind == metric.Values:
		err = v.regression(r, m)
	case isClasses(m.Kind):
		if v.Confusion, err = confusion(r, m); err != nil {
			break
		}
		fallthrough
	default:
		err = v.ranked(r, m, line)
	}
	if err != nil {
		return v, errors.WithMessagef(err, "result %q", r.Name)
	}
	v.Note = strings.TrimSpace(r.note + " " + note)
	if m.Outputs > maxCurves {
		v.Note = strings.TrimSpace(fmt.Sprintf("%s The charts show the first %d of %d.", v.Note, maxCurves, m.Outputs))
	}
	return v, nil
}

// ranked adds the tables and charts for tasks and classes, which have probabilities.
func (v *resultView) ranked(r Result, m *metric.Result, line int) error {
	v.Table.Columns = []column{
		{Name: "task"},
		col("ROC-AUC", "Area under the ROC curve: the probability that a positive has a higher score than a negative; the bar goes from 0 to 1, its line is at chance, 0.5", 4),
		col("PR-AUC", "Area under the curve of precision and recall (average precision); the share of positives is what chance reaches", 4),
		col("Brier", "Brier score: mean squared difference of probability and label", 4),
		col("calibration error", fmt.Sprintf("Expected calibration error: mean distance between probability and share of positives, over %d bins of equal width",
			metric.CalibrationBins), 4),
		col("positives", "", 0), col("negatives", "", 0),
	}
	v.Table.Columns[1].bar = true
	pooled := "all tasks"
	if isClasses(m.Kind) {
		v.Table.Columns[0].Name, pooled = "class", "all classes"
	}
	roc := unitChart(v.ID+"-roc", "ROC curves", "false positive rate", "true positive rate")
	pr := unitChart(v.ID+"-pr", "Precision and recall", "recall", "precision")
	cal := unitChart(v.ID+"-calibration", "Calibration", "predicted probability", "share of positives")
	cal.Note = fmt.Sprintf("Rows in %d bins of equal width by their probability, those of the calibration error. On the diagonal, probabilities are right.",
		metric.CalibrationBins)
	var all metric.Result
	for task := range m.Outputs {
		one, err := m.Task(task)
		if err != nil {
			return err
		}
		if err := all.Append(one); err != nil {
			return err
		}
		v.Table.add(r.task(task), measures(one)...)
		if task >= maxCurves {
			continue
		}
		v.charts.Legend = append(v.charts.Legend, entry{Key: r.task(task), Color: task})
		roc.roc(r.task(task), one, line)
		pr.pr(r.task(task), one, line)
		if m.Outputs > 1 {
			cal.calibration(r.task(task), fine, one)
		}
	}
	v.Table.means()
	cal.calibration(pooled, markers, &all)
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
	return nil
}

// measures are the values of the table's columns, NaN where they are not defined.
func measures(task *metric.Result) []float64 {
	var out []float64
	for _, m := range []metric.Metric{metric.MeanROCAUC, metric.MeanPRAUC, metric.Brier, metric.CalibrationError} {
		v, err := m.Compute(task)
		if err != nil {
			v = math.NaN()
		}
		out = append(out, v)
	}
	c, err := task.TaskConfusion(0)
	if err != nil { // no labels
		return append(out, 0, 0)
	}
	return append(out, c[1][0]+c[1][1], c[0][0]+c[0][1])
}

// zoom ends both axes just beyond the greatest value, because probabilities of rare events are small.
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
	if isClasses(r.Kind) {
		return fmt.Sprintf("class %d", i)
	}
	return fmt.Sprintf("task %d", i+1)
}
