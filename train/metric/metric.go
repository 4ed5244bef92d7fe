package metric

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// A Metric computes one number from a result. The metrics of this package are variables such as [Accuracy]; to write your own, fill in
// Name, Lower and Func.
//
// For a result with several tasks, the metrics of this package are computed per task on its observed labels and averaged over the tasks for
// which they are defined. If there are none, the error has the cause [ErrUndefined].
type Metric struct {
	// Name appears in logs, tables and reports.
	Name string
	// Output is the name of the output that is judged, of a network with several. Empty means the first. See For.
	Output string
	// Lower means that a lower value is better.
	Lower bool
	// Kinds are the kinds of results that the metric applies to. Nil means all.
	Kinds []Kind
	// Func returns the value, or an error if it is not defined. Call it through Compute, which checks the result first.
	Func func(r *Result) (float64, error)
	// Defined, which may be nil, returns an error if the metric is not defined for these labels and weights, whatever the predictions.
	// The Values of its argument are nil. Call it through Check.
	Defined func(labels *Result) error
}

// For returns the metric of the output of that name of a network with several: RMSE.For("price") is called "price RMSE".
func (m Metric) For(output string) Metric {
	if output != "" {
		m.Name, m.Output = output+" "+m.Name, output
	}
	return m
}

// of returns the result of the output that the metric judges.
func (m Metric) of(r *Result) (*Result, error) {
	if m.Output == "" || r == nil {
		return r, nil
	}
	one := r.Output(m.Output)
	if one == nil {
		var names []string
		for _, p := range r.Parts {
			names = append(names, p.Name)
		}
		return nil, errors.Errorf("metric: %s: there is no output %q among %q", m.Name, m.Output, names)
	}
	return one, nil
}

// ErrUndefined is the cause of the error of a metric that is not defined for the given labels, for example because there are none, because
// they are all of one class, or because they are all equal.
var ErrUndefined = errors.New("not defined for these labels")

// Compute returns the value of the metric. It returns an error if the result does not pass [Result.Check], if the metric does not apply to
// its kind, or if the prediction for an observed label is NaN or outside the metric's range. The error has the cause [ErrUndefined] if the
// metric is not defined for the labels. Errors and panics of Func are returned as errors.
func (m Metric) Compute(r *Result) (value float64, err error) {
	if m.Func == nil {
		return 0, errors.Errorf("metric: %q has no Func", m.Name)
	}
	if r, err = m.of(r); err != nil {
		return 0, err
	}
	if err := r.Check(); err != nil {
		return 0, errors.Wrapf(err, "metric: %s", m.Name)
	}
	if err := m.CheckKind(r.Kind); err != nil {
		return 0, err
	}
	if err = m.recovered(func() (err error) { value, err = m.Func(r); return err }); err != nil {
		return 0, errors.Wrapf(err, "metric: %s", m.Name)
	}
	return value, nil
}

// recovered turns a panic of a user's function into an error.
func (m Metric) recovered(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// Better reports whether the value a is strictly better than b. NaN is never better, and any other value is better than NaN.
func (m Metric) Better(a, b float64) bool {
	switch {
	case math.IsNaN(a):
		return false
	case math.IsNaN(b):
		return true
	case m.Lower:
		return a < b
	}
	return a > b
}

// Worst returns the worst possible value: +Inf if lower is better, otherwise -Inf.
func (m Metric) Worst() float64 {
	if m.Lower {
		return math.Inf(1)
	}
	return math.Inf(-1)
}

// CheckKind returns an error that suggests other metrics if the metric does not apply to results of this kind.
func (m Metric) CheckKind(kind Kind) error {
	if kind < Binary || kind > Distributions {
		return errors.Errorf("metric: %s of %v: set Result.Kind", m.Name, kind)
	}
	if m.Kinds == nil || slices.Contains(m.Kinds, kind) {
		return nil
	}
	var want []string
	for _, k := range m.Kinds {
		want = append(want, k.String())
	}
	return errors.Errorf("metric: %s is for %s, but this is %s; use %s", m.Name, orList(want), article(kind), suggestions(kind))
}

func article(kind Kind) string {
	if kind == Values {
		return "a regression"
	}
	return "a result with " + kind.String()
}

func suggestions(kind Kind) string {
	switch kind {
	case Values:
		return orList([]string{RMSE.Name, MAE.Name, R2.Name})
	case Binary:
		return orList([]string{MeanROCAUC.Name, MeanPRAUC.Name, LogLoss.Name, Brier.Name})
	}
	return orList([]string{Accuracy.Name, BalancedAccuracy.Name, LogLoss.Name})
}

// orList returns "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return fmt.Sprintf("%s or %s", strings.Join(words[:last], ", "), words[last])
}

// Check returns an error if the metric is not defined for the kind, labels and weights of a result, whatever its predictions, which may be
// absent. A run calls it for its validation data before the first step. A metric without Defined is computed on artificial predictions,
// unless there are very many; an error or NaN counts as not defined.
func (m Metric) Check(labels *Result) error {
	if m.Func == nil {
		return errors.Errorf("metric: %q has no Func", m.Name)
	}
	labels, err := m.of(labels)
	if err != nil {
		return err
	}
	if err := labels.checkLabels(); err != nil {
		return errors.Wrapf(err, "metric: %s", m.Name)
	}
	if err := m.CheckKind(labels.Kind); err != nil {
		return err
	}
	if m.Defined == nil {
		return m.try(labels)
	}
	bare := *labels
	bare.Values = nil
	return errors.Wrapf(m.recovered(func() error { return m.Defined(&bare) }), "metric: %s", m.Name)
}

// maxTried is the greatest number of artificial predictions for a check.
const maxTried = 1 << 26

// try computes the metric on artificial predictions.
func (m Metric) try(labels *Result) error {
	if labels.Rows == 0 {
		return errors.Wrapf(errNoLabels(), "metric: %s", m.Name)
	}
	if labels.Outputs > maxTried/labels.Rows {
		return nil
	}
	r := *labels
	r.Parts, m.Output = nil, ""
	r.Loss, r.Values = 1, make([]float64, r.Rows*r.Outputs)
	for i := range r.Rows {
		sum, row := 0.0, r.Row(i)
		for j := range row { // in (0, 1), without a period
			_, row[j] = math.Modf(float64(i*r.Outputs+j+1) * (math.Phi - 1))
			sum += row[j]
		}
		for j := range row {
			if r.Kind.rowLabels() {
				row[j] /= sum
			}
		}
	}
	value, err := m.Compute(&r)
	if err == nil && math.IsNaN(value) {
		err = errors.Wrapf(ErrUndefined, "metric: %s is NaN", m.Name)
	}
	return err
}
