package members

import "math"

// least is the least probability whose logarithm a loss takes, as in metric.LogLoss.
const least = 0x1p-52

// logLoss returns the weighted mean log loss of the rows with a label, NaN without any.
func logLoss(p, labels, weights []float64, classes int) float64 {
	sum, total := 0.0, 0.0
	for r, y := range labels {
		w := 1.0
		if weights != nil {
			w = weights[r]
		}
		if y != y || !(w > 0) {
			continue
		}
		sum -= w * math.Log(math.Max(p[r*classes+int(y)], least))
		total += w
	}
	return sum / total
}
