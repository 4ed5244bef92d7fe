package kernel

import (
	"syscall"
	"testing"
)

// TestElementsGuarded: nothing outside the slices is read or written. Each slice touches a page without access,
// behind it in the first round and before it in the second.
func TestElementsGuarded(t *testing.T) {
	for _, before := range []bool{false, true} {
		var pages [][]float32
		out, in := (&operands[float32]{}).slices()
		for range len(out) + len(in) {
			x, mapped := guarded[float32](t, syscall.Getpagesize()/4, before)
			defer func() {
				if err := syscall.Munmap(mapped); err != nil {
					t.Error(err)
				}
			}()
			pages = append(pages, x)
		}
		eachVariant(t, "elements", func(t *testing.T) {
			for _, s := range elementShapes {
				if s[0]*s[1] > len(pages[0]) {
					continue
				}
				o := newOperands[float32](s[0], s[1], false)
				for _, c := range elementCases[float32]() {
					if c.defined(s[0], s[1], false) {
						runGuarded(c, o.fresh(), pages, before)
					}
				}
			}
		})
	}
}

// runGuarded runs a case with all slices at the beginning of pages, or at their end. An access outside ends the test
// with a signal.
func runGuarded(c elementCase[float32], o *operands[float32], pages [][]float32, before bool) {
	out, in := o.slices()
	for i, s := range append(out, in...) {
		place := pages[i][:len(*s)]
		if !before {
			place = pages[i][len(pages[i])-len(*s):]
		}
		copy(place, *s)
		*s = place
	}
	c.run(nil, o)
}
