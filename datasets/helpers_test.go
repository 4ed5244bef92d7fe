package datasets

import (
	"math"
	"math/rand/v2"
	"testing"
)

// table is a plain reference: rows of values.
type table [][]float32

// randomTable has about one value in four different from zero.
func randomTable(rows, cols int, seed uint64) table {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := make(table, rows)
	for r := range t {
		t[r] = make([]float32, cols)
		for c := range t[r] {
			if rng.IntN(4) == 0 {
				t[r][c] = float32(1 + rng.IntN(9))
			}
		}
	}
	return t
}

func (t table) dense(tb testing.TB) *Dense {
	tb.Helper()
	var data []float32
	for _, row := range t {
		data = append(data, row...)
	}
	d, err := NewDense(len(t), len(t[0]), data)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func (t table) sparse(tb testing.TB) *Sparse {
	tb.Helper()
	start, index, value := []int{0}, []int32(nil), []float32(nil)
	for _, row := range t {
		for c, v := range row {
			if v != 0 {
				index, value = append(index, int32(c)), append(value, v)
			}
		}
		start = append(start, len(index))
	}
	s, err := NewSparse(len(t[0]), start, index, value)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// all returns the row numbers of a table.
func all(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// contents gathers every row.
func contents(f Features) table {
	n, cols := f.Dims()
	t := make(table, n)
	for r := range t {
		t[r] = make([]float32, cols)
		f.Gather(t[r], cols, []int{r})
	}
	return t
}

func sameTable(t *testing.T, got, want table, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for r := range want {
		if len(got[r]) != len(want[r]) {
			t.Fatalf("row %d: %d columns, want %d", r, len(got[r]), len(want[r]))
		}
		for c := range want[r] {
			if d := math.Abs(float64(got[r][c]) - float64(want[r][c])); !(d <= tol) {
				t.Fatalf("row %d column %d: %v, want %v", r, c, got[r][c], want[r][c])
			}
		}
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
