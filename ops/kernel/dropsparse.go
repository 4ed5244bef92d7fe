package kernel

// DropSparse sets dst to the elements of x that noise keeps, times d.Scale: those that Drop keeps of the dense matrix. width is the number of
// columns. It allocates nothing once the slices of dst are large enough.
func DropSparse[T Float](dst *CSR[T], x CSR[T], width int, d Dropping, noise Philox) {
	limit, scale := d.threshold(), T(d.Scale)
	dst.Start, dst.Columns, dst.Values = append(dst.Start[:0], 0), dst.Columns[:0], dst.Values[:0]
	for row := range len(x.Start) - 1 {
		for k := x.Start[row]; k < x.Start[row+1]; k++ {
			if v := x.Values[k]; noise.word(row*width+x.Columns[k]) >= limit || v != v {
				dst.Columns, dst.Values = append(dst.Columns, x.Columns[k]), append(dst.Values, T(scale*v))
			}
		}
		dst.Start = append(dst.Start, len(dst.Columns))
	}
}

// word returns the noise of one element; see philoxGroup.
func (p Philox) word(element int) uint32 {
	const perBlock = 16
	q, l, j := element/philoxGroup, element%philoxGroup/perBlock, element%perBlock
	c := [4]uint32{uint32(perBlock*q + j), p.Stream, uint32(p.Step), uint32(p.Step >> 32)}
	k0, k1 := uint32(p.Seed), uint32(p.Seed>>32)
	for range 10 {
		c[0], c[1], c[2], c[3] = philoxRound(c[0], c[1], c[2], c[3], k0, k1)
		k0 += 0x9E3779B9
		k1 += 0xBB67AE85
	}
	return c[l]
}
