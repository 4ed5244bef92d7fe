package dense

import (
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// The rows of a sparse tensor are read in place: a change of the slices that it was made of is seen.
func TestCSR(t *testing.T) {
	start, columns := []int{0, 2, 2, 3}, []int{1, 4, 0}
	cs := tensor.NewCSR(columns, start, []float32{1, 2, 3}, tensor.WithShape(3, 5))
	columns[1] = 3
	gotStart, gotColumns := CSR(cs)
	if !slices.Equal(gotStart, start) || !slices.Equal(gotColumns, columns) {
		t.Errorf("starts %v and columns %v, want %v and %v", gotStart, gotColumns, start, columns)
	}
	if n := testing.AllocsPerRun(10, func() { CSR(cs) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
