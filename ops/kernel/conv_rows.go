package kernel

// bandElements is how many elements of scratch memory a band should need: they stay in the second-level cache.
const bandElements = 1 << 16

// pixels is a band of rows of pixels, each with depth elements side by side. A row is width pixels long and holds those of the image from
// pixel left on, zeros elsewhere.
type pixels struct{ depth, width, left int }

// size returns the number of elements of a band of rows. The engines' transpose may write some elements beyond its destination, which are
// those of the next row or the slack that size adds.
func (p pixels) size(rows int) int { return (rows*p.width+slack)*p.depth + 2*slack }

// slack is at least the number of lanes of any engine.
const slack = 16

// gather fills rows with those of an image of channels x height x width, from its row first on. Rows outside the image are zero.
func gather[T Float](e *engine[T], p pixels, dst []T, rows int, image []T, channels, height, width, first int) {
	plane := height * width
	for r := range rows {
		row := dst[r*p.width*p.depth:]
		y := first + r
		if y < 0 || y >= height {
			clear(row[:p.width*p.depth])
			continue
		}
		// A transpose of fewer channels than lanes writes beyond them, so the first channels come last.
		for c := (channels - 1) / e.lanes * e.lanes; c >= 0; c -= e.lanes {
			e.transpose(min(e.lanes, channels-c), width, image[c*plane+y*width:], plane, row[p.left*p.depth+c:], p.depth)
		}
		clear(row[:p.left*p.depth])
		clear(row[(p.left+width)*p.depth : p.width*p.depth])
	}
}

// gatherFolded is gather for images of one channel: the elements of a pixel are the depth pixels below each other that a filter covers, so
// that a single product serves all its rows. Output row r begins at row first + r*stride of the image.
func gatherFolded[T Float](e *engine[T], p pixels, dst []T, rows int, image []T, height, width, first, stride int) {
	for r := range rows {
		row := dst[r*p.width*p.depth:]
		y := first + r*stride
		lo, hi := min(max(0, -y), p.depth), max(0, min(p.depth, height-y))
		if lo >= hi {
			clear(row[:p.width*p.depth])
			continue
		}
		inside := row[p.left*p.depth:]
		for d := lo + (hi-lo-1)/e.lanes*e.lanes; d >= lo; d -= e.lanes {
			e.transpose(min(e.lanes, hi-d), width, image[(y+d)*width:], width, inside[d:], p.depth)
		}
		if hi-lo < p.depth {
			for x := range width {
				clear(inside[x*p.depth:][:lo])
				clear(inside[x*p.depth+hi:][:p.depth-hi])
			}
		}
		clear(row[:p.left*p.depth])
		clear(row[(p.left+width)*p.depth : p.width*p.depth])
	}
}

// scatter writes n pixels of depth elements to channels that are plane elements apart; the first channels of a pixel are meant. square is
// memory for slack x slack elements.
func scatter[T Float](e *engine[T], dst []T, plane int, src []T, n, depth, channels int, square []T) {
	whole := channels / e.lanes * e.lanes
	for lo := 0; lo < n; lo += e.lanes {
		block, cols := src[lo*depth:], min(e.lanes, n-lo)
		if cols == e.lanes && whole > 0 {
			e.transpose(cols, whole, block, depth, dst[lo:], plane)
		}
		first := whole
		if cols < e.lanes {
			first = 0
		}
		for c := first; c < channels; c += e.lanes {
			some := min(e.lanes, channels-c)
			e.transpose(cols, some, block[c:], depth, square, e.lanes)
			for i := range some {
				copy(dst[(c+i)*plane+lo:][:cols], square[i*e.lanes:])
			}
		}
	}
}
