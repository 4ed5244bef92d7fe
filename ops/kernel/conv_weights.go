package kernel

import "fmt"

// The gradient of the weights is a sum over all pixels of all images. To divide this work among threads without letting their number
// change the result, the images are divided into groups, by the sizes alone; each has a sum of its own, and the sums are added in order.
// Where the sums would be large, there are few groups, and the filters are divided too.

// mostGroups is more than the threads of most machines.
const mostGroups = 16

// groupsOf returns the number of groups, given the elements of a sum. All sums together are no larger than images and outputs together.
func (s ConvShape) groupsOf(sum int) int {
	return max(1, min(mostGroups, s.Batch, (s.images()+s.outputs())/max(1, sum)))
}

// divide sets the groups, and the slices of filters in units of the engine's columns.
func (c *Conv2D[T]) divide(sum int) {
	c.run.groups = c.groupsOf(sum)
	c.run.slices = min(ceil(mostGroups, c.run.groups), ceil(c.Filters, c.engine.cols))
	c.sums = grow(c.sums, c.run.groups*sum)
}

// slice returns the group and the filters of a part.
func (c *Conv2D[T]) slice(part int) (group, f0, f1 int) {
	f0, f1 = cut(part%c.run.slices, c.run.slices, c.Filters, c.engine.cols)
	return part / c.run.slices, f0, f1
}

// weightsScratch returns the elements of the images and of the gradients of the outputs of a band of rows.
func (s ConvShape) weightsScratch(rows, filters int) (in, grads int) {
	_, width := s.Output()
	p, first, step := s.forwardPixels()
	return p.size(first + (rows-1)*step), pixels{filters, width, 0}.size(rows)
}

func (c *Conv2D[T]) gradWeightsDirect(w *Workers) {
	c.divide(c.weights())
	c.run.bands = c.forwardBands()
	w.run(c.run.groups*c.run.slices, c.job.gradWeights)
	c.run.parts = min(c.weights()/c.Filters, parts(w, c.weights()*c.run.groups))
	w.run(c.run.parts, c.job.sum)
}

// weightsGroup sums over a group of images for a slice of the filters. The sum lies in memory as row, column and channel of the filter,
// filter.
func (c *Conv2D[T]) weightsGroup(part, thread int) {
	group, f0, f1 := c.slice(part)
	sum := c.sums[group*c.weights():][:c.weights()]
	products, terms := c.taps()
	for i := range products * terms {
		clear(sum[i*c.Filters+f0 : i*c.Filters+f1])
	}
	lo, hi := cut(group, c.run.groups, c.Batch, 1)
	for part := lo * c.run.bands.perImage; part < hi*c.run.bands.perImage; part++ {
		image, y0, y1 := c.run.bands.at(part)
		c.addWeights(sum, image, y0, y1, f0, f1, thread)
	}
}

// addWeights adds what the output rows y0 to y1 of an image contribute.
func (c *Conv2D[T]) addWeights(sum []T, image, y0, y1, f0, f1, thread int) {
	e, rows, filters := c.engine, y1-y0, f1-f0
	height, width := c.Output()
	p, first, step := c.forwardPixels()
	nIn, nGrads := c.weightsScratch(rows, filters)
	buf := c.buffer(thread, nIn+nGrads)
	in, grads := buf[:nIn], buf[nIn:]
	c.gatherImage(in, p, first+(rows-1)*step, image, y0)
	plane := height * width
	gather(e, pixels{filters, width, 0}, grads, rows, c.run.grads[(image*c.Filters+f0)*plane:][:filters*plane], filters, height, width, y0)

	products, terms := c.taps()
	for f := 0; f < filters; f += e.cols {
		for r := range rows {
			for i := range products {
				e.multiply(terms, min(e.cols, filters-f), width, in[(r*step+i)*p.width*p.depth:], 1, c.Stride*p.depth,
					grads[r*width*filters+f:], filters, sum[i*terms*c.Filters+f0+f:], c.Filters, nil, true)
			}
		}
	}
}

// sumWeights adds the sums of the groups, for some rows of the filters: row, column and channel.
func (c *Conv2D[T]) sumWeights(part int) {
	taps := c.KernelHeight * c.KernelWidth
	lo, hi := cut(part, c.run.parts, taps*c.Channels, 1)
	total := c.sums[lo*c.Filters : hi*c.Filters]
	for g := 1; g < c.run.groups; g++ {
		Add(nil, total, total, c.sums[g*c.weights()+lo*c.Filters:][:len(total)])
	}
	for row := lo; row < hi; row++ {
		tap, ch := row/c.Channels, row%c.Channels
		if c.folds() {
			tap = tap%c.KernelHeight*c.KernelWidth + tap/c.KernelHeight
		}
		for f, v := range c.sums[row*c.Filters:][:c.Filters] {
			c.run.dst[(f*c.Channels+ch)*taps+tap] = v
		}
	}
}

// sumLanes is how many sums make that of a plane.
const sumLanes = 16

// PlaneScratch is the number of elements of scratch memory that PlaneSums needs for each channel.
const PlaneScratch = sumLanes

// PlaneSums sets dst, one element per channel, to the sums over the batch and the planes of x, batch x channels x plane: the gradient of the
// bias of a convolution. Each plane is summed by itself, which keeps the rounding error small. scratch has PlaneScratch elements per channel.
func PlaneSums[T Float](w *Workers, dst, x, scratch []T, plane int) {
	channels := len(dst)
	if plane <= 0 || channels == 0 || len(x)%(plane*channels) != 0 || len(scratch) != PlaneScratch*channels {
		panic(fmt.Sprintf("kernel: %d elements in %d channels of %d, scratch of %d", len(x), channels, plane, len(scratch)))
	}
	if n := min(parts(w, len(x)), channels); n > 1 {
		w.Run(n, func(i int) {
			lo, hi := cut(i, n, channels, 1)
			planeSums(dst, x, scratch, plane, lo, hi)
		})
		return
	}
	planeSums(dst, x, scratch, plane, 0, channels)
}

// planeSums is PlaneSums for channels lo to hi.
func planeSums[T Float](dst, x, scratch []T, plane, lo, hi int) {
	clear(dst[lo:hi])
	for first := 0; first < len(x); first += len(dst) * plane {
		for c := lo; c < hi; c++ {
			dst[c] += planeSum(x[first+c*plane:][:plane], scratch[c*sumLanes:][:sumLanes])
		}
	}
}

// planeSum returns the sum of x.
func planeSum[T Float](x, lanes []T) T {
	clear(lanes)
	whole := len(x) / sumLanes * sumLanes
	if whole > 0 {
		addSums(lanes, x[:whole], sumLanes)
	}
	for i, v := range x[whole:] {
		lanes[i] += v
	}
	for n := sumLanes / 2; n > 0; n /= 2 {
		for i := range n {
			lanes[i] += lanes[n+i]
		}
	}
	return lanes[0]
}
