package kernel

// pureEngine is the engine in plain Go.
func pureEngine[T Float]() *engine[T] {
	return &engine[T]{rows: 2, cols: 4, lanes: 4, line: 16, fetched: 1, worth: 1 << 12,
		panel: panel2[T], copyRows: copyRows4[T], transpose: transposeLoop[T]}
}

func panel2[T Float](rows, tiles, short, cols, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool,
	_ []T, _, _, _ int) {
	for t := range tiles {
		if t == tiles-short {
			rows--
		}
		tile2x4(rows, cols, k, a, aRow, aCol, b, bRow, c, cRow, bias, add)
		a, c = a[min(len(a), rows*aRow):], c[min(len(c), rows*cRow):]
	}
}

// tile2x4 computes a tile of at most 2 x 4 elements. For a smaller one it computes the last row and column several times, so that the same
// code computes every element.
func tile2x4[T Float](rows, cols, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool) {
	var s00, s01, s02, s03, s10, s11, s12, s13 T
	i1, j1, j2, j3 := (rows-1)*aRow, min(1, cols-1), min(2, cols-1), cols-1
	p, q := 0, 0
	for range k {
		a0, a1 := a[p], a[p+i1]
		b0, b1, b2, b3 := b[q], b[q+j1], b[q+j2], b[q+j3]
		s00 += a0 * b0
		s01 += a0 * b1
		s02 += a0 * b2
		s03 += a0 * b3
		s10 += a1 * b0
		s11 += a1 * b1
		s12 += a1 * b2
		s13 += a1 * b3
		p += aCol
		q += bRow
	}
	for i, s := range [2][4]T{{s00, s01, s02, s03}, {s10, s11, s12, s13}} {
		if i == rows {
			return
		}
		row := c[i*cRow:][:cols]
		for j := range row {
			x := s[j]
			if bias != nil {
				x += bias[j]
			}
			if add {
				x += row[j]
			}
			row[j] = x
		}
	}
}

func copyRows4[T Float](k int, src []T, srcRow int, dst []T) {
	for q := range k {
		copy(dst[4*q:4*q+4], src[q*srcRow:])
	}
}

func transposeLoop[T Float](rows, k int, src []T, srcRow int, dst []T, dstRow int) {
	for j := range rows {
		for q, x := range src[j*srcRow:][:k] {
			dst[q*dstRow+j] = x
		}
	}
}
