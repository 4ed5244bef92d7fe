package baseline_test

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// The nearest row is that of the definition, the first of several, whatever its labels; a row of other identifiers has none.
func TestNearest(t *testing.T) {
	train, labels := bags(1, 60)
	test, _ := bags(2, 25)
	test.Append(func(yield func(uint32, int) bool) { yield(7, 1) })
	s, err := baseline.Tanimoto{}.Fit(train, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	rows, similarities, err := s.Nearest(t.Context(), test)
	if err != nil || len(rows) != 26 || len(similarities) != 26 || s.Rows() != 60 {
		t.Fatalf("%d rows, %d similarities to %d rows, %v", len(rows), len(similarities), s.Rows(), err)
	}
	for i := range 25 {
		want, most, x := -1, 0.0, dense(test, i)
		for row := range 60 {
			least, all := 0.0, 0.0
			for k, v := range dense(train, row) {
				least, all = least+min(v, x[k]), all+max(v, x[k])
			}
			if least/all > most {
				want, most = row, least/all
			}
		}
		if rows[i] != want || math.Abs(similarities[i]-most) > 1e-12 {
			t.Errorf("row %d: %d with %v, want %d with %v", i, rows[i], similarities[i], want, most)
		}
		for task, y := range s.Labels(rows[i]) {
			if want := labels[3*rows[i]+task]; y != want && (y == y || want == want) {
				t.Errorf("row %d, task %d: the label %v, want %v", rows[i], task, y, want)
			}
		}
	}
	if rows[25] != -1 || similarities[25] != 0 || s.Labels(-1) != nil || s.Labels(60) != nil {
		t.Errorf("a row of other identifiers is nearest to %d with %v", rows[25], similarities[25])
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Nearest(ctx, test); err == nil {
		t.Error("no error after the end of the context")
	}
	if _, _, err := s.Nearest(t.Context(), baseline.Bags{Start: []int{0, 2}, ID: []uint32{2, 1}, N: []uint16{1, 1}}); err == nil {
		t.Error("no error for identifiers out of order")
	}
}
