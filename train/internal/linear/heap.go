package linear

import "slices"

// heap plans a memory: which part of it is in use while a program is compiled.
type heap struct {
	free []span // ascending, never adjacent
	end  int    // of all that was ever in use
}

type span struct{ lo, hi int }

// take returns the offset of n free elements, at the lowest place.
func (h *heap) take(n int) int {
	for i, s := range h.free {
		if s.hi-s.lo >= n {
			h.free[i].lo += n
			if h.free[i].lo == s.hi {
				h.free = slices.Delete(h.free, i, i+1)
			}
			return s.lo
		}
	}
	if k := len(h.free); k > 0 && h.free[k-1].hi == h.end { // grow the last
		lo := h.free[k-1].lo
		h.free, h.end = h.free[:k-1], lo+n
		return lo
	}
	lo := h.end
	h.end += n
	return lo
}

// give makes n elements from an offset on free again.
func (h *heap) give(offset, n int) {
	i, _ := slices.BinarySearchFunc(h.free, offset, func(s span, at int) int { return s.lo - at })
	h.free = slices.Insert(h.free, i, span{offset, offset + n})
	for _, k := range []int{i, i - 1} { // join with the neighbours
		if k >= 0 && k+1 < len(h.free) && h.free[k].hi == h.free[k+1].lo {
			h.free[k].hi = h.free[k+1].hi
			h.free = slices.Delete(h.free, k+1, k+2)
		}
	}
}
