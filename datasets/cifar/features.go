package cifar

import "github.com/selfnorm/selfnorm/datasets"

// pixels are images as features: one byte per value in memory, converted to values from 0 to 1 by Gather.
type pixels Images

// intensity is the value of each byte.
var intensity = func() (table [256]float32) {
	for i := range table {
		table[i] = float32(i) / 255
	}
	return table
}()

// Dims returns the number of images and of values of one.
func (p *pixels) Dims() (rows, cols int) { return len(p.Labels), Width }

// Gather implements datasets.Features.
func (p *pixels) Gather(dst []float32, stride int, rows []int) error {
	if err := datasets.CheckGather(len(p.Labels), Width, dst, stride, rows); err != nil {
		return err
	}
	for i, r := range rows {
		out := dst[i*stride : i*stride+Width]
		for c, v := range p.Pixels[r*Width : (r+1)*Width] {
			out[c] = intensity[v]
		}
	}
	return nil
}

var _ datasets.Features = (*pixels)(nil)
