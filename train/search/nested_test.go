package search_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train/search"
	"pgregory.net/rapid"
)

// parts returns k parts of rows, part i with i+1 rows.
func parts(k int) [][]int {
	var out [][]int
	row := 0
	for i := range k {
		var part []int
		for range i + 1 {
			part = append(part, row)
			row++
		}
		out = append(out, part)
	}
	return out
}

func TestCyclicFolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(3, 12).Draw(t, "k")
		folds, err := search.CyclicFolds(parts(k))
		if err != nil || len(folds) != k {
			t.Fatalf("%d folds: %v", len(folds), err)
		}
		for i, f := range folds {
			if cmp.Diff(f.Test, parts(k)[i]) != "" || cmp.Diff(f.Held, parts(k)[(i+k-1)%k]) != "" {
				t.Fatalf("fold %d is %+v", i, f)
			}
			seen := map[int]int{}
			for _, rows := range [][]int{f.Fit, f.Held, f.Test} {
				for _, row := range rows {
					seen[row]++
				}
			}
			for row := range k * (k + 1) / 2 {
				if seen[row] != 1 {
					t.Fatalf("row %d occurs %d times in fold %d", row, seen[row], i)
				}
			}
		}
	})
	for _, bad := range [][][]int{parts(2), {{1}, {}, {2}}} {
		if _, err := search.CyclicFolds(bad); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
}

// nested searches in five folds. The test gives back what it got.
func nested(t testing.TB) search.Nested {
	t.Helper()
	folds, err := search.CyclicFolds(parts(5))
	if err != nil {
		t.Fatal(err)
	}
	return search.Nested{Config: config(t), Folds: folds, Test: func(_ context.Context, t *search.Trial) (search.Values, error) {
		r := rand.New(rand.NewPCG(t.Seed, 0))
		return search.Values{"auc": r.Float64(), "epochs": float64(t.Epochs), "rows": float64(len(t.Rows.Test))}, nil
	}}
}

func runNested(t testing.TB, n search.Nested) *search.NestedResults {
	t.Helper()
	results, err := search.RunNested(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func nestedTable(t testing.TB, r *search.NestedResults) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Table().CSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Each fold is searched by itself, the best trial of the fold is tested, and the search does not see the test rows.
func TestNested(t *testing.T) {
	n := nested(t)
	var mu sync.Mutex
	seeds := map[int]map[string]uint64{}
	n.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		want := n.Folds[task.Fold-1]
		want.Test = nil
		if task.Epochs != 0 || cmp.Diff(want, task.Rows) != "" {
			return nil, errors.Errorf("fold %d, epochs %d, rows %+v", task.Fold, task.Epochs, task.Rows)
		}
		mu.Lock()
		defer mu.Unlock()
		if seeds[task.Fold] == nil {
			seeds[task.Fold] = map[string]uint64{}
		}
		seeds[task.Fold][task.Point.String()] = task.Seed
		return learn(ctx, task)
	}
	test := n.Test
	n.Test = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		mu.Lock()
		defer mu.Unlock()
		if task.Seed != seeds[task.Fold][task.Point.String()] || cmp.Diff(n.Folds[task.Fold-1], task.Rows) != "" {
			return nil, errors.New("another seed or other rows than in the search")
		}
		return test(ctx, task)
	}
	results := runNested(t, n)
	if len(results.Folds) != 5 {
		t.Fatalf("%d folds", len(results.Folds))
	}
	different := map[uint64]bool{}
	for i, f := range results.Folds {
		best, err := f.Search.Best()
		if err != nil || len(f.Search.Trials) != 24 || cmp.Diff(best.Point, f.Chosen.Point) != "" || f.Tested.Failure != "" ||
			f.Tested.Epochs != best.Best || f.Tested.Values["epochs"] != float64(best.Best) || f.Tested.Values["rows"] != float64(i+1) {
			t.Errorf("fold %d: %+v (%v)", i+1, f.Tested, err)
		}
		different[seeds[i+1][best.Point.String()]] = true
	}
	if len(different) != 5 {
		t.Errorf("%d seeds in 5 folds", len(different))
	}
	if values, err := results.Values("rows"); err != nil || cmp.Diff([]float64{1, 2, 3, 4, 5}, values) != "" {
		t.Errorf("rows %v (%v)", values, err)
	}
	if _, err := results.Values("none"); err == nil {
		t.Error("a value that no test returned")
	}
}

// A nested cross-validation that is stopped anywhere ends with the results of one that is not. One trial at a time gives the same.
func TestNestedResumes(t *testing.T) {
	n := nested(t)
	want := nestedTable(t, runNested(t, n))
	n.Results, n.Parallel = filepath.Join(t.TempDir(), "other"), 1
	for range 1000 {
		ctx, cancel := context.WithCancel(context.Background())
		n.Observer = func(e search.Event) {
			if e.Type == search.Finished && (e.Done == e.Total-3 || e.Trial.Epochs > 0 || e.Done-e.Resumed == 50) {
				cancel()
			}
		}
		results, err := search.RunNested(ctx, n)
		cancel()
		if err == nil {
			if got := nestedTable(t, results); got != want {
				t.Errorf("-want +got:\n%s", cmp.Diff(want, got))
			}
			return
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	t.Error("it never ends")
}

func TestNestedFailures(t *testing.T) {
	n := nested(t)
	n.Results = ""
	n.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		if task.Fold == 2 {
			return nil, errors.New("no such rows")
		}
		return learn(ctx, task)
	}
	test := n.Test
	n.Test = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		if task.Fold == 4 {
			panic("test")
		}
		return test(ctx, task)
	}
	results, err := search.RunNested(context.Background(), n)
	if err == nil || !strings.Contains(err.Error(), "fold 2") || !strings.Contains(err.Error(), "no such rows") || len(results.Folds) != 4 {
		t.Errorf("%d folds, error %v", len(results.Folds), err)
	}
	if _, err := results.Values("auc"); err == nil || !strings.Contains(err.Error(), "fold 4") {
		t.Errorf("error %v, want one that names fold 4", err)
	}
}

func TestNestedErrors(t *testing.T) {
	good := nested(t)
	runNested(t, good)
	tests := map[string]func(n *search.Nested){
		"no folds":      func(n *search.Nested) { n.Folds = nil },
		"no test":       func(n *search.Nested) { n.Test = nil },
		"no points":     func(n *search.Nested) { n.Points = nil },
		"0 to validate": func(n *search.Nested) { n.Folds = []batch.Fold{{Fit: []int{1}, Test: []int{2}}} },
		"row 2 is a": func(n *search.Nested) {
			n.Folds = []batch.Fold{{Fit: []int{1, 2}, Held: []int{3}, Test: []int{2}}}
		},
		"another search": func(n *search.Nested) { n.Folds = n.Folds[1:] },
		"results of":     func(n *search.Nested) { n.Folds[0].Fit[0], n.Folds[0].Fit[1] = n.Folds[0].Fit[1], n.Folds[0].Fit[0] },
		"none of 24 trial": func(n *search.Nested) {
			n.Results, n.Trial = "", func(context.Context, *search.Trial) (search.Values, error) { return nil, errors.New("x") }
		},
	}
	for want, change := range tests {
		n := good
		n.Folds, _ = search.CyclicFolds(parts(5))
		change(&n)
		if _, err := search.RunNested(context.Background(), n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
