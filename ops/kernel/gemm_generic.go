package kernel

// pureEngine is the engine in plain Go.
func pureEngine[T Float]() *engine[T] {
	return &engine[T]{rows: 4, cols: 4, lanes: 4, line: 16, panel: panel4[T], copyRows: copyRows4[T], transpose: transposeLoop[T]}
}

func panel4[T Float](rows, tiles, short, cols, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool,
	_ []T, _, _, _ int) {
	for t := range tiles {
		if t == tiles-short {
			rows--
		}
		tile4(rows, cols, k, a, aRow, aCol, b, bRow, c, cRow, bias, add)
		a, c = a[min(len(a), rows*aRow):], c[min(len(c), rows*cRow):]
	}
}

// tile4 computes a tile of at most 4 x 4 elements. A smaller one computes its last row and column several times.
func tile4[T Float](rows, cols, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool) {
	i1, i2, i3 := min(1, rows-1)*aRow, min(2, rows-1)*aRow, (rows-1)*aRow
	j1, j2, j3 := min(1, cols-1), min(2, cols-1), cols-1
	var s [4][4]T
	for range k {
		b0, b1, b2, b3 := b[0], b[j1], b[j2], b[j3]
		a0, a1, a2, a3 := a[0], a[i1], a[i2], a[i3]
		s[0][0] += a0 * b0
		s[0][1] += a0 * b1
		s[0][2] += a0 * b2
		s[0][3] += a0 * b3
		s[1][0] += a1 * b0
		s[1][1] += a1 * b1
		s[1][2] += a1 * b2
		s[1][3] += a1 * b3
		s[2][0] += a2 * b0
		s[2][1] += a2 * b1
		s[2][2] += a2 * b2
		s[2][3] += a2 * b3
		s[3][0] += a3 * b0
		s[3][1] += a3 * b1
		s[3][2] += a3 * b2
		s[3][3] += a3 * b3
		a, b = a[min(aCol, len(a)):], b[min(bRow, len(b)):]
	}
	for i := range rows {
		row := c[i*cRow:][:cols]
		for j := range row {
			x := s[i][j]
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
