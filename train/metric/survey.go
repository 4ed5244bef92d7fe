package metric

import (
	"math"

	"github.com/pkg/errors"
)

// survey counts the observed labels of a task, or of all rows for classes and distributions.
type survey struct {
	labels              int
	first               float64 // label
	different           bool    // labels, or classes
	positives, negative int
	total               float64
}

func (s *survey) add(label, weight float64) {
	if s.labels == 0 {
		s.first = label
	}
	s.labels++
	s.different = s.different || label != s.first
	s.total += weight
	if isPositive(label) == 1 {
		s.positives++
	} else {
		s.negative++
	}
}

// surveys returns one per task, or one for classes and distributions, of a result that passes checkLabels.
func (r *Result) surveys() ([]survey, error) {
	if r.Rows == 0 {
		return nil, errNoLabels()
	}
	tasks := r.Outputs
	if r.Kind.rowLabels() {
		tasks = 1
	}
	out := make([]survey, tasks)
	for i := range r.Rows {
		if r.Kind.rowLabels() {
			class, weight, err := r.class(i)
			if err != nil {
				return nil, err
			}
			if weight > 0 {
				out[0].add(float64(class), weight)
			}
			continue
		}
		for task := range out {
			k := i*r.Outputs + task
			switch y, w := r.Labels[k], r.weight(k); {
			case w == 0 || math.IsNaN(y):
			case math.IsInf(y, 0):
				return nil, errors.Errorf("row %d has label %v", i, y)
			default:
				out[task].add(y, w)
			}
		}
	}
	for _, s := range out {
		if math.IsInf(s.total, 0) {
			return nil, errors.New("the sum of the weights overflows")
		}
	}
	return out, nil
}

// needs returns a Metric.Defined: ok must hold for a task, or for the classes.
func needs(what string, ok func(s survey, kind Kind) bool) func(*Result) error {
	return func(r *Result) error {
		all, err := r.surveys()
		if err != nil {
			return err
		}
		observed := 0
		for _, s := range all {
			observed += s.labels
			if s.labels > 0 && ok(s, r.Kind) {
				return nil
			}
		}
		switch {
		case observed == 0:
			return errNoLabels()
		case r.Kind.rowLabels():
			return errors.Wrapf(ErrUndefined, "the %d labels are of one class", observed)
		}
		return errors.Wrapf(ErrUndefined, "none of %d tasks has %s", len(all), what)
	}
}

var (
	needLabels = needs("observed labels", func(survey, Kind) bool { return true })
	// needBoth is for metrics that compare positives and negatives, or classes.
	needBoth = needs("positives and negatives", func(s survey, kind Kind) bool {
		return kind.rowLabels() && s.different || !kind.rowLabels() && s.positives > 0 && s.negative > 0
	})
	needPositives = needs("positives", func(s survey, kind Kind) bool { return kind.rowLabels() || s.positives > 0 })
	needDifferent = needs("different labels", func(s survey, _ Kind) bool { return s.different })
)
