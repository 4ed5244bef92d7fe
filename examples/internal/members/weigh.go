package members

import (
	"math"

	"github.com/pkg/errors"
)

// prior is the cost, in nats, of a weight that is away from its usual value by 1. It was chosen on validation rows; see docs/tables.md.
const prior = 3

// maxWeighed bounds the rows that choose weights; of more, evenly spaced ones do.
const maxWeighed = 20_000

// Usual returns the weights without rows to choose them by: one half for the networks, the rest in equal parts for the other kinds.
func Usual(kinds int) []float64 {
	w := make([]float64, kinds)
	for k := range w {
		w[k] = 0.5 / float64(max(1, kinds-1))
	}
	w[0] = 0.5
	if kinds == 1 {
		w[0] = 1
	}
	return w
}

// Weigh returns the weights of Pool with the least log loss of rows that no member has seen, plus prior times the squared distance from the usual weights.
// labels holds a class for each row, NaN if there is none; weights those of the rows, nil for 1. It returns an error if the parts do not fit together.
func Weigh(kinds [][]float64, labels, weights []float64, classes int) ([]float64, error) {
	if len(kinds) == 0 {
		return nil, errors.New("members: there are no kinds")
	}
	usual := Usual(len(kinds))
	if err := check(kinds, usual, classes); err != nil {
		return nil, err
	}
	if rows := len(kinds[0]) / classes; len(labels) != rows || weights != nil && len(weights) != rows {
		return nil, errors.Errorf("members: %d labels and %d weights for %d rows", len(labels), len(weights), rows)
	}
	c := &choice{usual: usual, classes: classes}
	if err := c.read(kinds, labels, weights); err != nil {
		return nil, err
	}
	return c.search(), nil
}

// choice is the problem of Weigh.
type choice struct {
	usual   []float64
	classes int
	logs    [][]float64 // by kind, of the rows with a label
	class   []int
	weight  []float64
	row     []float64
}

// read takes the rows that choose.
func (c *choice) read(kinds [][]float64, labels, weights []float64) error {
	c.logs, c.row = make([][]float64, len(kinds)), make([]float64, c.classes)
	step := max(1, (len(labels)+maxWeighed-1)/maxWeighed)
	for r := 0; r < len(labels); r += step {
		y, w := labels[r], 1.0
		if weights != nil {
			w = weights[r]
		}
		if y != y || !(w > 0) {
			continue
		}
		if y != math.Trunc(y) || y < 0 || y >= float64(c.classes) {
			return errors.Errorf("members: the label %v of row %d, want a class from 0 to %d", y, r, c.classes-1)
		}
		for k, p := range kinds {
			c.logs[k] = append(c.logs[k], logs(p[r*c.classes:(r+1)*c.classes])...)
		}
		c.class, c.weight = append(c.class, int(y)), append(c.weight, w)
	}
	return nil
}

// cost is the objective of Weigh, a convex function of the weights.
func (c *choice) cost(w []float64) float64 {
	sum := 0.0
	for i, class := range c.class {
		poolRow(c.row, c.logs, w, i*c.classes)
		sum -= c.weight[i] * math.Log(math.Max(c.row[class], math.SmallestNonzeroFloat64))
	}
	for k := range w {
		d := w[k] - c.usual[k]
		sum += prior * d * d
	}
	return sum
}

// search walks along the axes with ever smaller steps.
func (c *choice) search() []float64 {
	w := append([]float64(nil), c.usual...)
	best := c.cost(w)
	for step := 0.25; step > 0.02; step /= 2 {
		for moved := true; moved; {
			moved = false
			for k := range w {
				for _, d := range []float64{step, -step} {
					old := w[k]
					w[k] = math.Min(maxWeight, math.Max(0, old+d))
					if cost := c.cost(w); cost < best {
						best, moved = cost, true
					} else {
						w[k] = old
					}
				}
			}
		}
	}
	return w
}
