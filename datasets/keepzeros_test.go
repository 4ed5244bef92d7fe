package datasets

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

var zeroKeepers = []Scaling{Deviation, DeviationTanh, MaxAbs}

// keepsZeros is the definition of a scaling that shifts nothing, for one column.
func keepsZeros(scaling Scaling, column []float64, fit []int) []float64 {
	mean, variance, largest := 0.0, 0.0, 0.0
	for _, r := range fit {
		mean += column[r] / float64(len(fit))
		largest = max(largest, math.Abs(column[r]))
	}
	for _, r := range fit {
		variance += (column[r] - mean) * (column[r] - mean) / float64(len(fit))
	}
	scale := math.Sqrt(variance)
	if scaling == MaxAbs {
		scale = largest
	}
	out := make([]float64, len(column))
	for r, x := range column {
		if scale == 0 {
			continue
		}
		if out[r] = x / scale; scaling == DeviationTanh {
			out[r] = math.Tanh(out[r])
		}
	}
	return out
}

// Scaling that keeps zeros equals its definition, stores no more than the table did, and is read back from a file bit by bit.
func TestKeepsZeros(t *testing.T) {
	full := randomTable(60, 8, 5)
	for r := range full {
		for c := range full[r] {
			if (r+c)%3 > 0 {
				full[r][c] = 0
			}
		}
	}
	fit := []int{1, 2, 3, 5, 8, 13, 21, 34, 55, 40, 41, 42}
	for _, scaling := range zeroKeepers {
		sparse := full.sparse(t)
		s := must[*Scaler](t)(FitScaler(scaling, 0, sparse, fit))
		scaled := must[Features](t)(s.Apply(sparse))
		if got := scaled.(*Sparse); got.base != nil || got.Stored() != sparse.Stored() {
			t.Errorf("%s: %d values are stored, %d before", scaling, got.Stored(), sparse.Stored())
		}
		got := contents(scaled)
		for c := range full[0] {
			column := make([]float64, len(full))
			for r := range full {
				column[r] = float64(full[r][c])
			}
			for r, want := range keepsZeros(scaling, column, fit) {
				if !(math.Abs(float64(got[r][c])-want) <= 1e-5) {
					t.Fatalf("%s: row %d, column %d is %v, want %v", scaling, r, c, got[r][c], want)
				}
			}
		}
		text, err := json.Marshal(s)
		var again Scaler
		if err == nil {
			err = json.Unmarshal(text, &again)
		}
		if err != nil {
			t.Fatal(err)
		}
		sameTable(t, contents(must[Features](t)(again.Apply(full.dense(t)))), got, 0)
		for _, step := range s.Steps() {
			if step.Tanh != (scaling == DeviationTanh) || slices.ContainsFunc(step.Mean, func(m float64) bool { return m != 0 }) {
				t.Errorf("%s: steps %+v", scaling, step)
			}
		}
	}
	if err := json.Unmarshal([]byte(`{"version":1,"scaling":"deviation","epsilon":0,"stages":[{"mean":[1],"sd":[1]}]}`), new(Scaler)); err == nil {
		t.Error("a scaling that keeps zeros is read with a mean")
	}
	for _, scaling := range []Scaling{Standardize, StandardizeTanh, StandardizeTanhStandardize} {
		if scaling.KeepsZeros() {
			t.Errorf("%s keeps zeros", scaling)
		}
	}
}

// The columns that occur in enough of the given rows are chosen, and no others.
func TestFrequentColumns(t *testing.T) {
	x := must[*Sparse](t)(NewSparse(5, []int{0, 3, 5, 6, 9}, []int32{0, 2, 3, 0, 2, 2, 0, 3, 4}, []float32{1, 1, 1, 1, 0, 1, 1, 1, 1}))
	for _, c := range []struct {
		rows  []int
		least int
		want  []int
	}{{[]int{0, 1, 2, 3}, 2, []int{0, 2, 3}}, {[]int{0, 1, 2, 3}, 3, []int{0}}, {[]int{1, 2}, 1, []int{0, 2}}, {nil, 1, nil}, {[]int{0}, 0, []int{0, 1, 2, 3, 4}}} {
		if got, err := x.FrequentColumns(c.rows, c.least); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("rows %v, at least %d: columns %v, %v, want %v", c.rows, c.least, got, err, c.want)
		}
	}
	if _, err := x.FrequentColumns([]int{4}, 1); err == nil {
		t.Error("a row that does not exist")
	}
}

// A sparse set gives sparse rows, and the same numbers as the set without the flag.
func TestSparseSet(t *testing.T) {
	full := randomTable(9, 6, 5)
	for r := range full {
		full[r][r%6] = 0
	}
	set := &Set{Name: "sparse", Features: full.sparse(t), Tasks: []string{"y"}, Labels: make([]float32, 9), Sparse: true}
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	if in := set.Inputs(); len(in) != 1 || in[0].Kind != batch.Sparse || in[0].Width != 6 {
		t.Fatalf("inputs %+v", in)
	}
	sub := must[*Set](t)(set.Subset([]int{7, 2, 2, 4}))
	rows, err := batch.NewCSR(tensor.Float32, 6)
	if err != nil {
		t.Fatal(err)
	}
	if err := sub.Gather([]int{3, 0, 1}, &batch.Batch{Rows: 3, Inputs: []batch.Tensor{{Name: batch.X, Sparse: rows}}}); err != nil {
		t.Fatal(err)
	}
	x, err := rows.Tensor()
	if err != nil {
		t.Fatal(err)
	}
	dense, stored := x.Dense().Float32s(), 0
	for i, r := range []int{4, 7, 2} {
		if got := dense[i*6 : (i+1)*6]; !slices.Equal(got, full[r]) {
			t.Errorf("row %d is %v, want %v", r, got, full[r])
		}
		for _, v := range full[r] {
			if v != 0 {
				stored++
			}
		}
	}
	if x.NonZeroes() != stored {
		t.Errorf("%d elements are stored, want %d", x.NonZeroes(), stored)
	}
	set.Shape = []int{1, 2, 3}
	if set.Validate() == nil {
		t.Error("a sparse set of images")
	}
}
