package metric

import "github.com/pkg/errors"

// Accuracy is the fraction of correct predictions. For classes, the prediction is the most probable class; a tie goes to the first. For
// tasks, it is the fraction of the observed labels of all tasks together whose probability is on the correct side of 0.5.
var Accuracy = Metric{Name: "accuracy", Kinds: labelKinds, Func: byKind(ofClasses(tally.accuracy), pooled(tally.accuracy)), Defined: needLabels}

// BalancedAccuracy is the fraction of rows that are predicted correctly, computed per class and averaged over the classes that occur; see
// [Confusion.BalancedAccuracy]. A task has the classes positive and negative.
var BalancedAccuracy = decision("balanced accuracy", tally.balancedAccuracy)

// MCC is Matthews' correlation coefficient; see [Confusion.MCC].
var MCC = decision("MCC", tally.mcc)

// decision is a metric of two or more classes.
func decision(name string, f func(tally) (float64, error)) Metric {
	return Metric{Name: name, Kinds: labelKinds, Func: byKind(ofClasses(f), ofTasks(f)), Defined: needBoth}
}

func ofClasses(f func(tally) (float64, error)) func(*Result) (float64, error) {
	return func(r *Result) (float64, error) {
		t, err := r.tally()
		if err != nil {
			return 0, err
		}
		return f(t)
	}
}

// ofTasks is the mean over the tasks.
func ofTasks(f func(tally) (float64, error)) func(*Result) (float64, error) {
	return overTasks(false, func(p *pairs) (float64, error) { return f(p.tally()) })
}

// pooled combines the observed labels of all tasks.
func pooled(f func(tally) (float64, error)) func(*Result) (float64, error) {
	return func(r *Result) (float64, error) {
		if r.Rows == 0 {
			return 0, errNoLabels()
		}
		all := newTally(2)
		for task := range r.Tasks() {
			p, err := r.pairs(task, false)
			if err != nil {
				return 0, errors.WithMessagef(err, "task %d", task)
			}
			t := p.tally()
			for k := range 2 {
				all.truth[k] += t.truth[k]
				all.predicted[k] += t.predicted[k]
				all.right[k] += t.right[k]
			}
			all.all += t.all
		}
		if all.all == 0 {
			return 0, errNoLabels()
		}
		return number(f(all))
	}
}
