package csv

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// FitScaled is Fit with another scaling of the columns of numbers: datasets.Standardize, as Fit has, or datasets.RobustClip, whose median and quartiles
// outliers do not move, and whose features stay between -3 and 3. Errors are those of Fit, and one for any other scaling.
func (t *Table) FitScaled(rows []int, scaling datasets.Scaling) (*Encoder, error) {
	if t == nil {
		return nil, errors.New("csv: fit: the table is nil")
	}
	if scaling != datasets.Standardize && scaling != datasets.RobustClip {
		return nil, errors.Errorf("csv: fit: the scaling %q, want %q or %q", scaling, datasets.Standardize, datasets.RobustClip)
	}
	f, err := t.fit(rows, scaling == datasets.RobustClip)
	if err != nil {
		return nil, errors.Wrap(err, "csv: fit")
	}
	return &Encoder{*f}, nil
}

// fitScale sets the scale of a column from the values of the fitting rows, which it may sort.
func (n *numeric) fitScale(c *column, values []float64, robust bool) error {
	ok := false
	if n.Smooth = robust; robust {
		n.Mean, n.SD = batch.Robust(values)
		ok = finite(n.Mean) && finite(n.SD)
	} else {
		n.Mean, n.SD, ok = moments(values)
	}
	if !ok {
		return errors.Errorf("column %s: its values are too far apart to be scaled", formats.Quote(c.name))
	}
	return nil
}

// scaled returns the feature of a value. It is not finite if the value is too large.
func (n *numeric) scaled(v float64) float32 {
	x := (v - n.Mean) / n.SD
	if n.Smooth {
		x = batch.SmoothClip(x)
	}
	return float32(x)
}
