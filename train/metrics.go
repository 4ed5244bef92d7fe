package train

import (
	"github.com/pkg/errors"
)

// Metric judges predictions.
type Metric struct {
	Name string
	// Lower says that a lower value is better.
	Lower bool
	// Of returns the value, or an error if it is not defined for these labels.
	Of func(r *Result) (float64, error)
}

// MeanROCAUC is the mean of the ROC-AUC of the tasks, each over its observed labels. Tasks without an observed positive or
// negative do not count; it is an error if none is left.
var MeanROCAUC = Metric{Name: "ROC-AUC", Of: func(r *Result) (float64, error) {
	sum, n := 0.0, 0
	for task := range r.Tasks() {
		auc, err := r.TaskROCAUC(task)
		switch {
		case errors.Is(err, ErrOneClass):
		case err != nil:
			return 0, err
		default:
			sum, n = sum+auc, n+1
		}
	}
	if n == 0 {
		return 0, errors.Wrap(ErrOneClass, "no task has both")
	}
	return sum / float64(n), nil
}}

// TaskROCAUC is the ROC-AUC of one task over its observed labels.
func (r *Result) TaskROCAUC(task int) (float64, error) {
	scores, labels := r.Task(task)
	return ROCAUC(scores, labels)
}

// Accuracy is the fraction of right predictions: of the most probable class, or of the observed labels of all tasks with
// a probability on their side of 0.5. A tie between classes goes to the first.
var Accuracy = Metric{Name: "accuracy", Of: accuracy}

func accuracy(r *Result) (float64, error) {
	right, n := 0, 0
	if r.Classes {
		for i, class := range r.Labels {
			n++
			if argmax(r.Row(i)) == int(class) {
				right++
			}
		}
	} else {
		for i, p := range r.Values {
			if r.Weights[i] > 0 {
				n++
				if (p > 0.5) == (r.Labels[i] > 0.5) {
					right++
				}
			}
		}
	}
	if n == 0 {
		return 0, errors.New("accuracy: no labels")
	}
	return float64(right) / float64(n), nil
}

func argmax(x []float64) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// Loss is the loss that the network is trained for, on the data as a whole.
var Loss = Metric{Name: "loss", Lower: true, Of: func(r *Result) (float64, error) { return r.Loss, nil }}
