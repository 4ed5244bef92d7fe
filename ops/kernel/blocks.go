package kernel

import "fmt"

// Blocks copies Count blocks of Size elements each. Block i begins at element From + i FromStep of the source and at To + i ToStep of the
// destination. It allocates nothing after the first run. It is not safe for concurrent use.
type Blocks[T Float] struct {
	Count, Size    int
	From, FromStep int
	To, ToStep     int

	dst, x []T
	pieces int
	run    func(piece int)
}

// Run copies from x to dst. It panics if the last block does not fit. Blocks of dst must not overlap.
func (b *Blocks[T]) Run(w *Workers, dst, x []T) {
	last := b.Count - 1
	if b.Count < 0 || b.Size < 0 || b.From < 0 || b.To < 0 || b.Count > 0 && (b.From+last*b.FromStep+b.Size > len(x) || b.To+last*b.ToStep+b.Size > len(dst)) {
		panic(fmt.Sprintf("kernel: %d blocks of %d from %d by %d of %d, to %d by %d of %d",
			b.Count, b.Size, b.From, b.FromStep, len(x), b.To, b.ToStep, len(dst)))
	}
	if b.run == nil {
		b.run = b.piece
	}
	b.dst, b.x = dst, x
	b.pieces = max(1, min(parts(w, b.Count*b.Size), b.Count))
	w.Run(b.pieces, b.run)
	b.dst, b.x = nil, nil
}

func (b *Blocks[T]) piece(piece int) {
	for i := b.Count * piece / b.pieces; i < b.Count*(piece+1)/b.pieces; i++ {
		copy(b.dst[b.To+i*b.ToStep:][:b.Size], b.x[b.From+i*b.FromStep:])
	}
}
