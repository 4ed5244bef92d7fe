package report

import (
	"fmt"
	"math"
	"strconv"

	"github.com/selfnorm/selfnorm/train/metric"
)

// maxConfusion is the largest number of classes for which a matrix is shown.
const maxConfusion = 40

// confusion shows the weights of the rows of each class by their most probable class. It is nil for too many classes.
func confusion(r Result, m *metric.Result) (*table, error) {
	if m.Outputs > maxConfusion || m.Rows == 0 {
		return nil, nil
	}
	matrix, err := m.Confusion()
	if err != nil {
		return nil, err
	}
	t := &table{Matrix: true, Columns: []column{{Name: "class", Title: "The true class; the columns are the predicted ones"}}}
	for i := range m.Outputs {
		t.Columns = append(t.Columns, column{Name: r.task(i)})
	}
	t.Columns = append(t.Columns, column{Name: "recall", Title: "Share of the class that was found", decimals: 3})
	for i, found := range matrix.Recalls() {
		total := 0.0
		for _, n := range matrix[i] {
			total += n
		}
		cells := []cell{{Text: r.task(i), Key: r.task(i)}}
		for _, n := range matrix[i] {
			c := cell{Text: rounded(n, 6), Key: strconv.FormatFloat(n, 'g', -1, 64)}
			if n == math.Trunc(n) && n < 1e15 {
				c.Text = thousands(strconv.FormatFloat(n, 'f', 0, 64))
			}
			if total > 0 {
				c.Shade = int(math.Ceil(9 * n / total))
			}
			cells = append(cells, c)
		}
		recall := cell{Text: "\u2013"}
		if total > 0 {
			recall.Text = fmt.Sprintf("%.3f", found)
			recall.Key = recall.Text
		}
		t.Rows = append(t.Rows, append(cells, recall))
	}
	return t, nil
}
