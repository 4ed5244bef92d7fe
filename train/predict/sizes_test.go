package predict

import "testing"

// Spans cover all rows once, with a few sizes, and with padding of at most a quarter of a span.
func TestSpans(t *testing.T) {
	for n := range 5000 {
		next := 0
		for _, s := range spans(n) {
			rows := s.hi - s.lo
			if s.lo != next || rows < 1 || s.size < rows || s.size-rows > rows/4 || s.size > Block {
				t.Fatalf("%d rows: %+v", n, s)
			}
			next = s.hi
		}
		if next != n {
			t.Fatalf("%d rows: the spans end at %d", n, next)
		}
	}
}
