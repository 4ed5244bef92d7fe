package metric

import (
	"math"

	"github.com/pkg/errors"
)

// class returns the class of a row of Classes or Distributions, and its weight, which is 0 if the label is missing.
func (r *Result) class(i int) (class int, weight float64, err error) {
	if weight = r.weight(i); weight == 0 {
		return 0, 0, nil
	}
	if r.Kind == Distributions {
		label := r.distribution(i)
		if hasNaN(label) {
			return 0, 0, nil
		}
		return argmax(label), weight, checkDistribution(i, label)
	}
	label := r.Labels[i]
	if math.IsNaN(label) {
		return 0, 0, nil
	}
	if !(label >= 0 && label < float64(r.Outputs) && label == math.Trunc(label)) {
		return 0, 0, errors.Errorf("row %d has class %v, want an integer from 0 to %d", i, label, r.Outputs-1)
	}
	return int(label), weight, nil
}

// distribution returns the label of a row of Distributions.
func (r *Result) distribution(i int) []float64 { return r.Labels[i*r.Outputs : (i+1)*r.Outputs] }

func checkDistribution(row int, label []float64) error {
	sum := 0.0
	for _, q := range label {
		if !isProbability(q) {
			return errors.Errorf("the label of row %d has an element %v, want a probability", row, q)
		}
		sum += q
	}
	if math.Abs(sum-1) > 1e-3 { // labels may be float32, or rounded
		return errors.Errorf("the label of row %d sums to %v, want 1", row, sum)
	}
	return nil
}

// classRows calls f for each row of Classes or Distributions whose label is observed.
func (r *Result) classRows(probabilities bool, f func(i, class int, weight float64)) error {
	total := 0.0
	for i := range r.Rows {
		class, weight, err := r.class(i)
		if err != nil {
			return err
		}
		if weight == 0 {
			continue
		}
		for _, p := range r.Row(i) {
			if math.IsNaN(p) {
				return errors.Errorf("a prediction of row %d is NaN", i)
			}
			if probabilities && !isProbability(p) {
				return notProbability(i, p)
			}
		}
		f(i, class, weight)
		total += weight
	}
	if total == 0 {
		return errNoLabels()
	}
	if math.IsInf(total, 0) {
		return errors.New("the sum of the weights overflows")
	}
	return nil
}

// argmax returns the index of the greatest element; ties go to the first.
func argmax(x []float64) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

func isPositive(x float64) int {
	if x > 0.5 {
		return 1
	}
	return 0
}
