package csv

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func read(t testing.TB, text string, o Options) *Table {
	t.Helper()
	return must[*Table](t)(ReadFrom("my.csv", strings.NewReader(text), o))
}

func wantError(t *testing.T, err error, say ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", say)
	}
	for _, s := range say {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q does not say %q", err, s)
		}
	}
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// all returns 0..n-1.
func all(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// values returns the features of every row.
func values(s *datasets.Set) [][]float32 {
	out := make([][]float32, s.Len())
	for r := range out {
		out[r] = make([]float32, s.Width())
		s.Features.Gather(out[r], s.Width(), []int{r})
	}
	return out
}

// sameSet checks that two sets have bit-equal features and labels.
func sameSet(t *testing.T, got, want *datasets.Set) {
	t.Helper()
	a, b := values(got), values(want)
	if len(a) != len(b) || got.Width() != want.Width() || len(got.Labels) != len(want.Labels) {
		t.Fatalf("%d x %d with %d labels, want %d x %d with %d", len(a), got.Width(), len(got.Labels), len(b), want.Width(), len(want.Labels))
	}
	for r := range a {
		for c := range a[r] {
			if a[r][c] != b[r][c] {
				t.Fatalf("row %d, %s: %v, want %v", r, want.FeatureNames[c], a[r][c], b[r][c])
			}
		}
	}
	for i := range got.Labels {
		if x, y := got.Labels[i], want.Labels[i]; x != y && (x == x || y == y) {
			t.Fatalf("label %d is %v, want %v", i, x, y)
		}
	}
}

// random makes a table of n rows with numeric and categorical features, gaps, and a class or number to predict.
func random(n int, seed uint64, classes bool) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("id,a,b,c,d,y\n")
	for i := range n {
		cell := func(format string, v any) string {
			if rng.IntN(10) == 0 {
				return "NA"
			}
			return fmt.Sprintf(format, v)
		}
		fmt.Fprintf(&b, "r%d,%s,%s,%s,%s,", i, cell("%v", rng.NormFloat64()*1e3), cell("%d", 1700000000+rng.IntN(1e6)),
			cell("c%d", rng.IntN(5)), cell("%q", []string{"x, y", "z"}[rng.IntN(2)]))
		if classes {
			fmt.Fprintf(&b, "k%d\n", rng.IntN(3))
		} else {
			fmt.Fprintf(&b, "%v\n", rng.ExpFloat64()*1e5)
		}
	}
	return b.String()
}
