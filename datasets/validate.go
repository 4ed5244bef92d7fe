package datasets

import (
	"fmt"
	"math"
	"strings"

	"github.com/pkg/errors"
)

// Validate checks that all fields of the set fit together: sizes; features that are finite; labels that are NaN or finite, and class
// indices if there are classes; weights that are finite and not negative. The error names the field and, if there is one, the row and the
// column.
func (s *Set) Validate() error {
	if err := s.checkSizes(); err != nil {
		return err
	}
	for i := range s.outputs() {
		o := s.output(i)
		if err := s.checkLabels(o, i); err != nil {
			return err
		}
		if err := s.checkWeights(o, i); err != nil {
			return err
		}
	}
	for i := range s.inputs() {
		if err := s.checkInput(s.input(i), i); err != nil {
			return err
		}
	}
	return nil
}

// checkInput returns an error for features that are not finite, and for categories that do not exist.
func (s *Set) checkInput(in Input, i int) error {
	row, col, err := firstNotFinite(in.Features)
	what := "feature"
	if i > 0 {
		what = fmt.Sprintf("input %q, feature", in.Name)
	}
	switch {
	case err != nil:
		return s.wrap(err)
	case row >= 0 && in.FeatureNames != nil:
		return errors.Errorf("datasets: set %q: row %d: %s %d (%q) is not a finite number", s.Name, row, what, col, in.FeatureNames[col])
	case row >= 0:
		return errors.Errorf("datasets: set %q: row %d: %s %d is not a finite number", s.Name, row, what, col)
	}
	return errors.Wrapf(in.checkCategories(), "datasets: set %q: input %q", s.Name, in.Name)
}

// checkSizes checks the lengths of all fields.
func (s *Set) checkSizes() error {
	if s == nil {
		return errors.New("datasets: the set is nil")
	}
	if s.Features == nil {
		return errors.Errorf("datasets: set %q has no features", s.Name)
	}
	if len(s.Tasks) == 0 || s.Classes != nil && len(s.Tasks) != 1 {
		return errors.Errorf("datasets: set %q: %d tasks and %d classes", s.Name, len(s.Tasks), len(s.Classes))
	}
	n, cols := s.Features.Dims()
	labels, ok := product(n, len(s.Tasks))
	if !ok || cols < 0 {
		return errors.Errorf("datasets: set %q: %d x %d features", s.Name, n, cols)
	}
	if s.Sparse && s.Shape != nil {
		return errors.Errorf("datasets: set %q has a Shape, that of images, and is Sparse", s.Name)
	}
	if s.Shape != nil && !isImage(s.Shape, cols) {
		return errors.Errorf("datasets: set %q: images of shape %v in %d columns, want channels, height and width whose product is the number of columns", s.Name, s.Shape, cols)
	}
	for _, f := range []struct {
		name       string
		have, want int
		optional   bool
	}{
		{"IDs", len(s.IDs), n, s.IDs == nil},
		{"FeatureNames", len(s.FeatureNames), cols, s.FeatureNames == nil},
		{"Labels", len(s.Labels), labels, false},
		{"Part", len(s.Part), n, s.Part == nil},
		{"Fold", len(s.Fold), n, s.Fold == nil},
		{"Groups", len(s.Groups), n, s.Groups == nil},
	} {
		if f.have != f.want && !f.optional {
			return errors.Errorf("datasets: set %q: %s has %d entries, want %d", s.Name, f.name, f.have, f.want)
		}
	}
	if err := s.checkWeightsSize(); err != nil {
		return err
	}
	return s.checkMore()
}

// isImage reports whether a shape is that of an image of so many elements.
func isImage(shape []int, size int) bool {
	if len(shape) != 3 {
		return false
	}
	n := 1
	for _, d := range shape {
		var ok bool
		if n, ok = product(n, d); !ok || d < 1 {
			return false
		}
	}
	return n == size
}

func (s *Set) checkWeightsSize() error {
	return errors.Wrapf(s.output(0).checkWeightsSize(s.Len()), "datasets: set %q", s.Name)
}

func (s *Set) checkLabels(o Output, output int) error {
	for i, y := range o.Labels {
		switch {
		case math.IsNaN(float64(y)):
		case math.IsInf(float64(y), 0):
			return s.errorAt(o, output, i, len(o.Tasks), "label is infinite")
		case o.Classes != nil && !(y >= 0 && float64(y) < float64(len(o.Classes)) && float64(y) == math.Trunc(float64(y))):
			return s.errorAt(o, output, i, len(o.Tasks), "class %v, want a whole number from 0 to %d", y, len(o.Classes)-1)
		}
	}
	return nil
}

func (s *Set) checkWeights(o Output, output int) error {
	for i, w := range o.Weights {
		if !(w >= 0) || math.IsInf(float64(w), 0) {
			return s.errorAt(o, output, i, o.weightsPerRow(s.Len()), "weight %v, want a finite number of at least 0", w)
		}
	}
	return nil
}

// errorAt returns an error about entry i of a field of an output with the given number of entries per row.
func (s *Set) errorAt(o Output, output, i, width int, format string, args ...any) error {
	where := fmt.Sprintf("row %d", i/max(width, 1))
	if width >= 2 {
		where = fmt.Sprintf("row %d, column %d (%q)", i/width, i%width, o.Tasks[i%width])
	}
	if output > 0 {
		where = fmt.Sprintf("output %q, %s", o.Name, where)
	}
	return errors.Wrapf(errors.Errorf(format, args...), "datasets: set %q: %s", s.Name, where)
}

// weightsPerRow returns how many entries of Weights belong to a row: one, or one for each task.
func (s *Set) weightsPerRow() int { return s.output(0).weightsPerRow(s.Len()) }

// wrap adds the name of the set to an error of its features.
func (s *Set) wrap(err error) error { return errors.WithStack(&setError{s.Name, err}) }

// setError places the name of a set after the prefix of this package, which errors of features have already.
type setError struct {
	set   string
	cause error
}

func (e *setError) Error() string {
	return fmt.Sprintf("datasets: set %q: %s", e.set, strings.TrimPrefix(e.cause.Error(), "datasets: "))
}

// Unwrap returns the error of the features.
func (e *setError) Unwrap() error { return e.cause }

// Cause is Unwrap for errors.Cause.
func (e *setError) Cause() error { return e.cause }
