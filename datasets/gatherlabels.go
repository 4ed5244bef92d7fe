package datasets

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// gatherLabels writes labels and weights of an output of a set of n rows. Either may be nil. If perRow is set, there is one weight per row.
func gatherLabels[T float32 | float64](o Output, n int, rows []int, y, weights []T, perRow bool) {
	width, stored := len(o.Tasks), o.weightsPerRow(n)
	for i, r := range rows {
		for t, v := range o.Labels[r*width : (r+1)*width] {
			k := i*width + t
			w := T(1)
			if o.Weights != nil {
				w = T(o.Weights[r*stored+min(t, stored-1)])
			}
			if math.IsNaN(float64(v)) {
				w, v = 0, 0
			}
			if y != nil {
				y[k] = T(v)
			}
			switch {
			case weights == nil:
			case !perRow:
				weights[k] = w
			case t == 0 || w < weights[i]:
				weights[i] = w
			}
		}
	}
}

func (s *Set) checkLabelRoom(o Output, rows []int, t tensor.Dtype, y, weights *tensor.Dense) error {
	tasks := len(o.Tasks)
	if labels, ok := product(s.Len(), tasks); !ok || tasks == 0 || len(o.Labels) != labels {
		return errors.Errorf("datasets: set %q: %d labels for %d rows of %d tasks", s.Name, len(o.Labels), s.Len(), tasks)
	}
	if err := o.checkWeightsSize(s.Len()); err != nil {
		return errors.Wrapf(err, "datasets: set %q", s.Name)
	}
	if o.Classes != nil {
		if tasks != 1 {
			return errors.Errorf("datasets: set %q: %d tasks and %d classes", s.Name, tasks, len(o.Classes))
		}
		tasks = 0 // class indices are a vector
	}
	if y != nil && !fits(y, t, len(rows), tasks) {
		return errors.Errorf("datasets: set %q has labels of shape %v for these rows, not %v %v: the loss of the network does not fit, %s",
			s.Name, shape(len(rows), tasks), y.Dtype(), y.Shape(), o.fittingLoss())
	}
	if weights != nil && !fits(weights, t, len(rows), tasks) && !fits(weights, t, len(rows), 0) {
		return errors.Errorf("datasets: set %q: weights are %v %v, want a plain %v %v", s.Name, weights.Dtype(), weights.Shape(), t, shape(len(rows), tasks))
	}
	return nil
}

// fittingLoss names losses that fit the labels.
func (o Output) fittingLoss() string {
	if o.Classes != nil {
		return "class indices need one such as graphs.CrossEntropy"
	}
	return fmt.Sprintf("labels of %d tasks need as many outputs and one such as graphs.BCE or graphs.MSE", len(o.Tasks))
}
