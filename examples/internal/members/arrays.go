package members

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// Prefix begins the names of the arrays of model i of a kind, counted from 0.
func Prefix(kind string, i int) string { return fmt.Sprintf("%s/%d/", kind, i+1) }

// Add adds the arrays of a model, whose names begin with a prefix.
func Add(to map[string]any, prefix string, a baseline.Arrays) {
	for name, array := range a {
		to[prefix+name] = array
	}
}

// Arrays are the arrays of a file that no model has taken yet.
type Arrays struct{ left map[string]any }

// NewArrays returns the arrays of a file.
func NewArrays(all map[string]any) *Arrays { return &Arrays{maps.Clone(all)} }

// Take returns the arrays whose names begin with a prefix, without it. Nobody else gets them.
func (a *Arrays) Take(prefix string) baseline.Arrays {
	taken := baseline.Arrays{}
	for name, array := range a.left {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			taken[rest] = array
			delete(a.left, name)
		}
	}
	return taken
}

// Classifier returns the classifier of the arrays whose names begin with a prefix, nil if there are none. It returns an error for other numbers of columns
// or classes.
func (a *Arrays) Classifier(prefix string, columns, classes int) (baseline.Classifier, error) {
	own := a.Take(prefix)
	if len(own) == 0 {
		return nil, nil
	}
	model, err := baseline.Unpack(own)
	if err != nil {
		return nil, errors.WithMessage(err, prefix)
	}
	scores, err := model.Scores(baseline.Matrix{Rows: 1, Columns: columns, Values: make([]float64, columns)})
	if err == nil && len(scores) != classes {
		err = errors.Errorf("it has %d classes, want %d", len(scores), classes)
	}
	return model, errors.WithMessage(err, prefix)
}

// Done returns an error if there are arrays that no model has taken.
func (a *Arrays) Done() error {
	if len(a.left) == 0 {
		return nil
	}
	return errors.Errorf("the array %.60q belongs to no member", slices.Min(slices.Collect(maps.Keys(a.left))))
}
