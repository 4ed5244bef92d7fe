package datasets

import (
	"math"

	"github.com/pkg/errors"
)

// Moments are the statistics of columns from one pass over their rows, for data that do not fit into memory. They take the memory of a few
// numbers per column. Add the rows one after another, or add parts of them to several Moments and merge these: the result differs only by
// rounding (Welford 1962; Chan, Golub and LeVeque 1983). Merging in the same order gives the same bits.
type Moments struct {
	rows      int64
	mean, sum []float64 // sum is that of the squared deviations from the mean
	low, high []float64
}

// maxMoments bounds the columns of Moments, which take 32 bytes each.
const maxMoments = 1 << 24

// NewMoments returns the statistics of no rows. It returns an error unless there are 1 to 2^24 columns.
func NewMoments(cols int) (*Moments, error) {
	if cols < 1 || cols > maxMoments {
		return nil, errors.Errorf("datasets: moments of %d columns, want 1 to %d", cols, maxMoments)
	}
	m := &Moments{mean: make([]float64, cols), sum: make([]float64, cols), low: make([]float64, cols), high: make([]float64, cols)}
	for c := range cols {
		m.low[c], m.high[c] = math.Inf(1), math.Inf(-1)
	}
	return m, nil
}

// Rows returns the number of rows that were added.
func (m *Moments) Rows() int64 {
	if m == nil {
		return 0
	}
	return m.rows
}

// Add adds a row. NaN and infinite values count as 0, as in [FitScaler]. It returns an error for a row of another width.
func (m *Moments) Add(row []float32) error {
	if m == nil || len(row) != len(m.mean) {
		return errors.Errorf("datasets: a row of %d columns, want %d", len(row), m.cols())
	}
	m.rows++
	part := 1 / float64(m.rows)
	for c, x := range row {
		v := finite(x)
		d := v - m.mean[c]
		m.mean[c] += d * part
		m.sum[c] += d * (v - m.mean[c])
		m.low[c], m.high[c] = min(m.low[c], v), max(m.high[c], v)
	}
	return nil
}

func (m *Moments) cols() int {
	if m == nil {
		return 0
	}
	return len(m.mean)
}

// Merge adds the rows of others. It returns an error if they have another number of columns.
func (m *Moments) Merge(others *Moments) error {
	if m == nil || others == nil || m.cols() != others.cols() {
		return errors.Errorf("datasets: moments of %d columns merged into those of %d", others.cols(), m.cols())
	}
	if others.rows == 0 {
		return nil
	}
	if m == others {
		return errors.New("datasets: moments merged into themselves")
	}
	a, b := float64(m.rows), float64(others.rows)
	m.rows += others.rows
	for c := range m.mean {
		d := others.mean[c] - m.mean[c]
		m.mean[c] += d * (b / (a + b))
		m.sum[c] += others.sum[c] + d*d*(a*b/(a+b))
		m.low[c], m.high[c] = min(m.low[c], others.low[c]), max(m.high[c], others.high[c])
	}
	return nil
}

// Scaler returns the scaler that [FitScaler] would fit on these rows, up to rounding. Scalings that need more than one pass are an error:
// StandardizeTanhStandardize, and RobustClip with its quartiles. So are Moments without rows.
func (m *Moments) Scaler(scaling Scaling, epsilon float64) (*Scaler, error) {
	s := &Scaler{scaling: scaling, epsilon: epsilon}
	if err := s.check(); err != nil {
		return nil, err
	}
	switch {
	case scaling == StandardizeTanhStandardize || scaling == RobustClip:
		return nil, errors.Errorf("datasets: the scaling %q needs more than one pass over the rows; %q and %q need one", scaling, Standardize, StandardizeTanh)
	case m.Rows() == 0:
		return nil, errors.New("datasets: no rows to fit a scaler on")
	}
	st := stage{Mean: make([]float64, m.cols()), SD: make([]float64, m.cols())}
	for c := range st.SD {
		st.Mean[c], st.SD[c] = m.mean[c], math.Sqrt(max(0, m.sum[c])/float64(m.rows))
		if m.low[c] == m.high[c] {
			st.Mean[c], st.SD[c] = m.low[c], 0
		}
		if scaling == MaxAbs {
			st.SD[c] = max(math.Abs(m.low[c]), math.Abs(m.high[c]))
		}
		if scaling.KeepsZeros() {
			st.Mean[c] = 0
		}
	}
	s.stages = []stage{st}
	s.tabulate()
	return s, nil
}

// ScaleRow scales a row of features in place. It returns an error if the scaler was not fitted, or for a row of another width.
func (s *Scaler) ScaleRow(row []float32) error {
	if s.Cols() == 0 || len(row) != s.Cols() {
		return errors.Errorf("datasets: scaler for %d columns applied to %d", s.Cols(), len(row))
	}
	for c, v := range row {
		row[c] = s.value(c, v)
	}
	return nil
}
