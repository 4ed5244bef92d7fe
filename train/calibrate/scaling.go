package calibrate

import (
	"encoding/json"
	"math"

	"github.com/pkg/errors"
)

// Scaling turns logits into calibrated ones: Scale*z + Shift, column by column. The zero Scaling changes nothing.
// graphs.Calibration holds one for predictions.
type Scaling struct {
	// Scale holds a positive factor per column, the inverse of a temperature. Nil means that all are 1.
	Scale []float64 `json:"scale,omitempty"`
	// Shift is added after scaling. Nil means that all are 0.
	Shift []float64 `json:"shift,omitempty"`
}

// maxFactor bounds the scales and the shifts that are believed.
const maxFactor = 1e6

// Check returns an error unless the scaling fits a number of columns, and its numbers are finite, its scales positive.
func (s Scaling) Check(columns int) error {
	if s.Scale != nil && len(s.Scale) != columns || s.Shift != nil && len(s.Shift) != columns {
		return errors.Errorf("calibrate: %d scales and %d shifts for %d columns", len(s.Scale), len(s.Shift), columns)
	}
	return errors.Wrap(s.check(), "calibrate")
}

func (s Scaling) check() error {
	for i, a := range s.Scale {
		if !(a >= 1/maxFactor && a <= maxFactor) {
			return errors.Errorf("scale %d is %v, want a positive number", i, a)
		}
	}
	for i, b := range s.Shift {
		if !(math.Abs(b) <= maxFactor) {
			return errors.Errorf("shift %d is %v, want a number", i, b)
		}
	}
	return nil
}

// Apply changes a row of logits in place. It returns an error, and changes nothing, if the scaling does not fit.
func (s Scaling) Apply(row []float64) error {
	if err := s.Check(len(row)); err != nil {
		return err
	}
	s.apply(row)
	return nil
}

func (s Scaling) apply(row []float64) {
	for i := range row {
		if s.Scale != nil {
			row[i] *= s.Scale[i]
		}
		if s.Shift != nil {
			row[i] += s.Shift[i]
		}
	}
}

// UnmarshalJSON refuses numbers that no fit gives.
func (s *Scaling) UnmarshalJSON(text []byte) error {
	if s == nil {
		return errors.New("calibrate: the scaling is nil")
	}
	type plain Scaling
	var p plain
	if err := json.Unmarshal(text, &p); err != nil {
		return errors.Wrap(err, "calibrate")
	}
	if p.Scale != nil && p.Shift != nil && len(p.Scale) != len(p.Shift) {
		return errors.Errorf("calibrate: %d scales and %d shifts", len(p.Scale), len(p.Shift))
	}
	if err := Scaling(p).check(); err != nil {
		return errors.Wrap(err, "calibrate")
	}
	*s = Scaling(p)
	return nil
}
