package report

import (
	"fmt"
	"strconv"
)

// maxConfusion is the number of classes of which a matrix is shown.
const maxConfusion = 40

// confusion counts the rows of each class by their most probable class. It is nil for too many classes.
func confusion(r Result) *table {
	if r.Outputs > maxConfusion || r.Rows == 0 {
		return nil
	}
	counts := make([][]int, r.Outputs)
	for i := range counts {
		counts[i] = make([]int, r.Outputs)
	}
	totals := make([]int, r.Outputs)
	for i, label := range r.Labels {
		if class := int(label); class >= 0 && class < r.Outputs {
			counts[class][greatest(r.Row(i))]++
			totals[class]++
		}
	}
	t := &table{Columns: []column{{Name: "class", Title: "The true class; the columns are the predicted ones"}}}
	for i := range r.Outputs {
		t.Columns = append(t.Columns, column{Name: r.task(i)})
	}
	t.Columns = append(t.Columns, column{Name: "recall", Title: "Share of the class that was found", decimals: 3})
	for i, row := range counts {
		cells := []cell{{Text: r.task(i), Key: r.task(i)}}
		for _, n := range row {
			c := cell{Text: strconv.Itoa(n), Key: strconv.Itoa(n)}
			if totals[i] > 0 {
				c.Shade = (9*n + totals[i] - 1) / totals[i]
			}
			cells = append(cells, c)
		}
		recall := cell{Text: "\u2013"}
		if totals[i] > 0 {
			recall.Text = fmt.Sprintf("%.3f", float64(row[i])/float64(totals[i]))
			recall.Key = recall.Text
		}
		t.Rows = append(t.Rows, append(cells, recall))
	}
	return t
}

func greatest(x []float64) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}
