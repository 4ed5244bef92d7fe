package kernel

// Filters of 3 x 3 with stride 1 and many channels take the minimal algorithm F(2x2, 3x3) of Winograd, as Lavin and Gray 2016 ("Fast
// algorithms for convolutional neural networks", section 4.1) use it: 16 multiplications for a tile of 2 x 2 outputs in place of 36. With
// a tile d of 4 x 4 inputs, a filter g and the tile y of outputs,
//
//	y = A' [(G g G') * (B' d B)] A
//
// where * multiplies elements, and
//
//	B' = 1  0 -1  0    G = 1    0    0    A' = 1 1  1  0
//	     0  1  1  0        1/2  1/2  1/2       0 1 -1 -1
//	     0 -1  1  0        1/2 -1/2  1/2
//	     0  1  0 -1        0    0    1
//
// The sums over channels are 16 matrix products, tiles x channels by channels x filters. The gradient of the input is the convolution of the
// gradient of the outputs with the mirrored filters. The gradient of a filter is G' [sum over tiles of (A y A') * (B' d B)] G.
//
// The rounding errors are about those of the sum as defined, but relative to the largest element of a tile rather than to the nine inputs
// under the filter. An infinity, a NaN or the error of an enormous number would spread over a tile too, so what is not tame is computed again
// as defined.

// tileSide is the width of a tile of outputs, reach that of the inputs that it depends on, and points the number of multiplications.
const (
	tileSide = 2
	reach    = 4
	points   = reach * reach
)

// bandF23 is how many elements of transformed inputs and products a band should have.
const bandF23 = 1 << 17

// leastDepth is the fewest channels and filters for which the transforms pay.
const leastDepth = 12

// winograd reports whether the algorithm computes a product over so many channels for so many filters. float64 is for those who want
// precision.
func (c *Conv2D[T]) winograd(channels, filters int) bool {
	_, single := any(T(0)).(float32)
	return c.suitsF23() && !c.Direct && (c.always || single && min(channels, filters) >= leastDepth)
}

// suitsF23 reports whether the algorithm works at all.
func (s ConvShape) suitsF23() bool {
	return s.KernelHeight == 3 && s.KernelWidth == 3 && s.Stride == 1 && s.Padding <= 2
}

// plan is a convolution of stride 1 with filters of 3 x 3, from images of in channels to those of out channels.
type plan struct {
	in, out           int
	height, width     int // of the images
	toHeight, toWidth int // of the results
	padding           int
}

// forwardPlan and inputPlan return the plans of the convolution and of the gradient of its input.
func (s ConvShape) forwardPlan() plan {
	height, width := s.Output()
	return plan{s.Channels, s.Filters, s.Height, s.Width, height, width, s.Padding}
}

func (s ConvShape) inputPlan() plan {
	height, width := s.Output()
	return plan{s.Filters, s.Channels, height, width, s.Height, s.Width, 2 - s.Padding}
}

// inDepth and outDepth are the channels of a pixel, filled up to whole vectors.
func (p plan) inDepth() int  { return ceil(p.in, slack) * slack }
func (p plan) outDepth() int { return ceil(p.out, slack) * slack }

// across is the number of tiles in a row.
func (p plan) across() int { return ceil(p.toWidth, tileSide) }

// pixels returns how the images lie in scratch memory.
func (p plan) pixels() pixels {
	return pixels{p.inDepth(), max(tileSide*p.across()+2, p.padding+p.width), p.padding}
}

// bands divides the rows of tiles.
func (p plan) bands() bands {
	return bandsOf(ceil(p.toHeight, tileSide), bandF23/(points*p.across()*(p.inDepth()+p.outDepth())))
}

// scratch returns the elements that a band of rows of tiles needs: images, transformed images, products, results.
func (p plan) scratch(rows int) (image, transformed, products, results int) {
	n := rows * p.across()
	return p.pixels().size(tileSide*rows + 2), points * n * p.inDepth(), points * n * p.outDepth(), tileSide * tileSide * n * p.outDepth()
}

// transformFilters sets c.packed to G g G' of the weights: point, panel of outputs, input, output. Weights are those of an output and an input
// at out and in times nine.
func (c *Conv2D[T]) transformFilters(p plan, weights []T, in, out int, mirrored bool) {
	cols := c.engine.cols
	size := ceil(p.out, cols) * cols * p.in
	c.packed = grow(c.packed, points*size+p.outDepth())
	clear(c.packed)
	var g [9]T
	for o := range p.out {
		for i := range p.in {
			copy(g[:], weights[9*(o*out+i*in):])
			if mirrored {
				for k := range 4 {
					g[k], g[8-k] = g[8-k], g[k]
				}
			}
			u := transformFilter(&g)
			at := o/cols*cols*p.in + i*cols + o%cols
			for k, v := range u {
				c.packed[k*size+at] = v
			}
		}
	}
	copy(c.packed[points*size:], c.run.bias)
}

// transformFilter returns G g G'.
func transformFilter[T Float](g *[9]T) (u [points]T) {
	var rows [12]T // G g
	for j := range 3 {
		a, b, c := g[j], g[3+j], g[6+j]
		rows[j], rows[3+j], rows[6+j], rows[9+j] = a, (a+b+c)/2, (a-b+c)/2, c
	}
	for i := range reach {
		a, b, c := rows[3*i], rows[3*i+1], rows[3*i+2]
		u[4*i], u[4*i+1], u[4*i+2], u[4*i+3] = a, (a+b+c)/2, (a-b+c)/2, c
	}
	return u
}

func (c *Conv2D[T]) forwardF23(w *Workers, weights []T) {
	p := c.forwardPlan()
	c.transformFilters(p, weights, 1, c.Channels, false)
	c.convolveF23(w, p, c.job.forwardF23)
	if c.retry() {
		c.packForward(weights)
		w.run(c.Batch, c.job.retryForward)
	}
}

func (c *Conv2D[T]) gradInputF23(w *Workers, weights []T) {
	p := c.inputPlan()
	c.transformFilters(p, weights, c.Channels, 1, true)
	c.convolveF23(w, p, c.job.gradInputF23)
	if c.retry() {
		c.packInput(weights)
		w.run(c.Batch, c.job.retryInput)
	}
}

func (c *Conv2D[T]) convolveF23(w *Workers, p plan, t task) {
	c.run.bands = p.bands()
	c.run.threads = w.Threads()
	c.failed = grow(c.failed, c.Batch*c.run.bands.perImage)
	w.run(len(c.failed), t)
}

func (c *Conv2D[T]) forwardBandF23(part, thread int) {
	p := c.forwardPlan()
	c.bandF23(&p, part, thread)
}

func (c *Conv2D[T]) inputBandF23(part, thread int) {
	p := c.inputPlan()
	c.bandF23(&p, part, thread)
}

// bandF23 computes a band of results.
func (c *Conv2D[T]) bandF23(p *plan, part, thread int) {
	e, t := c.engine, transformsOf[T]()
	image, t0, t1 := c.run.bands.at(part)
	across, in, out := p.across(), p.inDepth(), p.outDepth()
	n := (t1 - t0) * across
	nImage, nTransformed, nProducts, nResults := p.scratch(t1 - t0)
	buf := c.buffer(thread, nImage+nTransformed+nProducts+nResults+slack*slack)
	d, buf := buf[:nImage], buf[nImage:]
	v, buf := buf[:nTransformed], buf[nTransformed:]
	m, buf := buf[:nProducts], buf[nProducts:]
	y, square := buf[:nResults], buf[nResults:]

	c.transformImages(*p, d, v, image, t0, t1)
	size := ceil(p.out, e.cols) * e.cols * p.in
	next, place := c.imagesOf(*p, part+c.run.threads), c.place(*p, image, t0, t1)
	for k := range points {
		for o := 0; o < p.out; o += e.cols {
			fetch := &next
			if next.rows == 0 {
				fetch = &place
			}
			e.multiplyAhead(n, min(e.cols, p.out-o), p.in, v[k*n*in:], in, 1, c.packed[k*size+o*p.in:], e.cols, m[k*n*out+o:], out, nil, false, fetch)
		}
	}
	bias, row := c.packed[points*size:], tileSide*across*out
	for i := range t1 - t0 {
		t.outputs(across, out, m[i*across*out:], n*out, y[tileSide*i*row:], row, bias)
	}
	c.failed[part] = !c.finish(*p, y, image, tileSide*t0, square, min(tileSide*(t1-t0), p.toHeight-tileSide*t0))
}

// imagesOf returns where the images of a part lie, and place where the results of a band go.
func (c *Conv2D[T]) imagesOf(p plan, part int) ahead[T] {
	image, t0, t1 := c.run.bands.at(part)
	if image >= c.Batch {
		return ahead[T]{}
	}
	plane, y0 := p.height*p.width, max(0, tileSide*t0-p.padding)
	return ahead[T]{c.run.src[image*p.in*plane+y0*p.width:], p.in, (min(p.height, tileSide*t1+2-p.padding) - y0) * p.width, plane}
}

func (c *Conv2D[T]) place(p plan, image, t0, t1 int) ahead[T] {
	plane := p.toHeight * p.toWidth
	return ahead[T]{c.run.dst[image*p.out*plane+tileSide*t0*p.toWidth:], p.out, (min(p.toHeight, tileSide*t1) - tileSide*t0) * p.toWidth, plane}
}

// transformImages sets v to B' d B of the tiles of rows t0 to t1 of an image, by way of d.
func (c *Conv2D[T]) transformImages(p plan, d, v []T, image, t0, t1 int) {
	size := p.in * p.height * p.width
	px := p.pixels()
	gather(c.engine, px, d, tileSide*(t1-t0)+2, c.run.src[image*size:][:size], p.in, p.height, p.width, tileSide*t0-p.padding)
	t, across, row := transformsOf[T](), p.across(), px.width*px.depth
	for i := range t1 - t0 {
		t.inputs(across, px.depth, d[tileSide*i*row:], row, v[i*across*px.depth:], (t1-t0)*across*px.depth)
	}
}

// finish writes rows of results from row y0 on to their place, and reports whether they are tame.
func (c *Conv2D[T]) finish(p plan, y []T, image, y0 int, square []T, rows int) bool {
	plane, out, width := p.toHeight*p.toWidth, p.outDepth(), tileSide*p.across()
	dst := c.run.dst[image*p.out*plane+y0*p.toWidth:]
	if width == p.toWidth {
		scatter(c.engine, dst, plane, y, rows*width, out, p.out, square)
		return tame(y[:rows*width*out], out, p.out, square)
	}
	ok := true
	for i := range rows {
		row := y[i*width*out:]
		scatter(c.engine, dst[i*p.toWidth:], plane, row, p.toWidth, out, p.out, square)
		ok = tame(row[:p.toWidth*out], out, p.out, square) && ok
	}
	return ok
}
