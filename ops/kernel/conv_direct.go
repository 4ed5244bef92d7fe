package kernel

// folds reports whether a pixel holds all the rows under a filter: one channel alone would make short products.
func (s ConvShape) folds() bool { return s.Channels == 1 && s.KernelHeight > 1 }

// forwardPixels returns how images lie in scratch memory, and how many rows of them an output row needs and adds.
func (s ConvShape) forwardPixels() (p pixels, rows, step int) {
	p = pixels{s.Channels, s.Width + 2*s.Padding, s.Padding}
	if s.folds() {
		p.depth = s.KernelHeight
		return p, 1, 1
	}
	return p, s.KernelHeight, s.Stride
}

// taps returns the number of products that make an output row, and the terms of each.
func (s ConvShape) taps() (rows, terms int) {
	if s.folds() {
		return 1, s.KernelHeight * s.KernelWidth
	}
	return s.KernelHeight, s.KernelWidth * s.Channels
}

// forwardBands divides the output rows.
func (s ConvShape) forwardBands() bands {
	height, width := s.Output()
	p, _, step := s.forwardPixels()
	return bandsOf(height, bandElements/(step*p.width*p.depth+width*s.Filters))
}

// forwardScratch returns the elements of the images and of the outputs of a band of rows.
func (s ConvShape) forwardScratch(rows int) (in, out int) {
	_, width := s.Output()
	p, first, step := s.forwardPixels()
	return p.size(first + (rows-1)*step), rows * width * s.Filters
}

func (c *Conv2D[T]) forwardDirect(w *Workers, weights []T) {
	c.packForward(weights)
	c.run.bands = c.forwardBands()
	w.run(c.Batch*c.run.bands.perImage, c.job.forward)
}

// packForward packs the weights into panels of filters: row, column and channel of the filter, filter.
func (c *Conv2D[T]) packForward(weights []T) {
	cols, taps := c.engine.cols, c.KernelHeight*c.KernelWidth
	c.packed = grow(c.packed, ceil(c.Filters, cols)*cols*taps*c.Channels)
	clear(c.packed)
	for f := range c.Filters {
		panel := c.packed[f/cols*cols*taps*c.Channels+f%cols:]
		for ch := range c.Channels {
			filter := weights[(f*c.Channels+ch)*taps:][:taps]
			for tap, v := range filter {
				if c.folds() {
					tap = tap%c.KernelWidth*c.KernelHeight + tap/c.KernelWidth
				}
				panel[(tap*c.Channels+ch)*cols] = v
			}
		}
	}
}

func (c *Conv2D[T]) forwardBand(part, thread int) {
	image, y0, y1 := c.run.bands.at(part)
	c.forwardRows(image, y0, y1, thread)
}

// forwardRows computes rows y0 to y1 of the outputs of an image.
func (c *Conv2D[T]) forwardRows(image, y0, y1, thread int) {
	e, rows := c.engine, y1-y0
	height, width := c.Output()
	p, first, step := c.forwardPixels()
	nIn, nOut := c.forwardScratch(rows)
	buf := c.buffer(thread, nIn+nOut+slack*slack)
	in, out, square := buf[:nIn], buf[nIn:nIn+nOut], buf[nIn+nOut:]
	c.gatherImage(in, p, first+(rows-1)*step, image, y0)

	products, terms := c.taps()
	for r := range rows {
		for f := 0; f < c.Filters; f += e.cols {
			panel, dst := c.packed[f*products*terms:], out[r*width*c.Filters+f:]
			for i := range products {
				var bias []T
				if i == 0 && c.run.bias != nil {
					bias = c.run.bias[f:]
				}
				e.multiply(width, min(e.cols, c.Filters-f), terms, in[(r*step+i)*p.width*p.depth:], c.Stride*p.depth, 1,
					panel[i*terms*e.cols:], e.cols, dst, c.Filters, bias, i > 0)
			}
		}
	}
	plane := height * width
	scatter(e, c.run.dst[image*c.Filters*plane+y0*width:], plane, out, rows*width, c.Filters, c.Filters, square)
}

// gatherImage gathers the rows of an image that output rows from y0 on need.
func (c *Conv2D[T]) gatherImage(dst []T, p pixels, rows, image, y0 int) {
	size := c.Channels * c.Height * c.Width
	src, first := c.run.src[image*size:][:size], y0*c.Stride-c.Padding
	if c.folds() {
		gatherFolded(c.engine, p, dst, rows, src, c.Height, c.Width, first, c.Stride)
	} else {
		gather(c.engine, p, dst, rows, src, c.Channels, c.Height, c.Width, first)
	}
}
