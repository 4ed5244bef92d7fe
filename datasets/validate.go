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
	if err := s.checkLabels(); err != nil {
		return err
	}
	if err := s.checkWeights(); err != nil {
		return err
	}
	row, col, err := firstNotFinite(s.Features)
	switch {
	case err != nil:
		return s.wrap(err)
	case row < 0:
		return nil
	case s.FeatureNames != nil:
		return errors.Errorf("datasets: set %q: row %d: feature %d (%q) is not a finite number", s.Name, row, col, s.FeatureNames[col])
	}
	return errors.Errorf("datasets: set %q: row %d: feature %d is not a finite number", s.Name, row, col)
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
	return s.checkWeightsSize()
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
	n := s.Len()
	if s.Weights != nil && len(s.Weights) != n && len(s.Weights) != n*len(s.Tasks) {
		return errors.Errorf("datasets: set %q: Weights has %d entries, want one for each of %d rows or %d labels",
			s.Name, len(s.Weights), n, n*len(s.Tasks))
	}
	return nil
}

func (s *Set) checkLabels() error {
	for i, y := range s.Labels {
		switch {
		case math.IsNaN(float64(y)):
		case math.IsInf(float64(y), 0):
			return s.errorAt(i, len(s.Tasks), "label is infinite")
		case s.Classes != nil && !(y >= 0 && float64(y) < float64(len(s.Classes)) && float64(y) == math.Trunc(float64(y))):
			return s.errorAt(i, len(s.Tasks), "class %v, want a whole number from 0 to %d", y, len(s.Classes)-1)
		}
	}
	return nil
}

func (s *Set) checkWeights() error {
	for i, w := range s.Weights {
		if !(w >= 0) || math.IsInf(float64(w), 0) {
			return s.errorAt(i, s.weightsPerRow(), "weight %v, want a finite number of at least 0", w)
		}
	}
	return nil
}

// errorAt returns an error about entry i of a field with the given number of entries per row.
func (s *Set) errorAt(i, width int, format string, args ...any) error {
	if width < 2 {
		return errors.Wrapf(errors.Errorf(format, args...), "datasets: set %q: row %d", s.Name, i/max(width, 1))
	}
	return errors.Wrapf(errors.Errorf(format, args...), "datasets: set %q: row %d, column %d (%q)", s.Name, i/width, i%width, s.Tasks[i%width])
}

// weightsPerRow returns how many entries of Weights belong to a row: one, or one for each task.
func (s *Set) weightsPerRow() int {
	if n := s.Len(); n > 0 {
		return len(s.Weights) / n
	}
	return 1
}

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
