package datasets

import (
	"cmp"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Input is one input of a set that has several: numbers, images, categories or sparse rows.
type Input struct {
	// Name is the name by which networks find it. That of Set.Features is Set.InputName.
	Name string
	// Kind is the kind of Features. Sparse features fill a batch.CSR.
	Kind batch.Kind
	// Features has one row per example. Categories are one column of whole numbers from 0.
	Features Features
	// FeatureNames names the columns of a matrix; nil if they have no names.
	FeatureNames []string
	// Categories is the number of categories; 0 for the other kinds.
	Categories int
	// Shape is that of images: channels, height, width. Nil for the other kinds.
	Shape []int
}

// Output is one output of a set that has several: labels and their weights. Its fields are those of Set.
type Output struct {
	// Name is the name by which networks find it. That of Set.Labels is Set.OutputName.
	Name            string
	Tasks, Classes  []string
	Labels, Weights []float32
}

// Width returns the number of outputs that a network needs: one per class if there are classes, otherwise one per task.
func (o Output) Width() int {
	if o.Classes != nil {
		return len(o.Classes)
	}
	return len(o.Tasks)
}

// inputs returns the number of inputs.
func (s *Set) inputs() int { return 1 + len(s.MoreInputs) }

// input returns input i; 0 is that of Features.
func (s *Set) input(i int) Input {
	if i > 0 {
		return s.MoreInputs[i-1]
	}
	first := Input{Name: cmp.Or(s.InputName, batch.X), Features: s.Features, FeatureNames: s.FeatureNames, Shape: s.Shape}
	switch {
	case s.Sparse:
		first.Kind = batch.Sparse
	case s.Shape != nil:
		first.Kind = batch.Image
	}
	return first
}

// outputs returns the number of outputs that have names.
func (s *Set) outputs() int { return 1 + len(s.MoreOutputs) }

// output returns output i; 0 is that of Labels.
func (s *Set) output(i int) Output {
	if i > 0 {
		return s.MoreOutputs[i-1]
	}
	return Output{cmp.Or(s.OutputName, batch.Y), s.Tasks, s.Classes, s.Labels, s.Weights}
}

// inputNamed returns the input of that name.
func (s *Set) inputNamed(name string) (Input, bool) {
	for i := range s.inputs() {
		if in := s.input(i); in.Name == cmp.Or(name, batch.X) {
			return in, true
		}
	}
	return Input{}, false
}

// outputNamed returns the output of that name.
func (s *Set) outputNamed(name string) (Output, bool) {
	for i := range s.outputs() {
		if o := s.output(i); o.Name == cmp.Or(name, batch.Y) {
			return o, true
		}
	}
	return Output{}, false
}

// width is the number of columns of the features, 0 without any.
func (in Input) width() int {
	if in.Features == nil {
		return 0
	}
	_, n := in.Features.Dims()
	return n
}

// describe returns what a network must know of the input.
func (in Input) describe() batch.Input {
	out := batch.Input{Name: in.Name, Kind: in.Kind, Width: in.width(), Columns: in.FeatureNames}
	switch in.Kind {
	case batch.Category:
		out.Width, out.Columns = in.Categories, nil
	case batch.Image:
		out.Shape, out.Columns = in.Shape, nil
	}
	return out
}

// checkSizes returns an error for an input whose fields do not fit together, or a set of so many rows.
func (in Input) checkSizes(rows int) error {
	if in.Features == nil {
		return errors.New("there are no features")
	}
	n, cols := in.Features.Dims()
	_, ok := product(n, max(cols, 0))
	switch {
	case n != rows:
		return errors.Errorf("%d rows, want %d", n, rows)
	case !ok || cols < 0:
		return errors.Errorf("%d x %d features", n, cols)
	case in.Kind < batch.Dense || in.Kind > batch.Image:
		return errors.Errorf("it is of %v", in.Kind)
	case in.Kind == batch.Image && !isImage(in.Shape, cols), in.Kind != batch.Image && in.Shape != nil:
		return errors.Errorf("images of shape %v in %d columns, want channels, height and width whose product is the number of columns", in.Shape, cols)
	case in.Kind == batch.Category && (in.Categories < 1 || cols != 1):
		return errors.Errorf("%d categories in %d columns, want at least one category in one column", in.Categories, cols)
	case in.Kind == batch.Category && in.Categories > maxCategories:
		return errors.Errorf("%d categories, but features hold whole numbers up to %d", in.Categories, maxCategories)
	case in.FeatureNames != nil && len(in.FeatureNames) != cols:
		return errors.Errorf("FeatureNames has %d entries, want %d", len(in.FeatureNames), cols)
	}
	return nil
}

// maxCategories is the number up to which float32 holds all whole numbers.
const maxCategories = 1 << 24

// checkCategories returns an error that names the first row without a category.
func (in Input) checkCategories() error {
	if in.Kind != batch.Category {
		return nil
	}
	n, _ := in.Features.Dims()
	var v [1]float32
	for r := range n {
		if err := in.Features.Gather(v[:], 1, []int{r}); err != nil {
			return err
		}
		if c := float64(v[0]); !(c >= 0 && c < float64(in.Categories) && c == math.Trunc(c)) {
			return errors.Errorf("row %d: category %v, want a whole number from 0 to %d", r, v[0], in.Categories-1)
		}
	}
	return nil
}

// checkMore returns an error for further inputs and outputs that do not fit the set.
func (s *Set) checkMore() error {
	names := map[string]bool{}
	for i := range s.inputs() {
		in := s.input(i)
		switch {
		case in.Name == "" || names[in.Name]:
			return errors.Errorf("datasets: set %q: the name %q of input %d is empty or taken", s.Name, in.Name, i)
		case i > 0:
			if err := in.checkSizes(s.Len()); err != nil {
				return errors.Wrapf(err, "datasets: set %q: input %q", s.Name, in.Name)
			}
		}
		names[in.Name] = true
	}
	clear(names)
	for i := range s.outputs() {
		o := s.output(i)
		switch {
		case o.Name == "" || names[o.Name]:
			return errors.Errorf("datasets: set %q: the name %q of output %d is empty or taken", s.Name, o.Name, i)
		case i > 0:
			if err := o.checkSizes(s.Len()); err != nil {
				return errors.Wrapf(err, "datasets: set %q: output %q", s.Name, o.Name)
			}
		}
		names[o.Name] = true
	}
	return nil
}

// checkSizes returns an error for an output whose fields do not fit together, or a set of so many rows.
func (o Output) checkSizes(rows int) error {
	labels, ok := product(rows, len(o.Tasks))
	switch {
	case len(o.Tasks) == 0 || o.Classes != nil && len(o.Tasks) != 1:
		return errors.Errorf("%d tasks and %d classes", len(o.Tasks), len(o.Classes))
	case !ok || len(o.Labels) != labels:
		return errors.Errorf("%d labels for %d rows of %d tasks", len(o.Labels), rows, len(o.Tasks))
	}
	return o.checkWeightsSize(rows)
}

func (o Output) checkWeightsSize(rows int) error {
	if o.Weights != nil && len(o.Weights) != rows && len(o.Weights) != rows*len(o.Tasks) {
		return errors.Errorf("Weights has %d entries, want one for each of %d rows or %d labels", len(o.Weights), rows, rows*len(o.Tasks))
	}
	return nil
}

// weightsPerRow returns how many entries of Weights belong to a row: one, or one for each task.
func (o Output) weightsPerRow(rows int) int {
	if rows > 0 {
		return len(o.Weights) / rows
	}
	return 1
}
