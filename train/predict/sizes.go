package predict

import "slices"

// Block is the largest number of rows that are predicted at once.
const Block = 1024

// sizes are the numbers of rows for which there are graphs: few, so that the memory of a predictor is bounded, and close together, so that
// little padding is computed.
var sizes = []int{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, Block}

// span is a range of rows, and the number of rows of the graph that predicts them. Rows beyond hi are padding.
type span struct{ lo, hi, size int }

// Sizes returns the numbers of rows of the graphs that predict n rows, each once.
func Sizes(n int) (all []int) {
	// Blocks of the largest size come first, so one of them and the rest show all.
	for _, s := range spans(min(n, Block+n%Block)) {
		if !slices.Contains(all, s.size) {
			all = append(all, s.size)
		}
	}
	return all
}

// spans divides n rows.
func spans(n int) (out []span) {
	for lo := 0; lo < n; {
		s := spanAt(lo, n, Block)
		out = append(out, s)
		lo = s.hi
	}
	return out
}

// spanAt returns the span of n rows that begins at lo, of at most so many rows. A graph with up to a quarter more rows than needed costs less than two graphs.
func spanAt(lo, n, most int) span {
	left := min(n-lo, most)
	size := sizes[0]
	for _, s := range sizes {
		if s > left {
			if s-left <= left/4 {
				size = s
			}
			break
		}
		size = s
	}
	return span{lo, min(lo+size, n), size}
}
