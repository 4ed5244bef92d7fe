package datasets

import (
	"github.com/selfnorm/selfnorm/datasets/batch"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

// gathered returns the labels and weights of all rows of a set.
func gathered(t *testing.T, s *Set) (y, weights []float32) {
	t.Helper()
	tasks := []int{len(s.Tasks)}
	if s.Classes != nil {
		tasks = nil
	}
	x, labels, w := room(tensor.Float32, s.Len(), s.Width(), tasks...)
	if err := s.Gather(all(s.Len()), batch.Of(x, labels, w)); err != nil {
		t.Fatal(err)
	}
	return labels.Float32s(), w.Float32s()
}

// A weight per row counts for all labels of the row, and a label that was not observed never counts.
func TestWeights(t *testing.T) {
	s := smallSet(t) // rows a to d; not observed: the second label of b and the first of c
	for name, c := range map[string]struct{ weights, want []float32 }{
		"none":      {nil, []float32{1, 1, 1, 0, 0, 1, 1, 1}},
		"per row":   {[]float32{2, 0, .5, 1}, []float32{2, 2, 0, 0, 0, .5, 1, 1}},
		"per label": {[]float32{1, 2, 3, 4, 5, 6, 7, 8}, []float32{1, 2, 3, 0, 0, 6, 7, 8}},
	} {
		t.Run(name, func(t *testing.T) {
			s.Weights = c.weights
			if err := s.Validate(); err != nil {
				t.Fatal(err)
			}
			y, w := gathered(t, s)
			same(t, w, c.want)
			same(t, y, []float32{0, 1, 1, 0, 0, 0, 1, 1})
			// A subset has the weights of its rows, a subset of it too.
			sub := must[*Set](t)(s.Subset([]int{3, 1, 0}))
			_, w = gathered(t, must[*Set](t)(sub.Subset([]int{1, 2})))
			same(t, w, []float32{c.want[2], c.want[3], c.want[0], c.want[1]})
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				x, labels, weights := room(dt, 1, 3, 2)
				b := batch.Of(x, labels, weights)
				rows := []int{2}
				if n := testing.AllocsPerRun(20, func() {
					if err := s.Gather(rows, b); err != nil {
						t.Error(err)
					}
				}); n > 0 && !raceEnabled {
					t.Errorf("%v: %v allocations", dt, n)
				}
			}
		})
	}
	c := &Set{
		Features: s.Features, Tasks: []string{"kind"}, Classes: []string{"a", "b"},
		Labels: []float32{1, missing, 0, 1}, Weights: []float32{3, 5, 0, .25},
	}
	y, w := gathered(t, c)
	same(t, y, []float32{1, 0, 0, 1})
	same(t, w, []float32{3, 0, 0, .25})
}

// Merged rows are weighted means, which equal those of a set in which a row of weight 2 comes twice.
func TestMergeWeights(t *testing.T) {
	s := smallSet(t) // a and c are one group
	s.Weights = []float32{2, 1, 1, 4}
	s.Labels = []float32{0, 1, 1, missing, 1, 0, 1, 1}
	m := must[*Set](t)(s.Merge([]int{0, 1, 2, 3}))
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	y, w := gathered(t, m)
	same(t, y, []float32{1. / 3, 2. / 3, 1, 0, 1, 1})
	same(t, w, []float32{1.5, 1.5, 1, 0, 4, 4})
	s.Weights = nil
	plain := must[*Set](t)(s.Merge([]int{0, 0, 1, 2, 3}))
	same(t, plain.Labels[:2], y[:2])

	s.Weights = []float32{0, 0, 0, 0} // nobody counts: no label is left
	if m = must[*Set](t)(s.Merge([]int{0, 1, 2, 3})); !math.IsNaN(float64(m.Labels[0])) {
		t.Errorf("label %v of rows without weight", m.Labels[0])
	}
}

// Bad values are refused with their place.
func TestValidateNamesThePlace(t *testing.T) {
	inf := float32(math.Inf(1))
	for name, c := range map[string]struct {
		spoil func(*Set)
		say   []string
	}{
		"NaN weight":       {func(s *Set) { s.Weights = []float32{1, missing, 1, 1} }, []string{"row 1", "weight NaN"}},
		"negative weight":  {func(s *Set) { s.Weights = []float32{1, 1, 1, 1, 1, -2, 1, 1} }, []string{"row 2", `"second"`, "weight -2"}},
		"infinite weight":  {func(s *Set) { s.Weights = []float32{1, 1, 1, inf} }, []string{"row 3", "weight +Inf"}},
		"too few weights":  {func(s *Set) { s.Weights = []float32{1, 1, 1} }, []string{"Weights has 3 entries"}},
		"no weights":       {func(s *Set) { s.Weights = []float32{} }, []string{"Weights has 0 entries"}},
		"infinite label":   {func(s *Set) { s.Labels[5] = -inf }, []string{"row 2", `"second"`, "infinite"}},
		"NaN feature":      {func(s *Set) { s.Features = table{{1, 2, 3}, {1, 2, 3}, {1, missing, 3}, {1, 2, 3}}.dense(t) }, []string{"row 2", `feature 1 ("y")`}},
		"infinite feature": {func(s *Set) { s.Features = table{{1, 0, 3}, {1, 0, 3}, {1, 0, 3}, {0, 0, inf}}.sparse(t) }, []string{"row 3", `feature 2 ("z")`}},
		"behind a view": {func(s *Set) {
			bad := table{{inf, 0, 0}, {0, 1, 0}, {0, 0, inf}}.sparse(t)
			s.Features = must[*View](t)(NewView(bad, []int{1, 1, 2, 0}))
		}, []string{"row 2", `feature 2 ("z")`}},
		"in a block": {func(s *Set) {
			left, right := table{{1}, {2}, {3}, {4}}.dense(t), table{{1, 2}, {1, 2}, {1, 2}, {1, missing}}.dense(t)
			s.Features = must[*Concat](t)(NewConcat(left, right))
		}, []string{"row 3", `feature 2 ("z")`}},
	} {
		s := smallSet(t)
		c.spoil(s)
		err := s.Validate()
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, say := range c.say {
			if !strings.Contains(err.Error(), say) {
				t.Errorf("%s: error %q does not say %q", name, err, say)
			}
		}
	}
	s := smallSet(t) // a row that the view does not show may hold anything
	s.Features = must[*View](t)(NewView(table{{0, 0, 0}, {missing, 0, 0}}.sparse(t), []int{0, 0, 0, 0}))
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}
