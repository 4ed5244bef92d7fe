package formats

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const banner = "%%MatrixMarket matrix coordinate integer general\n"

func TestReadMatrixMarket(t *testing.T) {
	m, err := ReadMatrixMarket("m.mtx", strings.NewReader(banner+"% a comment\n\n3 4 4\n 3 1 5\n1 4 -2\n1\t2 1\n3 2 7\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows != 3 || m.Cols != 4 || !slices.Equal(m.Start, []int{0, 2, 2, 4}) ||
		!slices.Equal(m.Index, []int32{1, 3, 0, 1}) || !slices.Equal(m.Value, []float32{1, -2, 5, 7}) {
		t.Errorf("read %+v", m)
	}
	m, err = ReadMatrixMarket("m.mtx", strings.NewReader("%%matrixmarket MATRIX coordinate real general\n1 1 1\n1 1 2.5e-1"))
	if err != nil || m.Value[0] != 0.25 {
		t.Errorf("read %+v, %v", m, err)
	}
	m, err = ReadMatrixMarket("m.mtx", strings.NewReader(banner+"2 0 0\n"))
	if err != nil || !slices.Equal(m.Start, []int{0, 0, 0}) {
		t.Errorf("read %+v, %v", m, err)
	}
}

// Whatever the order of the entries, the matrix is the same.
func TestMatrixMarketOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	want := make(map[[2]int32]float32)
	for range 500 {
		want[[2]int32{rng.Int32N(40), rng.Int32N(30)}] = float32(rng.IntN(9) + 1)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s40 30 %d\n", banner, len(want))
	for at, v := range want { // a map: any order
		fmt.Fprintf(&b, "%d %d %v\n", at[0]+1, at[1]+1, v)
	}
	m, err := ReadMatrixMarket("m.mtx", strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Value) != len(want) {
		t.Fatalf("%d entries, want %d", len(m.Value), len(want))
	}
	for r := range m.Rows {
		from, to := m.Start[r], m.Start[r+1]
		if !slices.IsSorted(m.Index[from:to]) {
			t.Errorf("columns of row %d are %v", r, m.Index[from:to])
		}
		for k := from; k < to; k++ {
			if v := want[[2]int32{int32(r), m.Index[k]}]; v != m.Value[k] {
				t.Errorf("(%d, %d) is %v, want %v", r, m.Index[k], m.Value[k], v)
			}
		}
	}
}

func TestMatrixMarketErrors(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"empty", "", "cut short"},
		{"no banner", "1 1 0\n", "m.mtx:1"},
		{"symmetric", "%%MatrixMarket matrix coordinate integer symmetric\n", "m.mtx:1"},
		{"array", "%%MatrixMarket matrix array real general\n", "m.mtx:1"},
		{"no size", banner + "% only comments\n", "m.mtx:2"},
		{"two sizes", banner + "1 1\n", "m.mtx:2: size line has 2"},
		{"negative size", banner + "-1 1 0\n", "m.mtx:2"},
		{"endless", banner + "99999999999 1 0\n", "m.mtx:2"},
		{"too many", banner + "2 2 5\n", "m.mtx:2"},
		{"row 0", banner + "2 2 1\n0 1 1\n", "m.mtx:3: row"},
		{"row 3 of 2", banner + "2 2 1\n3 1 1\n", "m.mtx:3: row"},
		{"column 3 of 2", banner + "2 2 1\n1 3 1\n", "m.mtx:3: column"},
		{"value", banner + "2 2 1\n1 1 x\n", "m.mtx:3: value"},
		{"NaN", banner + "2 2 1\n1 1 NaN\n", "m.mtx:3: value"},
		{"two numbers", banner + "2 2 1\n1 1\n", "m.mtx:3"},
		{"four numbers", banner + "2 2 1\n1 1 1 1\n", "m.mtx:3"},
		{"too few", banner + "2 2 2\n1 1 1\n", "m.mtx:3: the matrix is cut short"},
		{"one more", banner + "2 2 1\n1 1 1\n\n1 2 1\n", "m.mtx:5: more than the 1"},
		{"twice", banner + "2 2 2\n2 1 1\n2 1 3\n", "(2, 1) comes twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadMatrixMarket("m.mtx", strings.NewReader(c.text))
			wantError(t, err, "m.mtx", c.say)
		})
	}
}

// Wherever a compressed file ends too early, that is what the error says, and not something about half a line.
func TestMatrixMarketCutShort(t *testing.T) {
	whole := zipped(t, banner+"3 4 4\n3 1 5\n1 4 22\n1 2 1\n3 2 7\n")
	for cut := 12; cut < len(whole); cut++ {
		path := file(t, whole[:cut])
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadMatrixMarket(path, f)
		f.Close()
		wantError(t, err, path, "cut short")
		if _, err := ReadLines(path); err == nil {
			t.Errorf("half of the lines were read without an error")
		}
	}
}

func FuzzMatrixMarket(f *testing.F) {
	f.Add(banner + "3 4 2\n3 1 5\n1 4 -2\n")
	f.Add("%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 2.5e-1")
	f.Add(banner + "2 2 2\n2 1 1\n2 1 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadMatrixMarket("m.mtx", strings.NewReader(text))
		if err != nil {
			if !strings.Contains(err.Error(), "m.mtx") {
				t.Errorf("error %q does not name the file", err)
			}
			return
		}
		if len(m.Start) != m.Rows+1 || m.Start[m.Rows] != len(m.Index) || len(m.Index) != len(m.Value) {
			t.Fatalf("%d starts for %d rows, %d columns, %d values", len(m.Start), m.Rows, len(m.Index), len(m.Value))
		}
		for r := range m.Rows {
			for k := m.Start[r]; k < m.Start[r+1]; k++ {
				if c := m.Index[k]; c < 0 || int(c) >= m.Cols || k > m.Start[r] && c <= m.Index[k-1] {
					t.Fatalf("row %d: columns %v", r, m.Index[m.Start[r]:m.Start[r+1]])
				}
			}
		}
	})
}
