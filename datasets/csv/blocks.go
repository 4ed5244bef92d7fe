package csv

import "iter"

// blockSize is the number of values of a block.
const blockSize = 1 << 14

// blocks is a sequence that grows without being copied: while a table is read, its memory is what the values take, not twice as much.
type blocks[T any] struct {
	full [][]T // each of blockSize values
	last []T
}

func (b *blocks[T]) len() int { return len(b.full)*blockSize + len(b.last) }

func (b *blocks[T]) add(v T) {
	if len(b.last) == blockSize {
		b.full = append(b.full, b.last)
		b.last = make([]T, 0, blockSize)
	}
	b.last = append(b.last, v)
}

// at returns the place of value i, to be read or set.
func (b *blocks[T]) at(i int) *T {
	if k := i / blockSize; k < len(b.full) {
		return &b.full[k][i%blockSize]
	}
	return &b.last[i-len(b.full)*blockSize]
}

// all yields the values with their indices.
func (b *blocks[T]) all() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := 0
		for k := range len(b.full) + 1 {
			block := b.last
			if k < len(b.full) {
				block = b.full[k]
			}
			for _, v := range block {
				if !yield(i, v) {
					return
				}
				i++
			}
		}
	}
}
