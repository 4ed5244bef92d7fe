package train

import (
	"math"

	"github.com/pkg/errors"
)

// Accuracy is the fraction of right predictions: of the most probable class, or of the observed labels of all tasks together with
// a probability on their side of 0.5. A tie between classes goes to the first.
var Accuracy = Metric{Name: "accuracy", Of: accuracy}

func accuracy(r *Result) (float64, error) {
	right, all := 0, 0
	add := func(m Confusion) {
		_, _, r, a := m.sums()
		right, all = right+r, all+a
	}
	if r.Classes {
		m, err := r.Confusion()
		if err != nil {
			return 0, errors.WithMessage(err, "accuracy")
		}
		add(m)
	} else {
		for task := range r.Tasks() {
			m, err := r.TaskConfusion(task)
			if errors.Is(err, ErrUndefined) {
				continue
			}
			if err != nil {
				return 0, errors.WithMessagef(err, "accuracy: task %d", task)
			}
			add(m)
		}
	}
	if all == 0 {
		return 0, errors.Wrap(ErrUndefined, "accuracy: there are no labels")
	}
	return float64(right) / float64(all), nil
}

// BalancedAccuracy is the mean over the classes that occur of the fraction of their rows that are predicted right, see
// [Confusion.BalancedAccuracy]. A task has the classes positive and negative.
var BalancedAccuracy = decisionMetric("balanced accuracy", Confusion.BalancedAccuracy)

// MCC is Matthews' correlation coefficient, see [Confusion.MCC].
var MCC = decisionMetric("MCC", Confusion.MCC)

// decisionMetric is a metric of a confusion matrix.
func decisionMetric(name string, f func(Confusion) (float64, error)) Metric {
	return Metric{Name: name, Of: func(r *Result) (float64, error) {
		if r.Classes {
			m, err := r.Confusion()
			if err != nil {
				return 0, errors.WithMessage(err, name)
			}
			return f(m)
		}
		return r.mean(name, func(scores, labels []float64) (float64, error) {
			m, err := confusionOf(name, scores, labels)
			if err != nil {
				return 0, err
			}
			return f(m)
		})
	}}
}

// BalancedAccuracy is the mean of the recalls of the classes that occur (Brodersen et al. 2010). It returns an error with cause
// [ErrOneClass] if only one occurs.
func (m Confusion) BalancedAccuracy() (float64, error) {
	if err := m.checkKinds("balanced accuracy"); err != nil {
		return 0, err
	}
	truth, _, _, _ := m.sums()
	sum, n := 0.0, 0
	for i, t := range truth {
		if t > 0 {
			sum, n = sum+float64(m[i][i])/float64(t), n+1
		}
	}
	return sum / float64(n), nil
}

// MCC is the correlation coefficient of Matthews (1975), for more than two classes as by Gorodkin (2004): from -1 to 1, and 0 if all
// rows are predicted to be of one class. It returns an error with cause [ErrOneClass] if only one class occurs.
func (m Confusion) MCC() (float64, error) {
	if err := m.checkKinds("MCC"); err != nil {
		return 0, err
	}
	truth, predicted, right, all := m.sums()
	var tp, tt, pp float64 // sums over the classes of products of truth and predicted
	for i := range m {
		t, p := float64(truth[i]), float64(predicted[i])
		tp, tt, pp = tp+t*p, tt+t*t, pp+p*p
	}
	n := float64(all)
	if n*n == pp {
		return 0, nil
	}
	return (float64(right)*n - tp) / (math.Sqrt(n*n-pp) * math.Sqrt(n*n-tt)), nil
}
