package metric

import "github.com/pkg/errors"

// F1, Precision and Recall count a probability above 0.5 as positive and are averaged over the tasks that have positive labels. For classes
// they are averaged over the classes that occur among labels or predictions (macro average). Precision is 0 for a class that is never
// predicted. F1 is the harmonic mean of precision and recall (van Rijsbergen 1979).
var (
	F1        = retrieval("F1", func(right, truth, predicted float64) float64 { return ratio(2*right, truth+predicted) })
	Precision = retrieval("precision", func(right, _, predicted float64) float64 { return ratio(right, predicted) })
	Recall    = retrieval("recall", func(right, truth, _ float64) float64 { return ratio(right, truth) })
)

// MicroF1 is the F1 of the observed labels of all tasks together. For classes it equals Accuracy.
var MicroF1 = Metric{Name: "micro F1", Kinds: labelKinds, Defined: needPositives,
	Func: byKind(ofClasses(tally.accuracy), pooled(func(t tally) (float64, error) {
		return t.positives(func(right, truth, predicted float64) float64 { return 2 * right / (truth + predicted) })
	}))}

func retrieval(name string, f func(right, truth, predicted float64) float64) Metric {
	macro := func(t tally) (float64, error) {
		sum, n := 0.0, 0
		for i, truth := range t.truth {
			if truth > 0 || t.predicted[i] > 0 {
				sum, n = sum+f(t.right[i], truth, t.predicted[i]), n+1
			}
		}
		return sum / float64(n), nil
	}
	positives := func(t tally) (float64, error) { return t.positives(f) }
	return Metric{Name: name, Kinds: labelKinds, Func: byKind(ofClasses(macro), ofTasks(positives)), Defined: needPositives}
}

// positives computes f of class 1.
func (t tally) positives(f func(right, truth, predicted float64) float64) (float64, error) {
	if t.truth[1] == 0 {
		return 0, errors.Wrap(ErrUndefined, "there are no positives")
	}
	return f(t.right[1], t.truth[1], t.predicted[1]), nil
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
