package metric

import (
	"math"

	"github.com/pkg/errors"
)

// tally holds the margins and the diagonal of a confusion matrix, which take little memory even for many classes. Per class, these are the
// weights of its rows, of the rows predicted as this class, and of the rows in both; it also holds the total weight.
type tally struct {
	truth, predicted, right []float64
	all                     float64
}

func newTally(classes int) tally {
	return tally{truth: make([]float64, classes), predicted: make([]float64, classes), right: make([]float64, classes)}
}

func (t *tally) add(truth, predicted int, weight float64) {
	t.truth[truth] += weight
	t.predicted[predicted] += weight
	if truth == predicted {
		t.right[truth] += weight
	}
	t.all += weight
}

// tally is that of a result with classes.
func (r *Result) tally() (tally, error) {
	if r.Rows == 0 {
		return tally{}, errNoLabels()
	}
	t := newTally(r.Outputs)
	err := r.classRows(false, func(i, class int, weight float64) { t.add(class, argmax(r.Row(i)), weight) })
	return t, err
}

// tally is that of a binary task, with class 1 for positives.
func (p *pairs) tally() tally {
	t := newTally(2)
	for i, s := range p.predictions {
		t.add(isPositive(p.labels[i]), isPositive(s), p.weights[i])
	}
	return t
}

// accuracy is the fraction of the rows that are predicted correctly.
func (t tally) accuracy() (float64, error) { return sum(t.right) / t.all, nil }

// checkBoth returns an error if the labels are of fewer than two classes.
func (t tally) checkBoth() error {
	if t.all == 0 {
		return errNoLabels()
	}
	classes := 0
	for _, w := range t.truth {
		if w > 0 {
			classes++
		}
	}
	if classes < 2 {
		return errors.Wrap(ErrUndefined, "the labels are of one class, need two")
	}
	return nil
}

func (t tally) balancedAccuracy() (float64, error) {
	if err := t.checkBoth(); err != nil {
		return 0, err
	}
	recalls, n := 0.0, 0
	for i, truth := range t.truth {
		if truth > 0 {
			recalls, n = recalls+t.right[i]/truth, n+1
		}
	}
	return recalls / float64(n), nil
}

func (t tally) mcc() (float64, error) {
	if err := t.checkBoth(); err != nil {
		return 0, err
	}
	var tp, tt, pp float64 // sums over the classes of products of truth and predicted
	for i, truth := range t.truth {
		p := t.predicted[i]
		tp, tt, pp = tp+truth*p, tt+truth*truth, pp+p*p
	}
	n := t.all
	scale := math.Sqrt(n*n-pp) * math.Sqrt(n*n-tt)
	if n*n <= pp || n*n <= tt || scale == 0 { // all rows, or nearly all, are predicted as the same class
		return 0, nil
	}
	return math.Max(-1, math.Min(1, (sum(t.right)*n-tp)/scale)), nil
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
