package datasets

import (
	"fmt"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Part is the use that the source of a set has for a row.
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

// Set is a data set: features, labels with their gaps, and names. Fields may be nil where their comment allows it.
type Set struct {
	Name      string
	Synthetic bool   // made up by the program, a stand-in for real data
	Notes     string // the origin of the data, in one line to show to the user

	IDs          []string // one per row; nil if rows have no names
	Features     Features
	FeatureNames []string // one per column; nil if columns have no names

	// Tasks names the columns of Labels.
	Tasks []string
	// Classes names the classes if each row belongs to exactly one: then there is one task and a label is a class
	// index from 0. It is nil for binary tasks (labels from 0 to 1) and for regression.
	Classes []string
	// Labels holds rows x len(Tasks) values, row after row. NaN is a value that was not observed.
	Labels []float32
	// Weights holds one weight per row, or one per label in the layout of Labels; each is finite and not negative. A label
	// that was not observed has the weight 0 whatever it says. Nil means that every observed label has the weight 1.
	Weights []float32

	Part    []Part    // one per row; nil means that all rows are for training
	Fold    []int     // official fold of each row, -1 for none; nil if there are no folds
	Groups  []string  // rows with the same key are variants of one thing and should stay together; nil if none are
	Skipped []Skipped // examples of the source whose features could not be made
}

// Skipped is an example of the source without usable features.
type Skipped struct {
	ID     string
	Row    int // row in the set if it is kept there (with blank features), -1 if it is not
	Line   int // line in the source file, 0 if unknown
	Reason string
}

// Len returns the number of rows. A nil set has none.
func (s *Set) Len() int {
	if s == nil || s.Features == nil {
		return 0
	}
	n, _ := s.Features.Dims()
	return n
}

// Inputs describes the features, for graphs.New.
func (s *Set) Inputs() []batch.Input {
	if s.Width() == 0 {
		return nil
	}
	return []batch.Input{{Name: batch.X, Width: s.Width(), Columns: s.FeatureNames}}
}

// Width returns the number of features.
func (s *Set) Width() int {
	if s == nil || s.Features == nil {
		return 0
	}
	_, n := s.Features.Dims()
	return n
}

// Outputs returns the number of outputs that a network needs: one per class if there are classes, else one per task.
func (s *Set) Outputs() int {
	if s == nil {
		return 0
	}
	if s.Classes != nil {
		return len(s.Classes)
	}
	return len(s.Tasks)
}

// Rows returns the rows of a part, in order. A row without labels or beyond the end of Part, which Validate refuses, is in no part.
func (s *Set) Rows(p Part) []int {
	var rows []int
	for i := range s.labelled() {
		if s.Part == nil && p == Train || i < len(s.Part) && s.Part[i] == p {
			rows = append(rows, i)
		}
	}
	return rows
}

// labelled returns the number of rows that have labels, whatever number of rows the features claim to have.
func (s *Set) labelled() int {
	if s == nil || len(s.Tasks) == 0 {
		return 0
	}
	return min(s.Len(), len(s.Labels)/len(s.Tasks))
}

// Subset returns the set of the given rows, in that order. Features are shown through a [View], not copied; entries
// of Skipped stay if their row does. It returns an error if the sizes of the set do not fit together or a row index is out
// of range.
func (s *Set) Subset(rows []int) (*Set, error) {
	if err := s.checkSizes(); err != nil {
		return nil, err
	}
	rows = slices.Clone(rows)
	view, err := NewView(s.Features, rows)
	if err != nil {
		return nil, s.wrap(err)
	}
	sub := *s
	sub.Features = view
	sub.IDs = pick(s.IDs, rows, 1)
	sub.Labels = pick(s.Labels, rows, len(s.Tasks))
	sub.Weights = pick(s.Weights, rows, s.weightsPerRow())
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
