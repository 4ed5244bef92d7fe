package kernel

import "fmt"

// DropChannels is Drop for whole channels: x consists of channels of size elements, and each is dropped or kept as one. Channel i takes the
// noise that Drop uses for element i. A NaN is never dropped.
func DropChannels[T Float](w *Workers, dst, x []T, size int, d Dropping, noise Philox) {
	check(len(x), dst)
	if size <= 0 || len(x)%size != 0 {
		panic(fmt.Sprintf("kernel: %d elements in channels of %d", len(x), size))
	}
	groups := ceil(len(x)/size, philoxGroup)
	n := min(groups, parts(w, len(x)))
	if n <= 1 {
		dropChannels(dst, x, size, d, noise, 0, groups)
		return
	}
	w.Run(n, func(i int) {
		lo, hi := cut(i, n, groups, 1)
		dropChannels(dst, x, size, d, noise, lo, hi)
	})
}

// dropChannels works on the groups of channels lo to hi that share noise.
func dropChannels[T Float](dst, x []T, size int, d Dropping, noise Philox, lo, hi int) {
	var words [philoxGroup]uint32
	limit, scale, shift, dropped := d.threshold(), T(d.Scale), T(d.Shift), T(d.Dropped)
	for group := lo; group < hi; group++ {
		noise.group(&words, group)
		for k := range min(philoxGroup, len(x)/size-group*philoxGroup) {
			first := (group*philoxGroup + k) * size
			out, in := dst[first:][:size], x[first:][:size]
			keep := words[k] >= limit
			for i, v := range in {
				y := dropped
				if keep || v != v {
					y = T(scale*v) + shift
				}
				out[i] = y
			}
		}
	}
}

// DropChannelsGrad sets dst to the gradient of DropChannels at the same noise.
func DropChannelsGrad[T Float](w *Workers, dst, g []T, size int, d Dropping, noise Philox) {
	d.Shift, d.Dropped = 0, 0
	DropChannels(w, dst, g, size, d, noise)
}
