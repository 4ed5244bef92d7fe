package datasets

import (
	"github.com/selfnorm/selfnorm/datasets/batch"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

var missing = float32(math.NaN())

// smallSet has four rows, two tasks, and one label of each kind missing.
func smallSet(t testing.TB) *Set {
	return &Set{
		Name:         "small",
		IDs:          []string{"a", "b", "c", "d"},
		Features:     table{{1, 0, 2}, {0, 3, 0}, {4, 4, 4}, {0, 0, 5}}.sparse(t),
		FeatureNames: []string{"x", "y", "z"},
		Tasks:        []string{"first", "second"},
		Labels:       []float32{0, 1, 1, missing, missing, 0, 1, 1},
		Part:         []Part{Train, Train, Validation, Test},
		Fold:         []int{0, 1, 5, -1},
		Groups:       []string{"p", "q", "p", "r"},
		Skipped:      []Skipped{{ID: "d", Row: 3, Line: 5, Reason: "unreadable"}, {ID: "e", Row: -1, Line: 6, Reason: "empty"}},
	}
}

func TestSetGather(t *testing.T) {
	s := smallSet(t)
	rows := []int{2, 1}
	t.Run("float32", func(t *testing.T) {
		x, y, weights := room(tensor.Float32, 2, 3, 2)
		if err := s.Gather(rows, batch.Of(x, y, weights)); err != nil {
			t.Fatal(err)
		}
		same(t, x.Data().([]float32), []float32{4, 4, 4, 0, 3, 0})
		same(t, y.Data().([]float32), []float32{0, 0, 1, 0})
		same(t, weights.Data().([]float32), []float32{0, 1, 1, 0})
	})
	t.Run("float64", func(t *testing.T) {
		x, y, weights := room(tensor.Float64, 2, 3, 2)
		if err := s.Gather(rows, batch.Of(x, y, weights)); err != nil {
			t.Fatal(err)
		}
		same(t, x.Data().([]float64), []float64{4, 4, 4, 0, 3, 0})
		same(t, y.Data().([]float64), []float64{0, 0, 1, 0})
		same(t, weights.Data().([]float64), []float64{0, 1, 1, 0})
	})
	t.Run("classes", func(t *testing.T) {
		c := &Set{Features: s.Features, Tasks: []string{"kind"}, Classes: []string{"a", "b", "c"}, Labels: []float32{2, missing, 1, 0}}
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		x, y, weights := room(tensor.Float32, 2, 3)
		if err := c.Gather([]int{0, 1}, batch.Of(x, y, weights)); err != nil {
			t.Fatal(err)
		}
		same(t, y.Data().([]float32), []float32{2, 0})
		same(t, weights.Data().([]float32), []float32{1, 0})
		if c.Outputs() != 3 || c.Width() != 3 || c.Len() != 4 {
			t.Errorf("%d outputs, %d inputs, %d rows", c.Outputs(), c.Width(), c.Len())
		}
	})
	t.Run("labels are optional", func(t *testing.T) {
		x, y, weights := room(tensor.Float32, 2, 3, 2)
		for _, c := range [][2]*tensor.Dense{{nil, nil}, {y, nil}, {nil, weights}} {
			if err := s.Gather(rows, batch.Of(x, c[0], c[1])); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestSetGatherAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("pools forget at random under the race detector")
	}
	s := smallSet(t)
	view := must[*Set](t)(s.Subset([]int{3, 2, 1}))
	rows := []int{0, 2, 1}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		x, y, weights := room(dt, 3, 3, 2)
		b := batch.Of(x, y, weights)
		for _, set := range []*Set{s, view} {
			if n := testing.AllocsPerRun(50, func() {
				if err := set.Gather(rows, b); err != nil {
					t.Error(err)
				}
			}); n > 0 {
				t.Errorf("%v: %v allocations", dt, n)
			}
		}
	}
}

func TestSetGatherRefuses(t *testing.T) {
	s := smallSet(t)
	x, y, weights := room(tensor.Float32, 2, 3, 2)
	wide, flat, _ := room(tensor.Float32, 2, 4)
	x64, y64, _ := room(tensor.Float64, 2, 3, 2)
	ints := tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Int))
	turned := tensor.New(tensor.WithShape(3, 2), tensor.Of(tensor.Float32))
	if err := turned.T(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name          string
		rows          []int
		x, y, weights *tensor.Dense
		say           string
	}{
		{"no rows", nil, x, y, weights, "want"},
		{"row too large", []int{0, 4}, x, y, weights, "row 4"},
		{"row negative", []int{-1, 0}, x, y, weights, "row -1"},
		{"too few rows", []int{0}, x, y, weights, "(1, 3)"},
		{"x too wide", []int{0, 1}, wide, y, weights, "(2, 3)"},
		{"no tensor", []int{0, 1}, nil, nil, nil, "no tensor for them"},
		{"x of ints", []int{0, 1}, ints, y, weights, "int"},
		{"x transposed", []int{0, 1}, turned, y, weights, "plain"},
		{"y flat", []int{0, 1}, x, flat, weights, "has labels"},
		{"y of other type", []int{0, 1}, x, y64, nil, "has labels"},
		{"weights of other type", []int{0, 1}, x64, y64, weights, "weights are"},
	} {
		err := s.Gather(c.rows, batch.Of(c.x, c.y, c.weights))
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.say)
		}
	}
}

func TestSubset(t *testing.T) {
	s := smallSet(t)
	sub := must[*Set](t)(s.Subset([]int{3, 0}))
	if err := sub.Validate(); err != nil {
		t.Fatal(err)
	}
	sameTable(t, contents(sub.Features), table{{0, 0, 5}, {1, 0, 2}}, 0)
	same(t, sub.IDs, []string{"d", "a"})
	same(t, sub.Labels, []float32{1, 1, 0, 1})
	same(t, sub.Part, []Part{Test, Train})
	same(t, sub.Fold, []int{-1, 0})
	same(t, sub.Groups, []string{"r", "p"})
	same(t, sub.Skipped, []Skipped{{ID: "d", Row: 0, Line: 5, Reason: "unreadable"}})
	same(t, s.Rows(Train), []int{0, 1})
	same(t, s.Rows(Test), []int{3})
	if _, err := s.Subset([]int{4}); err == nil {
		t.Error("row 4 of 4 was accepted")
	}
}

func TestMerge(t *testing.T) {
	s := smallSet(t)
	m := must[*Set](t)(s.Merge([]int{0, 1, 2, 3}))
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	same(t, m.IDs, []string{"a", "b", "d"})
	want := []float32{0, 0.5, 1, missing, 1, 1} // rows a and c: 0 and missing, 1 and 0
	for i, v := range want {
		if got := m.Labels[i]; got != v && !(got != got && v != v) {
			t.Errorf("label %d is %v, want %v", i, got, v)
		}
	}
	same(t, s.Labels[:2], []float32{0, 1})
	if _, err := s.Merge([]int{9}); err == nil {
		t.Error("row 9 was accepted")
	}
}

func TestValidate(t *testing.T) {
	for name, spoil := range map[string]func(*Set){
		"features": func(s *Set) { s.Features = nil },
		"IDs":      func(s *Set) { s.IDs = s.IDs[1:] },
		"names":    func(s *Set) { s.FeatureNames = s.FeatureNames[1:] },
		"labels":   func(s *Set) { s.Labels = s.Labels[1:] },
		"infinite": func(s *Set) { s.Labels[3] = float32(math.Inf(1)) },
		"tasks":    func(s *Set) { s.Tasks = nil },
		"part":     func(s *Set) { s.Part = s.Part[1:] },
		"fold":     func(s *Set) { s.Fold = s.Fold[1:] },
		"groups":   func(s *Set) { s.Groups = s.Groups[1:] },
		"classes":  func(s *Set) { s.Classes = []string{"a", "b"} },
		"class":    func(s *Set) { s.Classes, s.Tasks, s.Labels = []string{"a"}, s.Tasks[:1], []float32{0, 0, 1, 0} },
		"half":     func(s *Set) { s.Classes, s.Tasks, s.Labels = []string{"a"}, s.Tasks[:1], []float32{0, 0, .5, 0} },
	} {
		s := smallSet(t)
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		spoil(s)
		if s.Validate() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// batch makes tensors for n rows: x (n, inputs), and y and weights (n, tasks...).
func room(dt tensor.Dtype, n, inputs int, tasks ...int) (x, y, weights *tensor.Dense) {
	labels := append([]int{n}, tasks...)
	return tensor.New(tensor.WithShape(n, inputs), tensor.Of(dt)),
		tensor.New(tensor.WithShape(labels...), tensor.Of(dt)),
		tensor.New(tensor.WithShape(labels...), tensor.Of(dt))
}

func same[T comparable](t *testing.T, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
