package uci

import "slices"

// pieces is a list that grows without being copied, so that a file takes the memory of its numbers until it is known to be good.
type pieces[T any] struct {
	full [][]T
	last []T
}

// largest is the number of elements of a piece, the first ones apart, which are smaller.
const largest = 1 << 20

func (p *pieces[T]) add(v T) {
	if len(p.last) == cap(p.last) {
		if p.last != nil {
			p.full = append(p.full, p.last)
		}
		p.last = make([]T, 0, min(max(1024, 2*cap(p.last)), largest))
	}
	p.last = append(p.last, v)
}

// join returns all elements.
func (p *pieces[T]) join() []T {
	if p.full == nil {
		return p.last
	}
	return slices.Concat(append(p.full, p.last)...)
}
