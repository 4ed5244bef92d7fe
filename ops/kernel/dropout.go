package kernel

// Dropping describes random masking: an element is dropped with probability Rate and becomes Dropped; otherwise it becomes Scale times
// itself plus Shift. NaN is never dropped.
type Dropping struct {
	Rate                  float64 // probability in [0, 1)
	Scale, Shift, Dropped float64
}

// threshold is how many of the 2^32 noise words drop an element.
func (d Dropping) threshold() uint32 { return uint32(d.Rate * (1 << 32)) }

// Drop sets dst to x masked by noise.
func Drop[T Float](w *Workers, dst, x []T, d Dropping, noise Philox) {
	check(len(x), dst)
	if n := parts(w, len(x)); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := span(i, n, len(x))
			drop(dst[lo:hi], x[lo:hi], d, noise, lo)
		})
		return
	}
	drop(dst, x, d, noise, 0)
}

// drop masks the elements first, first+1, ... of a tensor; first is a multiple of philoxGroup.
func drop[T Float](dst, x []T, d Dropping, noise Philox, first int) {
	if v := vectorized[T](); v != nil {
		v.drop(f32(dst), f32(x), float32(d.Scale), float32(d.Shift), float32(d.Dropped), d.threshold(), uint32(first/4),
			noise.Stream, uint32(noise.Seed), uint32(noise.Seed>>32), uint32(noise.Step), uint32(noise.Step>>32))
		return
	}
	dst = dst[:len(x)]
	var words [philoxGroup]uint32
	limit, scale, shift, dropped := d.threshold(), T(d.Scale), T(d.Shift), T(d.Dropped)
	for lo := 0; lo < len(x); lo += philoxGroup {
		noise.group(&words, (first+lo)/philoxGroup)
		for i, v := range x[lo:min(lo+philoxGroup, len(x))] {
			y := dropped
			if words[i] >= limit || v != v {
				y = T(scale*v) + shift
			}
			dst[lo+i] = y
		}
	}
}

// DropGrad sets dst to the gradient of Drop at the same noise: Scale times g where an element was kept, else 0.
func DropGrad[T Float](w *Workers, dst, g []T, d Dropping, noise Philox) {
	d.Shift, d.Dropped = 0, 0
	Drop(w, dst, g, d, noise)
}
