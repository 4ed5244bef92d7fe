package data

import (
	"cmp"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/internal/dense"
	"gorgonia.org/tensor"
)

// Named is data in memory with several inputs and outputs, which networks find by their names. For a single matrix, Matrix is shorter.
type Named struct {
	Features []Feature
	Targets  []Target
}

// Feature is one input: numbers, images, categories or sparse rows. Set one of X, Categories and Sparse.
type Feature struct {
	// Name is the name of the input. Empty means batch.X.
	Name string
	// X is a matrix (rows, columns), or images (rows, channels, height, width), float32 or float64, row-major and contiguous.
	X *tensor.Dense
	// Categories holds one category per row, from 0 to Width-1.
	Categories []int
	// Sparse is a matrix of compressed rows (tensor.NewCSR) of float32 or float64, whose columns ascend within each row. A batch gets its values
	// rounded to float32.
	Sparse *tensor.CS
	// Width is the number of categories. The others have their own.
	Width int
	// Columns names the columns of a matrix. Nil if they have no names.
	Columns []string
}

// Target holds the labels of one output.
type Target struct {
	// Name is the name of the output. Empty means batch.Y.
	Name string
	// Y and Weights are as in Matrix.
	Y, Weights *tensor.Dense
}

// Len returns the number of rows: that of the first feature.
func (n Named) Len() int {
	if len(n.Features) == 0 {
		return 0
	}
	return n.Features[0].rows()
}

func (f *Feature) rows() int {
	switch {
	case f.X != nil && f.X.Dims() > 0:
		return f.X.Shape()[0]
	case f.Sparse != nil && len(f.Sparse.Shape()) == 2:
		return f.Sparse.Shape()[0]
	}
	return len(f.Categories)
}

// Inputs describes the features.
func (n Named) Inputs() (inputs []batch.Input) {
	for i := range n.Features {
		f := &n.Features[i]
		in := batch.Input{Name: cmp.Or(f.Name, batch.X), Width: f.Width, Columns: f.Columns}
		switch {
		case f.Sparse != nil && len(f.Sparse.Shape()) == 2:
			in.Kind, in.Width = batch.Sparse, f.Sparse.Shape()[1]
		case f.X != nil && f.X.Dims() == 2:
			in.Width = f.X.Shape()[1]
		case f.X != nil && f.X.Dims() == 4:
			in.Kind, in.Shape = batch.Image, f.X.Shape()[1:].Clone()
			in.Width = f.X.Shape()[1:].TotalSize()
		default:
			in.Kind = batch.Category
		}
		inputs = append(inputs, in)
	}
	return inputs
}

// Validate returns an error that names the feature or the target if the parts do not fit together: rows that differ, a name that occurs
// twice, a category out of range, and what is wrong in a Matrix.
func (n Named) Validate() error {
	if len(n.Features) == 0 || n.Len() == 0 {
		return errors.New("Named: there are no features, or no rows")
	}
	names := map[string]bool{}
	for i := range n.Features {
		f := &n.Features[i]
		name := cmp.Or(f.Name, batch.X)
		if names[name] {
			return errors.Errorf("Named: there are two features %q", name)
		}
		names[name] = true
		if err := f.check(n.Len()); err != nil {
			return errors.Wrapf(err, "Named: feature %q", name)
		}
	}
	clear(names)
	for i := range n.Targets {
		t := &n.Targets[i]
		name := cmp.Or(t.Name, batch.Y)
		if names[name] {
			return errors.Errorf("Named: there are two targets %q", name)
		}
		names[name] = true
		if err := checkTarget(t.Y, t.Weights, n.Len()); err != nil {
			return errors.Wrapf(err, "Named: target %q", name)
		}
	}
	return nil
}

func (f *Feature) check(rows int) error {
	given := 0
	for _, is := range []bool{f.X != nil, f.Categories != nil, f.Sparse != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return errors.New("set one of X, Categories and Sparse")
	case f.rows() != rows:
		return errors.Errorf("%d rows, the first feature has %d", f.rows(), rows)
	case f.Categories != nil:
		return f.checkCategories()
	case f.Sparse != nil:
		return f.checkSparse()
	case f.Width != 0 && f.Width != f.X.Shape()[1:].TotalSize():
		return errors.Errorf("Width is %d for X of shape %v; leave it 0", f.Width, f.X.Shape())
	}
	return checkFeatures(f.X, f.Columns)
}

func (f *Feature) checkCategories() error {
	if f.Width < 1 || f.Columns != nil {
		return errors.Errorf("Width is %d, want the number of categories; and there are %d names of columns, want none", f.Width, len(f.Columns))
	}
	for i, c := range f.Categories {
		if c < 0 || c >= f.Width {
			return errors.Errorf("row %d has the category %d, want one from 0 to %d", i, c, f.Width-1)
		}
	}
	return nil
}

func (f *Feature) checkSparse() error {
	s := f.Sparse
	if len(s.Shape()) != 2 || s.DataOrder().IsColMajor() || s.Dtype() != tensor.Float32 && s.Dtype() != tensor.Float64 {
		return errors.Errorf("Sparse is %v of shape %v, want compressed rows of float32 or float64; see tensor.NewCSR", s.Dtype(), s.Shape())
	}
	start, columns := dense.CSR(s)
	if len(start) != s.Shape()[0]+1 || start[0] != 0 || start[len(start)-1] != len(columns) || s.DataSize() != len(columns) || !slices.IsSorted(start) {
		return errors.Errorf("Sparse of shape %v has %d values in %d columns of %d rows", s.Shape(), s.DataSize(), len(columns), len(start)-1)
	}
	for i := range len(start) - 1 {
		last := -1
		for _, c := range columns[start[i]:start[i+1]] {
			if c <= last || c >= s.Shape()[1] {
				return errors.Errorf("row %d has column %d after %d, of %d", i, c, last, s.Shape()[1])
			}
			last = c
		}
	}
	if f.Columns != nil && len(f.Columns) != s.Shape()[1] {
		return errors.Errorf("%d names for %d columns", len(f.Columns), s.Shape()[1])
	}
	return nil
}

// Gather implements Data.
func (n Named) Gather(rows []int, b *batch.Batch) (err error) {
	defer Recover("Named", &err) // data that do not pass Validate
	if b == nil {
		return errors.New("Named: there is no batch")
	}
	for i := range b.Inputs {
		in := &b.Inputs[i]
		k := slices.IndexFunc(n.Features, func(f Feature) bool { return cmp.Or(f.Name, batch.X) == cmp.Or(in.Name, batch.X) })
		if k < 0 {
			return errors.Errorf("Named: there is no feature %q", in.Name)
		}
		if err := n.Features[k].gather(rows, in); err != nil {
			return errors.Wrapf(err, "feature %q", in.Name)
		}
	}
	for i := range b.Outputs {
		out := &b.Outputs[i]
		k := slices.IndexFunc(n.Targets, func(t Target) bool { return cmp.Or(t.Name, batch.Y) == cmp.Or(out.Output, batch.Y) })
		if k < 0 {
			return errors.Errorf("there are no labels of the output %q", out.Output)
		}
		if err := gatherTarget(n.Targets[k].Y, n.Targets[k].Weights, rows, out.Value, out.Weights); err != nil {
			return errors.Wrapf(err, "output %q", out.Output)
		}
	}
	return nil
}

func (f *Feature) gather(rows []int, in *batch.Tensor) error {
	switch {
	case f.Sparse != nil && in.Sparse != nil:
		return f.gatherSparse(rows, in.Sparse)
	case f.X != nil && in.Value != nil:
		return dense.CopyRows(in.Value, f.X, rows)
	case f.Categories != nil && in.Value != nil:
		return f.gatherCategories(rows, in.Value)
	}
	return errors.New("the batch has no tensor of its kind")
}

func (f *Feature) gatherCategories(rows []int, v *tensor.Dense) error {
	to, err := dense.Elements(v)
	if err != nil {
		return err
	}
	if to.Len() != len(rows) {
		return errors.Errorf("%d rows of categories to %s", len(rows), dense.Describe(v))
	}
	for i, r := range rows {
		if r < 0 || r >= len(f.Categories) {
			return errors.Errorf("row %d of %d", r, len(f.Categories))
		}
		to.Set(i, float64(f.Categories[r]))
	}
	return nil
}

func (f *Feature) gatherSparse(rows []int, to *batch.CSR) error {
	start, all := dense.CSR(f.Sparse)
	columns, values := make([]int32, 0, 64), make([]float32, 0, 64)
	for _, r := range rows {
		if r < 0 || r >= len(start)-1 {
			return errors.Errorf("row %d of %d", r, len(start)-1)
		}
		columns, values = columns[:0], values[:0]
		for k := start[r]; k < start[r+1]; k++ {
			columns = append(columns, int32(all[k]))
			switch x := f.Sparse.Data().(type) {
			case []float32:
				values = append(values, x[k])
			case []float64:
				values = append(values, float32(x[k]))
			}
		}
		if err := to.Append(columns, values); err != nil {
			return err
		}
	}
	return nil
}
