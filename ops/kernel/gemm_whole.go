//go:build (amd64 || arm64) && !purego

package kernel

// whole makes a transpose for every k of one for multiples of lanes. The last lanes columns overlap others.
func whole[T Float](lanes int, transpose func(rows, k int, src []T, srcRow int, dst []T, dstRow int)) func(rows, k int, src []T, srcRow int, dst []T, dstRow int) {
	return func(rows, k int, src []T, srcRow int, dst []T, dstRow int) {
		if k < lanes {
			transposeLoop(rows, k, src, srcRow, dst, dstRow)
			return
		}
		transpose(rows, k-k%lanes, src, srcRow, dst, dstRow)
		if k%lanes > 0 {
			transpose(rows, lanes, src[k-lanes:], srcRow, dst[(k-lanes)*dstRow:], dstRow)
		}
	}
}
