package report

import "math"

// maxScatter is the number of points of predicted against true values.
const maxScatter = 1000

// regression is for outputs that are values.
func (v *resultView) regression(r Result) {
	v.Table.Columns = []column{
		{Name: "task"},
		col("RMSE", "Root of the mean squared error", 4),
		col("MAE", "Mean absolute error", 4),
		col("R\u00b2", "Share of the variance that is explained; 0 is as good as the mean", 4),
		col("bias", "Mean of prediction less truth", 4),
		col("rows", "", 0),
	}
	c := chart{ID: v.ID + "-scatter", Title: "Predicted against true", Square: true, X: axis{Name: "true"}, Y: axis{Name: "predicted"}}
	rest := chart{ID: v.ID + "-residuals", Title: "Residuals", Square: true, X: axis{Name: "predicted"}, Y: axis{Name: "predicted less true"}}
	low, high := math.Inf(1), math.Inf(-1)
	for task := range r.Outputs {
		predicted, truth := finitePairs(r.Task(task))
		v.Table.add(r.task(task), errorsOf(predicted, truth)...)
		if task >= maxCurves || len(truth) == 0 {
			continue
		}
		keep := thin(predicted, pointsPerLine(min(r.Outputs, maxCurves), maxScatter, 3*maxScatter))
		for i := range truth {
			low, high = min(low, truth[i], predicted[i]), max(high, truth[i], predicted[i])
		}
		v.charts.Legend = append(v.charts.Legend, entry{Key: r.task(task), Color: task})
		c.Series = append(c.Series, series{Key: r.task(task), Style: points, X: numbers(truth, keep), Y: numbers(predicted, keep)})
		residuals := make([]float64, len(truth))
		for i := range truth {
			residuals[i] = predicted[i] - truth[i]
		}
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
}

func finitePairs(x, y []float64) (fx, fy []float64) {
	for i := range x {
		if finite(x[i]) && finite(y[i]) {
			fx, fy = append(fx, x[i]), append(fy, y[i])
		}
	}
	return fx, fy
}

// errorsOf are the values of the table's columns.
func errorsOf(predicted, truth []float64) []float64 {
	n := float64(len(truth))
	if n == 0 {
		nan := math.NaN()
		return []float64{nan, nan, nan, nan, 0}
	}
	var mean, squares, absolute, bias, variance float64
	for i, y := range truth {
		d := predicted[i] - y
		mean, squares, absolute, bias = mean+y/n, squares+d*d/n, absolute+math.Abs(d)/n, bias+d/n
	}
	for _, y := range truth {
		variance += (y - mean) * (y - mean) / n
	}
	r2 := math.NaN()
	if variance > 0 {
		r2 = 1 - squares/variance
	}
	return []float64{math.Sqrt(squares), absolute, r2, bias, n}
}
