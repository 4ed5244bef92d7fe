package calibrate

import (
	"math"

	"github.com/pkg/errors"
)

// Data are outputs of a network for rows with labels. Rows that trained the network are of no use.
type Data struct {
	// Logits are the outputs before sigmoid or softmax, row-major, for each network of an ensemble whose probabilities are averaged.
	Logits [][]float64
	// Columns is the number of classes or binary tasks.
	Columns int
	// Classes means that the columns are classes, with a softmax. Otherwise each is a binary task, with a sigmoid.
	Classes bool
	// Labels are one class index per row, or for binary tasks a number from 0 to 1 for each row and column. NaN is a missing label.
	Labels []float64
	// Weights are at least 0 and have the layout of Labels. Nil means that all are 1.
	Weights []float64
}

// maxLogit bounds the logits that a fit reads. Beyond it a probability is 0 or 1 in any case.
const maxLogit = 1e4

// check returns an error if the parts do not fit together.
func (d *Data) check() error {
	perRow := 1
	if !d.Classes {
		perRow = d.Columns
	}
	switch {
	case len(d.Logits) == 0:
		return errors.New("there are no logits")
	case d.Columns < 1 || d.Classes && d.Columns < 2:
		return errors.Errorf("%d columns, want at least one task or two classes", d.Columns)
	case len(d.Labels)%perRow != 0:
		return errors.Errorf("%d labels of %d tasks", len(d.Labels), d.Columns)
	case d.Weights != nil && len(d.Weights) != len(d.Labels):
		return errors.Errorf("%d weights for %d labels", len(d.Weights), len(d.Labels))
	}
	rows := len(d.Labels) / perRow
	for k, logits := range d.Logits {
		if len(logits)%d.Columns != 0 || len(logits)/d.Columns != rows {
			return errors.Errorf("network %d: %d logits, want %d columns for %d rows", k+1, len(logits), d.Columns, rows)
		}
		for i, z := range logits {
			if z-z != 0 {
				return errors.Errorf("network %d: row %d has the logit %v", k+1, i/d.Columns, z)
			}
		}
	}
	return d.checkLabels()
}

func (d *Data) checkLabels() error {
	for i, y := range d.Labels {
		if w := d.weight(i); !(w >= 0) || math.IsInf(w, 0) {
			return errors.Errorf("label %d has the weight %v, want a finite number >= 0", i, w)
		}
		switch {
		case y != y:
		case d.Classes && (y != math.Trunc(y) || y < 0 || y >= float64(d.Columns)):
			return errors.Errorf("label %d is %v, want a class from 0 to %d", i, y, d.Columns-1)
		case !d.Classes && !(y >= 0 && y <= 1):
			return errors.Errorf("label %d is %v, want a number from 0 to 1", i, y)
		}
	}
	return nil
}

// weight returns the weight of label i.
func (d *Data) weight(i int) float64 {
	if d.Weights == nil {
		return 1
	}
	return d.Weights[i]
}

// observed reports whether label i counts.
func (d *Data) observed(i int) bool { return d.Labels[i] == d.Labels[i] && d.weight(i) > 0 }
