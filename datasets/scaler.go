package datasets

import (
	"math"

	"github.com/pkg/errors"
)

// Scaling is a way to bring columns to a common scale.
type Scaling string

// The ways of scaling. x stands for (value - mean) / (sd + Epsilon) with the mean and the population standard
// deviation of the column over the fitting rows.
const (
	// Standardize gives x: mean 0 and variance 1.
	Standardize Scaling = "standardize"
	// StandardizeTanh gives tanh(x), which the paper uses for Tox21: outliers end at -1 and 1.
	StandardizeTanh Scaling = "standardize-tanh"
	// StandardizeTanhStandardize gives tanh(x) standardized again: mean 0 and variance 1, no outliers.
	StandardizeTanhStandardize Scaling = "standardize-tanh-standardize"
)

// Scaler maps features to a common scale, with statistics from the rows it was fitted on. NaN and infinite values
// count as 0 before scaling; a column that is constant over the fitting rows becomes 0 for all rows.
// It is read-only once fitted, and keeps its values exactly when it is written as JSON and read back.
type Scaler struct {
	scaling Scaling
	epsilon float64
	stages  []stage // one, or two for StandardizeTanhStandardize
}

// stage is one standardization.
type stage struct {
	Mean []float64 `json:"mean"`
	SD   []float64 `json:"sd"` // 0 marks a constant column
}

// FitScaler takes the statistics of every column over the given rows, in float64. epsilon is added to the standard
// deviations; 0 is the natural choice, the recipe for counts uses 1e-6.
// It returns an error for an unknown scaling, a negative epsilon, no rows, or a row number out of range.
func FitScaler(scaling Scaling, epsilon float64, f Features, rows []int) (*Scaler, error) {
	s := &Scaler{scaling: scaling, epsilon: epsilon}
	if err := s.check(); err != nil {
		return nil, err
	}
	n, _ := f.Dims()
	if len(rows) == 0 {
		return nil, errors.New("datasets: no rows to fit a scaler on")
	}
	if err := checkRows(rows, n); err != nil {
		return nil, err
	}
	mean, sd := columnMoments(f, rows, func(_ int, v float64) float64 { return v })
	s.stages = []stage{{Mean: mean, SD: sd}}
	if scaling == StandardizeTanhStandardize {
		mean, sd = columnMoments(f, rows, func(c int, v float64) float64 {
			return math.Tanh(s.stages[0].at(c, v, epsilon))
		})
		s.stages = append(s.stages, stage{Mean: mean, SD: sd})
	}
	return s, nil
}

func (s *Scaler) check() error {
	switch s.scaling {
	case Standardize, StandardizeTanh, StandardizeTanhStandardize:
	default:
		return errors.Errorf("datasets: unknown scaling %q", s.scaling)
	}
	if !(s.epsilon >= 0) || math.IsInf(s.epsilon, 0) {
		return errors.Errorf("datasets: scaling epsilon %v", s.epsilon)
	}
	return nil
}

// Cols returns the number of columns the scaler was fitted on.
func (s *Scaler) Cols() int {
	if len(s.stages) == 0 {
		return 0
	}
	return len(s.stages[0].Mean)
}

// Constant tells whether a column was constant over the fitting rows.
func (s *Scaler) Constant(col int) bool { return s.stages[0].SD[col] == 0 }

// Apply returns the scaled features: sparse tables stay sparse, joined blocks stay joined, views stay views, anything
// else becomes [Dense]. f itself is unchanged. It returns an error if the number of columns is not the fitted one.
func (s *Scaler) Apply(f Features) (Features, error) {
	if _, cols := f.Dims(); cols != s.Cols() {
		return nil, errors.Errorf("datasets: scaler for %d columns applied to %d", s.Cols(), cols)
	}
	return s.apply(f, 0), nil
}

// apply scales f, whose first column is the scaler's column left.
func (s *Scaler) apply(f Features, left int) Features {
	switch f := f.(type) {
	case *Sparse:
		return s.applySparse(f, left)
	case *Concat:
		out := &Concat{rows: f.rows, cols: f.cols}
		for _, b := range f.blocks {
			out.blocks = append(out.blocks, s.apply(b, left))
			_, cols := b.Dims()
			left += cols
		}
		return out
	case *View:
		return &View{of: s.apply(f.of, left), rows: f.rows}
	}
	rows, cols := f.Dims()
	out := &Dense{rows: rows, cols: cols, data: make([]float32, rows*cols)}
	all := make([]int, rows)
	for r := range all {
		all[r] = r
	}
	f.Gather(out.data, cols, all)
	for r := range rows {
		row := out.Row(r)
		for c, v := range row {
			row[c] = s.value(left+c, v)
		}
	}
	return out
}

func (s *Scaler) applySparse(f *Sparse, left int) *Sparse {
	out := *f
	out.base = make([]float32, f.cols)
	for c := range out.base {
		out.base[c] = s.value(left+c, f.at(c))
	}
	out.value = make([]float32, len(f.value))
	for k, v := range f.value {
		out.value[k] = s.value(left+int(f.index[k]), v)
	}
	return &out
}

// value maps one value of a column.
func (s *Scaler) value(col int, v float32) float32 {
	x := s.stages[0].at(col, finite(v), s.epsilon)
	if s.scaling == Standardize {
		return float32(x)
	}
	x = math.Tanh(x)
	if s.scaling == StandardizeTanhStandardize {
		x = s.stages[1].at(col, x, 0)
	}
	return float32(x)
}

// at standardizes one value of a column.
func (s *stage) at(col int, v, epsilon float64) float64 {
	if s.SD[col] == 0 {
		return 0
	}
	return (v - s.Mean[col]) / (s.SD[col] + epsilon)
}
