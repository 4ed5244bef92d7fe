package linear

import (
	"testing"

	"pgregory.net/rapid"
)

// Parts in use never overlap, and all that was given back can be used again.
func TestHeap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h heap
		var used []span
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			if len(used) > 0 && rapid.Bool().Draw(t, "give") {
				i := rapid.IntRange(0, len(used)-1).Draw(t, "which")
				h.give(used[i].lo, used[i].hi-used[i].lo)
				used = append(used[:i], used[i+1:]...)
				continue
			}
			n := rapid.IntRange(1, 9).Draw(t, "n")
			lo := h.take(n)
			s := span{lo, lo + n}
			for _, u := range used {
				if s.lo < u.hi && u.lo < s.hi {
					t.Fatalf("%v overlaps %v", s, u)
				}
			}
			if s.lo < 0 || s.hi > h.end {
				t.Fatalf("%v of %d", s, h.end)
			}
			used = append(used, s)
		}
		for _, u := range used {
			h.give(u.lo, u.hi-u.lo)
		}
		if end := h.end; end > 0 && h.take(end) != 0 || h.end != end {
			t.Fatalf("%v of %d after all was given back", h.free, h.end)
		}
	})
}
