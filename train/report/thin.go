package report

// thin returns the indices of at most limit points, limit >= 8, that draw the same line as all of y. These are the first and the last point
// and, for as many equal sections as fit, the smallest, the greatest and a missing value (NaN or infinite) of each.
func thin(y []float64, limit int) []int {
	n := len(y)
	if n <= limit {
		keep := make([]int, n)
		for i := range keep {
			keep[i] = i
		}
		return keep
	}
	parts := (limit - 2) / 3
	keep := append(make([]int, 0, limit), 0)
	for p := range parts {
		lo, hi := 1+p*(n-2)/parts, 1+(p+1)*(n-2)/parts
		keep = appendExtremes(keep, y, lo, hi)
	}
	return append(keep, n-1)
}

// appendExtremes appends the indices of the smallest, the greatest and the first missing value of y[lo:hi], ascending.
func appendExtremes(keep []int, y []float64, lo, hi int) []int {
	least, greatest, missing := -1, -1, -1
	for i := lo; i < hi; i++ {
		switch v := y[i]; {
		case !finite(v):
			if missing < 0 {
				missing = i
			}
		case least < 0:
			least, greatest = i, i
		default:
			if v < y[least] {
				least = i
			}
			if v > y[greatest] {
				greatest = i
			}
		}
	}
	for i := lo; i < hi; i++ {
		if i == least || i == greatest || i == missing {
			keep = append(keep, i)
		}
	}
	return keep
}

// pointsPerLine is the number of points per line in a chart with the given number of lines.
func pointsPerLine(lines, line, chart int) int {
	return max(8, min(line, chart/max(1, lines)))
}
