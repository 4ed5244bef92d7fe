package calibrate

import (
	"math"

	"github.com/pkg/errors"
)

// Platt returns a scale and a shift for each binary task (Platt 1999): first the factor of Temperature for all tasks, then for each task the
// scale and the shift that minimize its loss plus penalties for leaving that factor and the shift 0, in standard deviations of Prior. A task
// without observed labels gets the common factor. It returns an error for data that do not fit together, and for classes.
func Platt(d Data, o Options) (Scaling, error) {
	if d.Classes {
		return Scaling{}, errors.New("calibrate: Platt scaling is for binary tasks; use Temperature")
	}
	s, err := Temperature(d, o)
	if err != nil {
		return s, err
	}
	prior, err := o.prior()
	if err != nil {
		return s, err
	}
	s.Shift = make([]float64, d.Columns)
	for task := range d.Columns {
		s.Scale[task], s.Shift[task] = d.platt(task, s.Scale[task], 2*prior*prior, o.highest())
	}
	return s, nil
}

// platt minimizes over scale and shift in turn. Each turn lowers the loss, so any number of them is safe.
func (d *Data) platt(task int, common, penalty, highest float64) (scale, shift float64) {
	one := d.task(task)
	if len(one.Labels) == 0 {
		return common, 0
	}
	u := 0.0
	for range 8 {
		was := [2]float64{u, shift}
		shift = minimizeFrom(shift, maxLogScale, func(b float64) float64 {
			sum, _ := one.loss(common*math.Exp(u), b)
			return sum + b*b/penalty
		})
		u = minimizeFrom(u, highest-math.Log(common), func(u float64) float64 {
			sum, _ := one.loss(common*math.Exp(u), shift)
			return sum + u*u/penalty
		})
		if math.Abs(u-was[0])+math.Abs(shift-was[1]) < 1e-3 {
			break
		}
	}
	return common * math.Exp(u), shift
}

// minimizeFrom returns the minimum from -maxLogScale to hi, or x if none is lower.
func minimizeFrom(x, hi float64, f func(x float64) float64) float64 {
	if y := minimize(f, -maxLogScale, hi); f(y) < f(x) {
		return y
	}
	return x
}

// task returns the observed rows of one task.
func (d *Data) task(task int) *Data {
	one := &Data{Columns: 1, Logits: make([][]float64, len(d.Logits)), Weights: []float64{}}
	for i := task; i < len(d.Labels); i += d.Columns {
		if !d.observed(i) {
			continue
		}
		one.Labels, one.Weights = append(one.Labels, d.Labels[i]), append(one.Weights, d.weight(i))
		for k := range d.Logits {
			one.Logits[k] = append(one.Logits[k], d.Logits[k][i])
		}
	}
	return one
}
