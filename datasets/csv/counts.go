package csv

import (
	"math"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Counts have at least so many different values in at least so many rows; their variance is at least this part of their mean; and at least this part of
// the variation of the features between the values is linear in the value. For names of classes it is about 1/(values-1).
const (
	countValues, countRows  = 6, 50
	countDispersion         = 0.5
	countLinear             = 0.6
	saidValues, mostOfTexts = 5, 50 // values from which the choice is said; texts of a column that are looked at
)

// classWords are words in the names of columns that hold classes, whatever the values look like.
var classWords = []string{"class", "classes", "label", "category", "type", "kind", "species", "group", "cluster", "code", "id"}

// wholeProblem decides whether few different whole numbers are classes or counts, and says so.
func (t *Table) wholeProblem(c *column, distinct map[float64]bool) Problem {
	if len(distinct) == 0 {
		return Classes // there are no rows to predict
	}
	values := make([]float64, 0, len(distinct))
	for v := range distinct {
		values = append(values, v)
	}
	slices.Sort(values)
	name, low, high := formats.Quote(c.name), values[0], values[len(values)-1]
	if t.areCounts(c, values) {
		t.decide("Target %s holds whole numbers from %v to %v that are distributed like counts, and other columns rise or fall with them: a regression. If they are classes, use %s.",
			name, low, high, t.opts.setting("Problem", string(Classes)))
		return Regression
	}
	if len(values) >= saidValues {
		t.decide("Target %s has %d different whole numbers from %v to %v, which are taken for classes. If they are quantities, use %s.", name, len(values), low, high,
			t.opts.setting("Problem", string(Regression)))
	}
	return Classes
}

// areCounts reports whether the whole numbers of a target are counts.
func (t *Table) areCounts(c *column, values []float64) bool {
	words := strings.FieldsFunc(strings.ToLower(c.name), func(r rune) bool { return r < 'a' || r > 'z' })
	if len(values) < countValues || values[0] < 0 || values[0] > 1 || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(classWords, w) }) {
		return false
	}
	index := make(map[float64]int, len(values))
	for i, v := range values {
		index[v] = i
	}
	class := make([]int, t.Len()) // index of the value, -1 for none
	rows := make([]float64, len(values))
	n, sum, squares := 0.0, 0.0, 0.0
	for r, v := range c.number.all() {
		if class[r] = -1; v == v {
			class[r] = index[v]
			rows[index[v]]++
			n, sum, squares = n+1, sum+v, squares+v*v
		}
	}
	mean := sum / n
	variance := squares/n - mean*mean
	if n < countRows || variance < countDispersion*mean || !unimodal(rows) {
		return false
	}
	l := &linearity{values: values, class: class, rows: rows, n: n, mean: mean, variance: variance}
	for i := range t.columns {
		l.addColumn(t, i)
	}
	return l.between > 0 && l.linear >= countLinear*l.between
}

// unimodal reports whether frequencies rise to one of them and fall behind it, but for chance.
func unimodal(rows []float64) bool {
	top := 0
	for i, n := range rows {
		if n > rows[top] {
			top = i
		}
	}
	for i := range rows[1:] {
		a, b := rows[i], rows[i+1]
		if i >= top {
			a, b = b, a
		}
		if a > b+2*math.Sqrt(a+b+1) {
			return false
		}
	}
	return rows[top] > 2*slices.Min(rows)
}

// linearity sums up, over features, how much they vary between the values of a target beyond chance, and how much of this is linear in the value.
type linearity struct {
	values, rows      []float64
	class             []int
	n, mean, variance float64

	between, linear float64
}

// addColumn adds the features of a column: its numbers, or its commonest texts.
func (l *linearity) addColumn(t *Table, at int) {
	c := &t.columns[at]
	if t.isTarget(at) || at == t.id || t.isRole(at) || c.kind == Ignored {
		return
	}
	if c.kind != Categorical {
		l.add(func(yield func(r int, v float64) bool) {
			for r, v := range c.number.all() {
				if !yield(r, v) {
					return
				}
			}
		})
		return
	}
	count := c.counts()
	for k := range min(len(count), mostOfTexts) {
		if count[k] < leastRows {
			continue
		}
		l.add(func(yield func(r int, v float64) bool) {
			for r, code := range c.codes.all() {
				v := 0.0
				if int(code) == k {
					v = 1
				}
				if !yield(r, v) {
					return
				}
			}
		})
	}
}

// add adds a feature. Missing values are left out.
func (l *linearity) add(feature func(yield func(r int, v float64) bool)) {
	k := len(l.values)
	n, sums := make([]float64, k), make([]float64, k)
	total, sum, squares, product, targets, targetSquares := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for r, v := range feature {
		if l.class[r] < 0 || v != v {
			continue
		}
		y := l.values[l.class[r]]
		n[l.class[r]]++
		sums[l.class[r]] += v
		total, sum, squares, product = total+1, sum+v, squares+v*v, product+v*y
		targets, targetSquares = targets+y, targetSquares+y*y
	}
	ssTarget, ss := targetSquares-targets*targets/total, squares-sum*sum/total
	if !(total > float64(k)+1 && ssTarget > 0 && ss > 0) {
		return
	}
	between, groups := -sum*sum/total, 0.0
	for i := range n {
		if n[i] > 0 {
			between += sums[i] * sums[i] / n[i]
			groups++
		}
	}
	covariance := product - sum*targets/total
	noise := (ss - between) / (total - groups)
	if !(noise > 1e-9*ss/total) {
		noise = 1e-9 * ss / total
	}
	l.between += between/noise - (groups - 1)
	l.linear += covariance*covariance/ssTarget/noise - 1
}
