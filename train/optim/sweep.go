package optim

import (
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// sweep passes over two slices of equal length, on several threads. It allocates nothing after the first call.
type sweep struct {
	op       operation
	dst, src dense.Slices
	factor   float64
	pieces   int
	piece    func(int)
}

type operation int

const (
	opCopy  operation = iota // dst = src
	opAdd                    // dst = dst + src
	opMean                   // dst = (dst + src) / factor
	opBlend                  // dst = factor dst + (1 - factor) src
	opSwap
)

// grain is the smallest number of elements worth handing to another thread.
const grain = 1 << 13

func (s *sweep) run(w *kernel.Workers, op operation, dst, src dense.Slices, factor float64) {
	if s.piece == nil {
		s.piece = s.runPiece
	}
	s.op, s.dst, s.src, s.factor = op, dst, src, factor
	s.pieces = max(1, min(w.Threads(), dst.Len()/grain))
	w.Run(s.pieces, s.piece)
	s.dst, s.src = dense.Slices{}, dense.Slices{}
}

func (s *sweep) runPiece(i int) {
	n := s.dst.Len()
	lo, hi := n/s.pieces*i, n/s.pieces*(i+1)
	if i == s.pieces-1 {
		hi = n
	}
	if s.dst.F32 != nil {
		apply(s.op, s.dst.F32[lo:hi], s.src.F32[lo:hi], s.factor)
	} else {
		apply(s.op, s.dst.F64[lo:hi], s.src.F64[lo:hi], s.factor)
	}
}

// apply does one operation.
func apply[T kernel.Float](op operation, dst, src []T, factor float64) {
	src = src[:len(dst)]
	switch f := T(factor); op {
	case opCopy:
		copy(dst, src)
	case opAdd:
		kernel.Add(nil, dst, dst, src)
	case opMean:
		for i, x := range src {
			dst[i] = (dst[i] + x) / f
		}
	case opBlend:
		kernel.Blend(dst, src, factor, 1-factor)
	case opSwap:
		for i, x := range src {
			src[i], dst[i] = dst[i], x
		}
	}
}
