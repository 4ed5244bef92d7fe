package datasets

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

// severalSet is smallSet with an input of each kind and a further output.
func severalSet(t testing.TB) *Set {
	s := smallSet(t)
	s.InputName, s.OutputName = "numbers", "flags"
	town, err := NewDense(4, 1, []float32{2, 0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	s.MoreInputs = []Input{
		{Name: "town", Kind: batch.Category, Categories: 3, Features: town},
		{Name: "picture", Kind: batch.Image, Shape: []int{1, 3, 1}, Features: s.Features},
		{Name: "bits", Kind: batch.Sparse, Features: s.Features, FeatureNames: []string{"p", "q", "r"}},
	}
	s.MoreOutputs = []Output{{Name: "kind", Tasks: []string{"kind"}, Classes: []string{"a", "b", "c"}, Labels: []float32{2, 1, missing, 0}, Weights: []float32{1, 2, 3, 4}}}
	return s
}

// The kinds and widths of all inputs are known to the network.
func TestSeveralInputs(t *testing.T) {
	s := severalSet(t)
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	want := []batch.Input{{Name: "numbers", Width: 3}, {Name: "town", Kind: batch.Category, Width: 3}, {Name: "picture", Kind: batch.Image, Width: 3}, {Name: "bits", Kind: batch.Sparse, Width: 3}}
	for i, in := range s.Inputs() {
		if in.Name != want[i].Name || in.Kind != want[i].Kind || in.Width != want[i].Width {
			t.Errorf("input %+v, want %+v", in, want[i])
		}
	}
	if n := s.MoreOutputs[0].Width(); n != 3 || (Output{Tasks: []string{"a"}}).Width() != 1 {
		t.Errorf("%d outputs", n)
	}
}

// everything returns a batch of two rows with a tensor for everything in severalSet.
func everything(t testing.TB, dtype tensor.Dtype) *batch.Batch {
	csr, err := batch.NewCSR(dtype, 3)
	if err != nil {
		t.Fatal(err)
	}
	room := func(shape ...int) *tensor.Dense { return tensor.New(tensor.Of(dtype), tensor.WithShape(shape...)) }
	return &batch.Batch{Rows: 2, Inputs: []batch.Tensor{
		{Name: "bits", Sparse: csr}, {Name: "town", Value: room(2)}, {Name: "picture", Value: room(2, 1, 3, 1)}, {Name: "numbers", Value: room(2, 3)},
	}, Outputs: []batch.Labels{{Output: "kind", Value: room(2), Weights: room(2)}, {Output: "flags", Value: room(2, 2), Weights: room(2, 2)}}}
}

// A batch gets each input and output by its name, whatever the order; a subset gives the same rows.
func TestSeveralGather(t *testing.T) {
	s := severalSet(t)
	sub, err := s.Subset([]int{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		set  *Set
		rows []int
	}{{s, []int{2, 1}}, {sub, []int{1, 0}}} {
		b := everything(t, tensor.Float32)
		if err := c.set.Gather(c.rows, b); err != nil {
			t.Fatal(err)
		}
		same(t, b.Input("town").Float32s(), []float32{1, 0})
		same(t, b.Input("picture").Float32s(), []float32{4, 4, 4, 0, 3, 0})
		same(t, b.Input("numbers").Float32s(), []float32{4, 4, 4, 0, 3, 0})
		kind, weights := b.Labels("kind")
		same(t, kind.Float32s(), []float32{0, 1})
		same(t, weights.Float32s(), []float32{0, 2})
		flags, _ := b.Labels("flags")
		same(t, flags.Float32s(), []float32{0, 0, 1, 0})
		x, err := b.Sparse("bits").Tensor()
		if err != nil {
			t.Fatal(err)
		}
		same(t, x.Dense().Float32s(), []float32{4, 4, 4, 0, 3, 0})
		if x.NonZeroes() != 4 {
			t.Errorf("%d values for 4 that are not 0", x.NonZeroes())
		}
	}
}

// Sparse rows are the same whatever holds the features, also if zero is not what they store nothing for.
func TestGatherSparseRows(t *testing.T) {
	s := smallSet(t)
	scaler, err := FitScaler(Standardize, 0, s.Features, []int{0, 1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	scaled, err := scaler.Apply(s.Features)
	if err != nil {
		t.Fatal(err)
	}
	dense, err := NewDense(4, 1, []float32{1, 0, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	for name, blocks := range map[string][]Features{"sparse": {s.Features}, "dense": {dense}, "scaled": {scaled}, "joined": {dense, s.Features, dense, scaled}} {
		joined, err := NewConcat(blocks...)
		if err != nil {
			t.Fatal(err)
		}
		view, err := NewView(joined, []int{3, 3, 0})
		if err != nil {
			t.Fatal(err)
		}
		_, cols := view.Dims()
		rows, want := []int{2, 0}, make([]float32, 2*cols)
		if err := view.Gather(want, cols, rows); err != nil {
			t.Fatal(err)
		}
		csr, err := batch.NewCSR(tensor.Float32, cols)
		if err != nil {
			t.Fatal(err)
		}
		if err := gatherSparse(view, csr, rows); err != nil {
			t.Fatal(name, err)
		}
		x, err := csr.Tensor()
		if err != nil {
			t.Fatal(err)
		}
		same(t, x.Dense().Float32s(), want)
	}
}

// Gathering by name allocates nothing once warm.
func TestSeveralGatherAllocatesNothing(t *testing.T) {
	s := severalSet(t)
	rows := []int{2, 1}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		b := everything(t, dtype)
		if n := testing.AllocsPerRun(50, func() {
			b.Sparse("bits").Reset()
			if err := s.Gather(rows, b); err != nil {
				t.Fatal(err)
			}
		}); n > 0 && !raceEnabled {
			t.Errorf("%v: %v allocations", dtype, n)
		}
	}
}

// Parts that do not fit together are named, by input or output, row and column.
func TestSeveralRefused(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(s *Set)
	}{
		{`the name "numbers" of input 1 is empty or taken`, func(s *Set) { s.MoreInputs[0].Name = "numbers" }},
		{`the name "" of input 2`, func(s *Set) { s.MoreInputs[1].Name = "" }},
		{`the name "flags" of output 1`, func(s *Set) { s.MoreOutputs[0].Name = "flags" }},
		{`input "town": there are no features`, func(s *Set) { s.MoreInputs[0].Features = nil }},
		{`input "town": 0 categories in 1 columns`, func(s *Set) { s.MoreInputs[0].Categories = 0 }},
		{`input "town": 16777217 categories`, func(s *Set) { s.MoreInputs[0].Categories = 1<<24 + 1 }},
		{`input "town": row 0: category 2, want a whole number from 0 to 1`, func(s *Set) { s.MoreInputs[0].Categories = 2 }},
		{`input "town": 3 categories in 3 columns`, func(s *Set) { s.MoreInputs[0].Features = s.Features }},
		{`input "picture": images of shape [3]`, func(s *Set) { s.MoreInputs[1].Shape = []int{3} }},
		{`input "bits": images of shape [1 3 1]`, func(s *Set) { s.MoreInputs[2].Shape = []int{1, 3, 1} }},
		{`input "bits": FeatureNames has 1 entries, want 3`, func(s *Set) { s.MoreInputs[2].FeatureNames = []string{"a"} }},
		{`input "bits": it is of Kind(9)`, func(s *Set) { s.MoreInputs[2].Kind = 9 }},
		{`input "bits": 1 rows, want 4`, func(s *Set) { s.MoreInputs[2].Features, _ = NewDense(1, 3, make([]float32, 3)) }},
		{`row 3: input "picture", feature 2 is not a finite number`, func(s *Set) {
			s.MoreInputs[1].Features, _ = NewDense(4, 3, []float32{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, float32(math.Inf(1))})
		}},
		{`output "kind": 3 labels for 4 rows`, func(s *Set) { s.MoreOutputs[0].Labels = s.MoreOutputs[0].Labels[:3] }},
		{`output "kind": Weights has 1 entries`, func(s *Set) { s.MoreOutputs[0].Weights = []float32{1} }},
		{`output "kind": 2 tasks and 3 classes`, func(s *Set) { s.MoreOutputs[0].Tasks = []string{"a", "b"} }},
		{`output "kind", row 0: class 2, want a whole number from 0 to 1`, func(s *Set) { s.MoreOutputs[0].Classes = []string{"a", "b"} }},
		{`output "kind", row 1: weight -1`, func(s *Set) { s.MoreOutputs[0].Weights = []float32{1, -1, 1, 1} }},
	} {
		s := severalSet(t)
		c.spoil(s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	for _, c := range []struct {
		want  string
		spoil func(b *batch.Batch)
	}{
		{`has no input "x"`, func(b *batch.Batch) { b.Inputs[3].Name = "x" }},
		{`has no labels of the output "y"`, func(b *batch.Batch) { b.Outputs[0].Output = "y" }},
		{"want a plain (2)", func(b *batch.Batch) { b.Inputs[1].Value = b.Inputs[3].Value }},
		{"want a plain (2, 1, 3, 1)", func(b *batch.Batch) { b.Inputs[2].Value = b.Inputs[3].Value }},
		{"sparse rows of 2 columns, want 3", func(b *batch.Batch) { b.Inputs[0].Sparse, _ = batch.NewCSR(tensor.Float32, 2) }},
	} {
		b := everything(t, tensor.Float32)
		c.spoil(b)
		if err := severalSet(t).Gather([]int{0, 1}, b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
	s := severalSet(t)
	if _, err := s.Merge([]int{0, 1}); err == nil || !strings.Contains(err.Error(), "one output") {
		t.Errorf("merged: %v", err)
	}
}
