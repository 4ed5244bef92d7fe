package rowfile

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// example returns a set of n rows; the first feature is the number of the row. Some labels of two tasks are missing, and rows have weights.
func example(t testing.TB, n int) *datasets.Set {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	s := &datasets.Set{Name: "example", Notes: "made up", FeatureNames: []string{"row", "b", "c"}, Tasks: []string{"p", "q"}}
	x := make([]float32, 0, 3*n)
	for i := range n {
		x = append(x, float32(i), float32(r.NormFloat64()), float32(100+r.NormFloat64()))
		s.Labels = append(s.Labels, float32(r.IntN(2)), float32(r.IntN(2)))
		if i%5 == 0 {
			s.Labels[2*i] = float32(math.NaN())
		}
		s.Weights = append(s.Weights, float32(1+i%3))
	}
	f, err := datasets.NewDense(n, 3, x)
	if err != nil {
		t.Fatal(err)
	}
	s.Features = f
	return s
}

// describe returns the description of a set, with small chunks and windows.
func describe(s *datasets.Set) Description {
	return Description{
		Name: s.Name, Notes: s.Notes, Width: s.Width(), Columns: s.FeatureNames, Shape: s.Shape, Tasks: s.Tasks, Classes: s.Classes, Weights: s.Weights != nil,
		ChunkRows: 7, WindowRows: 30,
	}
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// written writes a set into a file and opens it.
func written(t testing.TB, s *datasets.Set) (*File, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "example.rows")
	if err := Create(path, describe(s), func(w *Writer) error { return w.AddSet(s, numbers(s.Len())) }); err != nil {
		t.Fatal(err)
	}
	return opened(t, path), path
}

func opened(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func mustSay(t testing.TB, what string, err error, texts ...string) {
	t.Helper()
	if err == nil || slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(err.Error(), text) }) {
		t.Errorf("%s: error %v, want one that says %q", what, err, texts)
	}
}
