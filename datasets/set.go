package datasets

import (
	"fmt"
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Part says what a row is for, as its source has it.
type Part uint8

// The parts of a set.
const (
	Train      Part = iota // fit the network
	Validation             // choose between networks
	Test                   // report the result, nothing else
	Excluded               // not for training: a row of the training part without usable features
)

func (p Part) String() string {
	if names := [...]string{"train", "validation", "test", "excluded"}; int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("Part(%d)", uint8(p))
}

// Set is a data set: features, labels with their gaps, and names. Fields may be nil where the comment says so.
type Set struct {
	Name      string
	Synthetic bool   // made up by the program, a stand-in for real data
	Notes     string // where the data comes from, in one line to show to the user

	IDs          []string // one per row; nil if rows have no names
	Features     Features
	FeatureNames []string // one per column; nil if columns have no names

	// Tasks names the columns of Labels.
	Tasks []string
	// Classes names the classes if each row belongs to exactly one: then there is one task and a label is a class
	// number. It is nil for binary tasks (labels from 0 to 1) and for regression.
	Classes []string
	// Labels holds rows x len(Tasks) values, row after row. NaN is a value that was not observed.
	Labels []float32

	Part    []Part    // one per row; nil means that all rows are for training
	Fold    []int     // official fold of each row, -1 for none; nil if there are no folds
	Groups  []string  // rows with the same key are variants of one thing and should stay together; nil if none are
	Skipped []Skipped // examples of the source whose features could not be made
}

// Skipped is an example of the source without usable features.
type Skipped struct {
	ID     string
	Row    int    // row in the set if it is kept there (with blank features), -1 if it is not
	Line   int    // line in the source file, 0 if unknown
	Reason string // what is wrong with it
}

// Len returns the number of rows.
func (s *Set) Len() int {
	if s.Features == nil {
		return 0
	}
	n, _ := s.Features.Dims()
	return n
}

// Inputs returns the number of features.
func (s *Set) Inputs() int {
	if s.Features == nil {
		return 0
	}
	_, n := s.Features.Dims()
	return n
}

// Outputs returns how many outputs a network needs: the number of classes if there are classes, else of tasks.
func (s *Set) Outputs() int {
	if s.Classes != nil {
		return len(s.Classes)
	}
	return len(s.Tasks)
}

// Rows returns the rows of a part, in order.
func (s *Set) Rows(p Part) []int {
	var rows []int
	for i := range s.Len() {
		if s.partOf(i) == p {
			rows = append(rows, i)
		}
	}
	return rows
}

func (s *Set) partOf(row int) Part {
	if s.Part == nil {
		return Train
	}
	return s.Part[row]
}

// Subset returns the set of the given rows, in that order. Features are shown through a [View], not copied; entries
// of Skipped stay if their row does. It returns an error if a row number is out of range.
func (s *Set) Subset(rows []int) (*Set, error) {
	if s.Features == nil {
		return nil, errors.Errorf("datasets: set %q has no features", s.Name)
	}
	rows = slices.Clone(rows)
	view, err := NewView(s.Features, rows)
	if err != nil {
		return nil, err
	}
	sub := *s
	sub.Features = view
	sub.IDs = pick(s.IDs, rows, 1)
	sub.Labels = pick(s.Labels, rows, len(s.Tasks))
	sub.Part = pick(s.Part, rows, 1)
	sub.Fold = pick(s.Fold, rows, 1)
	sub.Groups = pick(s.Groups, rows, 1)
	sub.Skipped = nil
	for i, r := range rows {
		for _, k := range s.Skipped {
			if k.Row == r {
				k.Row = i
				sub.Skipped = append(sub.Skipped, k)
			}
		}
	}
	return &sub, nil
}

// pick returns the given rows of a table of the given width; nil stays nil.
func pick[T any](from []T, rows []int, width int) []T {
	if from == nil {
		return nil
	}
	out := make([]T, 0, len(rows)*width)
	for _, r := range rows {
		out = append(out, from[r*width:(r+1)*width]...)
	}
	return out
}

// Validate checks that all parts of the set fit together: sizes, labels that are NaN or finite, class numbers.
// It returns an error that names the field and, where there is one, the row.
func (s *Set) Validate() error {
	if s.Features == nil {
		return errors.Errorf("datasets: set %q has no features", s.Name)
	}
	n, cols := s.Features.Dims()
	for _, f := range []struct {
		name      string
		have, per int
		optional  bool
	}{
		{"IDs", len(s.IDs), n, s.IDs == nil},
		{"FeatureNames", len(s.FeatureNames), cols, s.FeatureNames == nil},
		{"Labels", len(s.Labels), n * len(s.Tasks), false},
		{"Part", len(s.Part), n, s.Part == nil},
		{"Fold", len(s.Fold), n, s.Fold == nil},
		{"Groups", len(s.Groups), n, s.Groups == nil},
	} {
		if f.have != f.per && !f.optional {
			return errors.Errorf("datasets: set %q: %s has %d entries, want %d", s.Name, f.name, f.have, f.per)
		}
	}
	if len(s.Tasks) == 0 || s.Classes != nil && len(s.Tasks) != 1 {
		return errors.Errorf("datasets: set %q: %d tasks and %d classes", s.Name, len(s.Tasks), len(s.Classes))
	}
	return s.validateLabels()
}

func (s *Set) validateLabels() error {
	for i, y := range s.Labels {
		switch {
		case math.IsNaN(float64(y)):
		case math.IsInf(float64(y), 0):
			return errors.Errorf("datasets: set %q: row %d: label is infinite", s.Name, i/len(s.Tasks))
		case s.Classes != nil && (y < 0 || int(y) >= len(s.Classes) || y != float32(int(y))):
			return errors.Errorf("datasets: set %q: row %d: class %v of %d", s.Name, i, y, len(s.Classes))
		}
	}
	return nil
}
