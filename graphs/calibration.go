package graphs

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Calibration corrects the outputs of a trained network before the link of its loss: with the scaled outputs y = Scale*z and their mean m over the
// columns, it gives (1-Pool)*y + Pool*m + Shift, column by column. Scales are inverse temperatures. Predictions, saved files and ONNX models include it; losses, in training and in evaluation, are those of the network
// without it. Package train/calibrate fits one.
type Calibration struct {
	// Scale holds a positive factor per column. Nil means that all are 1.
	Scale []float64 `json:"scale,omitempty"`
	// Pool holds a share from 0 to 1 per column, that of the mean over the columns: what related tasks have in common counts more, and what a
	// network has learned of one of them alone counts less. Nil means that all are 0. A column that is only shifted keeps the order of its
	// rows, a pooled one does not.
	Pool []float64 `json:"pool,omitempty"`
	// Shift is added at the end. Nil means that all are 0.
	Shift []float64 `json:"shift,omitempty"`
}

// maxCalibration bounds the scales, their inverses and the shifts.
const maxCalibration = 1e6

// check returns an error unless the calibration fits a number of columns.
func (c *Calibration) check(columns int) error {
	if c == nil {
		return nil
	}
	if err := c.checkSizes(columns); err != nil {
		return err
	}
	for i, a := range c.Scale {
		if !(a >= 1/maxCalibration && a <= maxCalibration) {
			return errors.Errorf("calibration: scale %d is %v, want a positive number", i, a)
		}
	}
	for i, p := range c.Pool {
		if !(p >= 0 && p <= 1) {
			return errors.Errorf("calibration: pool %d is %v, want 0 to 1", i, p)
		}
	}
	for i, b := range c.Shift {
		if !(math.Abs(b) <= maxCalibration) {
			return errors.Errorf("calibration: shift %d is %v, want a finite number", i, b)
		}
	}
	return nil
}

func (c *Calibration) checkSizes(columns int) error {
	if c.Scale != nil && len(c.Scale) != columns || c.Pool != nil && len(c.Pool) != columns || c.Shift != nil && len(c.Shift) != columns {
		return errors.Errorf("calibration of %d scales, %d pools and %d shifts, want %d columns", len(c.Scale), len(c.Pool), len(c.Shift), columns)
	}
	return nil
}

// Apply corrects a row of outputs, in place. It returns an error if the calibration does not fit the row. A nil Calibration changes nothing.
func (c *Calibration) Apply(row []float64) error {
	if c == nil {
		return nil
	}
	if err := c.checkSizes(len(row)); err != nil {
		return errors.Wrap(err, "graphs")
	}
	for i := range row {
		if c.Scale != nil {
			row[i] *= c.Scale[i]
		}
	}
	if c.Pool != nil {
		mean := 0.0
		for _, y := range row {
			mean += y
		}
		mean /= float64(len(row))
		for i, p := range c.Pool {
			row[i] = (1-p)*row[i] + p*mean
		}
	}
	for i := range row {
		if c.Shift != nil {
			row[i] += c.Shift[i]
		}
	}
	return nil
}

// Predictions turns a row of the output into predictions, in place: calibration, then the link of the loss. It returns an error if the
// calibration does not fit the row, and if the link panics.
func (o Output) Predictions(row []float64) error {
	if err := o.Calibration.Apply(row); err != nil {
		return err
	}
	return o.Loss.Predictions(row)
}

// AllPredictions turns rows of the output, row-major, into predictions, in place. They have the same bits as those of [Output.Predictions] for
// each row, and do not depend on the threads of w. It returns an error that names the row for what Predictions returns one, and for a number of
// elements that is no multiple of columns.
func (o Output) AllPredictions(w *kernel.Workers, rows []float64, columns int) error {
	if columns < 1 || len(rows)%columns != 0 {
		return errors.Errorf("graphs: %d outputs for rows of %d columns", len(rows), columns)
	}
	together := o.Loss.Link == Sigmoid // an exponential per element is worth the threads
	for k := range len(rows) / columns {
		row := rows[k*columns:][:columns]
		err := o.Calibration.Apply(row)
		if err == nil && !together {
			err = o.Loss.Predictions(row)
		}
		if err != nil {
			return errors.Wrapf(err, "row %d", k)
		}
	}
	if together {
		kernel.Sigmoid(w, rows, rows)
	}
	return nil
}
