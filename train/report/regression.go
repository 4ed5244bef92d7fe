package report

import (
	"math"

	"github.com/selfnorm/selfnorm/train/metric"
)

// maxScatter is the number of points in the chart of predicted against true values.
const maxScatter = 1000

// regression is for outputs that are values.
func (v *resultView) regression(r Result, m *metric.Result) error {
	v.Table.Columns = []column{
		{Name: "task"},
		col("RMSE", "Root of the mean squared error", 4),
		col("MAE", "Mean absolute error", 4),
		col("R\u00b2", "Share of the variance that is explained; 0 is as good as the mean", 4),
		col("bias", "Mean of prediction minus truth", 4),
		col("rows", "", 0),
	}
	c := chart{ID: v.ID + "-scatter", Title: "Predicted against true", Square: true, X: axis{Name: "true"}, Y: axis{Name: "predicted"}}
	rest := chart{ID: v.ID + "-residuals", Title: "Residuals", Square: true, X: axis{Name: "predicted"}, Y: axis{Name: "predicted less true"}}
	low, high := math.Inf(1), math.Inf(-1)
	for task := range m.Outputs {
		one, err := m.Task(task)
		if err != nil {
			return err
		}
		predicted, truth := one.Values, one.Labels
		v.Table.add(r.task(task), errorsOf(one)...)
		if task >= maxCurves || len(truth) == 0 {
			continue
		}
		keep := thin(predicted, pointsPerLine(min(r.Outputs, maxCurves), maxScatter, 3*maxScatter))
		residuals := make([]float64, len(truth))
		for i := range truth {
			low, high = min(low, truth[i], predicted[i]), max(high, truth[i], predicted[i])
			residuals[i] = predicted[i] - truth[i]
		}
		v.charts.Legend = append(v.charts.Legend, entry{Key: r.task(task), Color: task})
		c.Series = append(c.Series, series{Key: r.task(task), Style: points, X: numbers(truth, keep), Y: numbers(predicted, keep)})
		rest.Series = append(rest.Series, series{Key: r.task(task), Style: points, X: numbers(predicted, keep), Y: numbers(residuals, keep)})
	}
	v.Table.means()
	if len(c.Series) > 0 {
		ends := []number{number(low), number(high)}
		c.Series = append(c.Series, series{Style: reference, X: ends, Y: ends})
		rest.Series = append(rest.Series, series{Style: reference, X: ends, Y: []number{0, 0}})
		v.charts.add(c)
		v.charts.add(rest)
	}
	return nil
}

// errorsOf are the values of the table's columns, NaN where they are not defined.
func errorsOf(task *metric.Result) []float64 {
	e, err := metric.Regression(task.Values, task.Labels, task.Weights)
	if err != nil {
		nan := math.NaN()
		return []float64{nan, nan, nan, nan, 0}
	}
	return []float64{e.RMSE, e.MAE, e.R2, e.Bias, e.Weight}
}
