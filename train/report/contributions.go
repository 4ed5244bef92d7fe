package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// Contributions divide predictions among columns, as package train/explain computes them. The page shows them as bars.
type Contributions struct {
	// Name names the prediction and the rows.
	Name string
	// Note is a sentence below the name, such as the unit.
	Note string
	// Columns are the names of the columns.
	Columns []string
	// Mean holds the mean absolute contribution of each column. Nil means that there are single rows alone.
	Mean []float64
	// Rows are single rows.
	Rows []Contribution
}

// Contribution is a row and what its columns contribute.
type Contribution struct {
	// Name identifies the row, and what is explained if that differs between rows.
	Name string
	// Baseline and Value are the ends of the sum.
	Baseline, Value float64
	// Values are the contributions of the columns, and Cells what stands in them; Cells may be nil.
	Values []float64
	Cells  []string
}

// The page shows so many rows, and of each so many columns, those of the largest contributions first.
const maxExplained, maxBars = 50, 15

// barsView are bars on the page.
type barsView struct {
	Name, Note string
	Bars       []barView
	Signed     bool // bars go to both sides
}

// barView is a bar. Its position is in hundredths of the width.
type barView struct {
	Name, Text string
	X, Width   string
	Against    bool
}

// contributionsView is a section of the page.
type contributionsView struct {
	Name, Note string
	Mean       *barsView
	Rows       []barsView
}

func newContributions(all []Contributions) (views []contributionsView, err error) {
	for _, c := range all {
		v := contributionsView{Name: shorten(c.Name, maxName), Note: shorten(c.Note, maxText)}
		if c.Mean != nil {
			if len(c.Mean) != len(c.Columns) {
				return nil, errors.Errorf("contributions %q: %d means of %d columns", c.Name, len(c.Mean), len(c.Columns))
			}
			v.Mean = newBars(c.Columns, c.Mean, nil, false)
		}
		for _, r := range c.Rows[:min(len(c.Rows), maxExplained)] {
			if len(r.Values) != len(c.Columns) || r.Cells != nil && len(r.Cells) != len(c.Columns) {
				return nil, errors.Errorf("contributions %q: row %q has %d values and %d cells of %d columns", c.Name, r.Name, len(r.Values), len(r.Cells), len(c.Columns))
			}
			b := newBars(c.Columns, r.Values, r.Cells, true)
			b.Name = shorten(r.Name, maxName)
			b.Note = fmt.Sprintf("baseline %s, this row %s", significant(r.Baseline), significant(r.Value))
			v.Rows = append(v.Rows, *b)
		}
		if more := len(c.Rows) - maxExplained; more > 0 {
			v.Note += fmt.Sprintf(" The first %d rows of %s.", maxExplained, grouped(len(c.Rows)))
		}
		views = append(views, v)
	}
	return views, nil
}

// newBars returns bars for the largest values, and one for the sum of the rest.
func newBars(names []string, values []float64, cells []string, signed bool) *barsView {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := math.Abs(values[a]), math.Abs(values[b])
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	shown := order
	if len(order) > maxBars+1 {
		shown = order[:maxBars]
	}
	rest := 0.0
	for _, i := range order[len(shown):] {
		rest += values[i]
	}
	v := &barsView{Signed: signed}
	most := 0.0
	if signed {
		most = math.Abs(rest)
	}
	for _, i := range shown {
		most = max(most, math.Abs(values[i]))
	}
	for _, i := range shown {
		name := names[i]
		if cells != nil && cells[i] != "" {
			name += " = " + shorten(cells[i], 40)
		}
		v.add(shorten(name, maxName), values[i], most)
	}
	if n := len(order) - len(shown); n > 0 {
		v.add(fmt.Sprintf("%s other columns", grouped(n)), rest, most)
		if !signed { // a sum of many means is no bar beside them
			v.Bars[len(shown)].Width = "0.0"
		}
	}
	return v
}

// add adds a bar.
func (v *barsView) add(name string, value, most float64) {
	share := 0.0
	if finite(value) && finite(most) && most > 0 {
		share = math.Abs(value) / most
	}
	from, width := 0.0, 100*share
	if v.Signed {
		from, width = 50, 50*share
		if value < 0 {
			from -= width
		}
	}
	text := significant(value)
	if v.Signed && value > 0 {
		text = "+" + text
	}
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
	v.Bars = append(v.Bars, barView{Name: name, Text: text, X: number(from), Width: number(width), Against: value < 0})
}
