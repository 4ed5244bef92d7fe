package datasets

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Scaling is a method of bringing columns to a common scale.
type Scaling string

// The scaling methods, where x is (value - mean) / (sd + Epsilon) with the mean and the population standard deviation of the column over
// the fitting rows. Zeros become other values, for which a sparse table has one per column.
const (
	// Standardize gives x: mean 0 and variance 1.
	Standardize Scaling = "standardize"
	// StandardizeTanh gives tanh(x), which the paper uses for Tox21: it limits outliers to -1 and 1.
	StandardizeTanh Scaling = "standardize-tanh"
	// StandardizeTanhStandardize gives tanh(x) standardized again: mean 0 and variance 1, no outliers.
	StandardizeTanhStandardize Scaling = "standardize-tanh-standardize"
	// RobustClip gives the smooth clip z / sqrt(1 + (z/3)^2) of z = (value - median) / (range + Epsilon), where the range is that of the middle half of the
	// values: outliers neither set the scale nor leave -3 to 3 (Holzmüller et al. 2024, "Better by default"). If the middle half is one value, the range
	// is half of that of all values.
	RobustClip Scaling = "robust-clip"
)

// The scaling methods that keep zeros, for sparse inputs of a network. They shift nothing.
const (
	// Deviation gives value / (sd + Epsilon): variance 1.
	Deviation Scaling = "deviation"
	// DeviationTanh gives tanh(value / (sd + Epsilon)): it limits outliers, and what a rare column has, to -1 and 1.
	DeviationTanh Scaling = "deviation-tanh"
	// MaxAbs gives value / (largest magnitude + Epsilon). A constant column stays constant.
	MaxAbs Scaling = "max-abs"
)

// KeepsZeros reports whether the method maps zero to zero.
func (s Scaling) KeepsZeros() bool { return s == Deviation || s == DeviationTanh || s == MaxAbs }

// squashes reports whether the method takes a tanh.
func (s Scaling) squashes() bool {
	return s == StandardizeTanh || s == StandardizeTanhStandardize || s == DeviationTanh
}

// Scaler maps features to a common scale, with statistics from the rows it was fitted on. NaN and infinite values
// count as 0 before scaling; a column that is constant over the fitting rows becomes 0 for all rows, except by MaxAbs.
// It is read-only once fitted, and writing it as JSON and reading it back keeps every bit.
type Scaler struct {
	scaling Scaling
	epsilon float64
	stages  []stage   // one, or two for StandardizeTanhStandardize
	zeros   []float32 // what becomes of 0 in each column; nil if that is 0
	ones    []float32 // what becomes of 1, the most frequent count, in each column; nil if that takes no tanh
}

// stage is one standardization.
type stage struct {
	Mean []float64 `json:"mean"`
	SD   []float64 `json:"sd"` // 0 marks a constant column
}

// FitScaler computes the statistics of every column over the given rows, in float64. epsilon is added to the standard deviations: usually
// 0, or 1e-6 for counts. It returns an error for an unknown scaling, a negative epsilon, no features, no rows, or a row index out of range.
func FitScaler(scaling Scaling, epsilon float64, f Features, rows []int) (*Scaler, error) {
	s := &Scaler{scaling: scaling, epsilon: epsilon}
	if err := s.check(); err != nil {
		return nil, err
	}
	if f == nil {
		return nil, errors.New("datasets: no features to fit a scaler on")
	}
	n, _ := f.Dims()
	if len(rows) == 0 {
		return nil, errors.New("datasets: no rows to fit a scaler on")
	}
	if err := checkRows(rows, n); err != nil {
		return nil, err
	}
	if scaling == RobustClip {
		middle, width, err := columnQuartiles(f, rows)
		if err != nil {
			return nil, err
		}
		s.stages = []stage{{Mean: middle, SD: width}}
		s.tabulate()
		return s, nil
	}
	mean, sd, err := columnMoments(f, rows, func(_ int, v float64) float64 { return v })
	if err != nil {
		return nil, err
	}
	if scaling.KeepsZeros() {
		clear(mean)
	}
	if scaling == MaxAbs {
		clear(sd)
		if err := visit(f, 0, rows, func(c int, v, _ float64) { sd[c] = max(sd[c], math.Abs(v)) }); err != nil {
			return nil, err
		}
	}
	s.stages = []stage{{Mean: mean, SD: sd}}
	if scaling == StandardizeTanhStandardize {
		mean, sd, err = columnMoments(f, rows, func(c int, v float64) float64 {
			return math.Tanh(s.stages[0].at(c, v, epsilon))
		})
		if err != nil {
			return nil, err
		}
		s.stages = append(s.stages, stage{Mean: mean, SD: sd})
	}
	s.tabulate()
	return s, nil
}

func (s *Scaler) check() error {
	switch s.scaling {
	case Standardize, StandardizeTanh, StandardizeTanhStandardize, RobustClip, Deviation, DeviationTanh, MaxAbs:
	default:
		return errors.Errorf("datasets: unknown scaling %q", s.scaling)
	}
	if !(s.epsilon >= 0) || math.IsInf(s.epsilon, 0) {
		return errors.Errorf("datasets: scaling epsilon %v", s.epsilon)
	}
	return nil
}

// Cols returns the number of columns that the scaler was fitted on, or 0 if it was not fitted.
func (s *Scaler) Cols() int {
	if s == nil || len(s.stages) == 0 {
		return 0
	}
	return len(s.stages[0].Mean)
}

// Constant reports whether a column was constant over the fitting rows, and therefore becomes 0; for MaxAbs, whether it was 0. It is false for a column that does not exist.
func (s *Scaler) Constant(col int) bool {
	return col >= 0 && col < s.Cols() && s.stages[0].SD[col] == 0
}

// Apply returns the scaled features: sparse tables stay sparse, joined blocks stay joined, views stay views, anything else becomes [Dense].
// It does not change f. It returns an error if the scaler was not fitted, if there are no features, or if their number of columns differs
// from the fitted one.
func (s *Scaler) Apply(f Features) (Features, error) {
	if s == nil || len(s.stages) == 0 || f == nil {
		return nil, errors.New("datasets: a scaler that was not fitted, or no features to scale")
	}
	if _, cols := f.Dims(); cols != s.Cols() {
		return nil, errors.Errorf("datasets: scaler for %d columns applied to %d", s.Cols(), cols)
	}
	return s.apply(f, 0)
}

// apply scales f, whose first column is the scaler's column left.
func (s *Scaler) apply(f Features, left int) (Features, error) {
	rows, cols := f.Dims()
	if rows == 0 {
		return &Dense{cols: cols}, nil
	}
	switch f := f.(type) {
	case *Sparse:
		return s.applySparse(f, left), nil
	case *Concat:
		out := &Concat{rows: f.rows, cols: f.cols}
		for _, b := range f.blocks {
			scaled, err := s.apply(b, left)
			if err != nil {
				return nil, err
			}
			out.blocks = append(out.blocks, scaled)
			_, cols := b.Dims()
			left += cols
		}
		return out, nil
	case *View:
		scaled, err := s.apply(f.of, left)
		return &View{of: scaled, rows: f.rows}, err
	}
	const most = 1 << (26 + 14*(^uint(0)>>63)) // 2^40, and 2^26 on 32-bit systems: values that no memory holds
	size, ok := product(rows, cols)
	if !ok || size > most {
		return nil, errors.Errorf("datasets: %d x %d features", rows, cols)
	}
	out := &Dense{rows: rows, cols: cols, data: make([]float32, size)}
	all := make([]int, rows)
	for r := range all {
		all[r] = r
	}
	if err := f.Gather(out.data, cols, all); err != nil {
		return nil, err
	}
	for r := range rows {
		row := out.Row(r)
		for c, v := range row {
			row[c] = s.quick(left+c, v)
		}
	}
	return out, nil
}

// tabulate computes zeros and ones, which are the most frequent values of many tables.
func (s *Scaler) tabulate() {
	if !s.scaling.KeepsZeros() {
		s.zeros = s.of(0)
	}
	if s.scaling.squashes() {
		s.ones = s.of(1)
	}
}

// of returns what becomes of a value in each column.
func (s *Scaler) of(v float32) []float32 {
	values := make([]float32, s.Cols())
	for c := range values {
		values[c] = s.value(c, v)
	}
	return values
}

func (s *Scaler) applySparse(f *Sparse, left int) *Sparse {
	out := *f
	switch {
	case f.base != nil:
		out.base = make([]float32, f.cols)
		for c, v := range f.base {
			out.base[c] = s.value(left+c, v)
		}
	case s.zeros != nil:
		out.base = s.zeros[left : left+f.cols : left+f.cols]
	}
	out.value = make([]float32, len(f.value))
	for k, v := range f.value {
		out.value[k] = s.quick(left+int(f.index[k]), v)
	}
	return &out
}

// quick is value, which it looks up for 0 and 1.
func (s *Scaler) quick(col int, v float32) float32 {
	switch {
	case v == 1 && s.ones != nil:
		return s.ones[col]
	case math.Float32bits(v) == 0 && s.zeros != nil: // -0 may become another zero
		return s.zeros[col]
	}
	return s.value(col, v)
}

// value maps one value of a column.
func (s *Scaler) value(col int, v float32) float32 {
	x := s.stages[0].at(col, finite(v), s.epsilon)
	if s.scaling == RobustClip {
		return float32(batch.SmoothClip(x))
	}
	if !s.scaling.squashes() {
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
