package formats

import (
	"cmp"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// Matrix is a sparse matrix in compressed rows: row i has the values Value[Start[i]:Start[i+1]] in the columns Index of
// the same range, rising.
type Matrix struct {
	Rows, Cols int
	Start      []int
	Index      []int32
	Value      []float32
}

// Limits of a matrix, so that a damaged size line cannot ask for endless memory.
const (
	maxSide    = 1 << 24
	maxEntries = 1 << 25
	maxBlank   = 1 << 20 // rows of a matrix with fewer entries than rows
)

// ReadMatrixMarket reads a matrix in the Matrix Market coordinate format, general, of integers or reals: a banner,
// comments, a line "rows columns entries", then one line "row column value" for each entry, counted from 1 and in any
// order. (Boisvert, Pozo and Remington 1996, "The Matrix Market Exchange Formats".) name stands for the file in errors.
// It returns an error for other kinds of matrix, an entry that is out of range, comes twice or is no finite number,
// and too few or too many entries.
func ReadMatrixMarket(name string, r io.Reader) (*Matrix, error) {
	if r == nil {
		return nil, errors.Errorf("%s: nothing to read from", name)
	}
	m := &mtx{name: name, lines: NewLines(name, r)}
	entries, err := m.head()
	if err != nil {
		return nil, err
	}
	for len(m.row) < entries {
		if err := m.next(); err != nil {
			return nil, err
		}
		if err := m.entry(); err != nil {
			return nil, err
		}
	}
	if err := m.next(); err == nil {
		return nil, m.errorf("more than the %d entries announced", entries)
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	return m.compress()
}

// mtx is a matrix on its way in: entries in file order.
type mtx struct {
	name       string
	lines      *Lines
	text       string // the current line
	rows, cols int
	row, col   []int32
	value      []float32
}

func (m *mtx) errorf(format string, args ...any) error {
	return errors.Wrapf(errors.Errorf(format, args...), "%s:%d", m.name, m.lines.Line())
}

// next moves to the next line that is not blank.
func (m *mtx) next() error {
	for {
		line, err := m.lines.Next()
		if err == io.EOF {
			return errors.Wrapf(err, "%s:%d: the matrix is cut short", m.name, m.lines.Line())
		}
		if err != nil {
			return err
		}
		if m.text = strings.TrimSpace(line); m.text != "" {
			return nil
		}
	}
}

// head reads the banner, the comments and the size line.
func (m *mtx) head() (entries int, err error) {
	if err := m.next(); err != nil {
		return 0, err
	}
	banner := strings.Fields(strings.ToLower(m.text))
	if len(banner) != 5 || banner[0] != "%%matrixmarket" || banner[1] != "matrix" || banner[2] != "coordinate" ||
		banner[3] != "integer" && banner[3] != "real" || banner[4] != "general" {
		return 0, m.errorf("%s is not a banner of a general coordinate matrix of integers or reals", Quote(m.text))
	}
	for {
		if err := m.next(); err != nil {
			return 0, err
		}
		if !strings.HasPrefix(m.text, "%") {
			break
		}
	}
	f := strings.Fields(m.text)
	if len(f) != 3 {
		return 0, m.errorf("size line has %d numbers, want 3", len(f))
	}
	var n [3]int
	for i := range n {
		if n[i], err = strconv.Atoi(f[i]); err != nil || n[i] < 0 {
			return 0, m.errorf("size %s is not a count", Quote(f[i]))
		}
	}
	m.rows, m.cols, entries = n[0], n[1], n[2]
	if m.rows > maxSide || m.cols > maxSide || m.cols > 0 && entries/m.cols > m.rows || m.cols == 0 && entries > 0 {
		return 0, m.errorf("%d x %d with %d entries is not a possible size", m.rows, m.cols, entries)
	}
	if entries > maxEntries {
		return 0, m.errorf("%d entries, the limit is %d", entries, maxEntries)
	}
	if m.rows > max(maxBlank, entries) {
		return 0, m.errorf("%d rows with %d entries, the limit is %d rows that are mostly empty", m.rows, entries, maxBlank)
	}
	return entries, nil
}

// entry reads the current line.
func (m *mtx) entry() error {
	row, rest := field(m.text)
	col, rest := field(rest)
	val, rest := field(rest)
	if val == "" || rest != "" {
		return m.errorf("%s is not an entry of three numbers", Quote(m.text))
	}
	r, err := strconv.Atoi(row)
	if err != nil || r < 1 || r > m.rows {
		return m.errorf("row %s is outside 1..%d", Quote(row), m.rows)
	}
	c, err := strconv.Atoi(col)
	if err != nil || c < 1 || c > m.cols {
		return m.errorf("column %s is outside 1..%d", Quote(col), m.cols)
	}
	v, err := strconv.ParseFloat(val, 32)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return m.errorf("value %s is not a finite number", Quote(val))
	}
	m.row, m.col, m.value = append(m.row, int32(r-1)), append(m.col, int32(c-1)), append(m.value, float32(v))
	return nil
}

// field cuts the first word off a trimmed line.
func field(s string) (word, rest string) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], " \t")
}

// compress sorts the entries by row, counting, and then each row by column. It needs no memory for each column.
func (m *mtx) compress() (*Matrix, error) {
	out := &Matrix{
		Rows: m.rows, Cols: m.cols, Start: make([]int, m.rows+1),
		Index: make([]int32, len(m.row)), Value: make([]float32, len(m.row)),
	}
	for _, r := range m.row {
		out.Start[r+1]++
	}
	for r := range m.rows {
		out.Start[r+1] += out.Start[r]
	}
	order, next := make([]int32, len(m.row)), slices.Clone(out.Start)
	for e, r := range m.row {
		order[next[r]] = int32(e)
		next[r]++
	}
	for r := range m.rows {
		row := order[out.Start[r]:out.Start[r+1]]
		slices.SortFunc(row, func(a, b int32) int { return cmp.Compare(m.col[a], m.col[b]) })
		for k, e := range row {
			out.Index[out.Start[r]+k], out.Value[out.Start[r]+k] = m.col[e], m.value[e]
			if k > 0 && m.col[e] == m.col[row[k-1]] {
				return nil, errors.Errorf("%s: entry (%d, %d) comes twice", m.name, r+1, m.col[e]+1)
			}
		}
	}
	return out, nil
}
