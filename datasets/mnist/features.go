package mnist

import "github.com/selfnorm/selfnorm/datasets"

// pixels are images as features: one byte per pixel in memory, converted to values from 0 to 1 by Gather.
type pixels Images

// grey is the value of each byte.
var grey = func() (table [256]float32) {
	for i := range table {
		table[i] = float32(i) / 255
	}
	return table
}()

// Dims returns the number of images and of pixels.
func (p *pixels) Dims() (rows, cols int) { return p.Count, p.Height * p.Width }

// Gather implements datasets.Features.
func (p *pixels) Gather(dst []float32, stride int, rows []int) error {
	n := p.Height * p.Width
	if err := datasets.CheckGather(p.Count, n, dst, stride, rows); err != nil {
		return err
	}
	for i, r := range rows {
		out := dst[i*stride : i*stride+n]
		for c, v := range p.Pixels[r*n : (r+1)*n] {
			out[c] = grey[v]
		}
	}
	return nil
}

var _ datasets.Features = (*pixels)(nil)
