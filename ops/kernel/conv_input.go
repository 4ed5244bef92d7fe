package kernel

// The gradient of the input at column x is the sum over the columns k of the filter of that of the output at (x + Padding - k) / Stride,
// where it divides. With x + Padding = Stride m + r, these are k = r, r + Stride, ... and the outputs m, m-1, ...: each remainder r has its
// own taps, and the inputs of a remainder are a convolution of stride 1 of the outputs with these taps in reverse.

// tapsOf returns how many columns of the filter have remainder r.
func (s ConvShape) tapsOf(r int) int { return (s.KernelWidth - r + s.Stride - 1) / s.Stride }

// inputPixels returns how the gradient of the outputs lies in scratch memory.
func (s ConvShape) inputPixels() pixels {
	_, width := s.Output()
	left := s.tapsOf(0) - 1
	return pixels{s.Filters, left + max(width, (s.Width-1+s.Padding)/s.Stride+1), left}
}

// outputRows returns the first output row that depends on the input rows y0 to y1, which may be negative, and the number of rows.
func (s ConvShape) outputRows(y0, y1 int) (first, rows int) {
	first = ceil(y0+s.Padding-s.KernelHeight+1+s.Stride*s.KernelHeight, s.Stride) - s.KernelHeight // rounded up, also below 0
	return first, max(0, (y1-1+s.Padding)/s.Stride-first+1)
}

func (s ConvShape) inputBands() bands {
	p := s.inputPixels()
	return bandsOf(s.Height, bandElements/(ceil(p.width*p.depth, s.Stride)+s.Width*s.Channels))
}

// inputScratch returns the elements of the gradients of the outputs and of the inputs of a band of rows.
func (s ConvShape) inputScratch(rows int) (in, out int) {
	return s.inputPixels().size((rows+s.KernelHeight-2)/s.Stride + 2), rows * s.Width * s.Channels
}

func (c *Conv2D[T]) gradInputDirect(w *Workers, weights []T) {
	c.packInput(weights)
	c.run.bands = c.inputBands()
	w.run(c.Batch*c.run.bands.perImage, c.job.gradInput)
}

// packInput packs the weights into panels of channels: row of the filter; columns by remainder, in reverse; filter; channel.
func (c *Conv2D[T]) packInput(weights []T) {
	cols, taps := c.engine.cols, c.KernelHeight*c.KernelWidth
	c.packed = grow(c.packed, ceil(c.Channels, cols)*cols*taps*c.Filters)
	clear(c.packed)
	for ch := range c.Channels {
		panel := c.packed[ch/cols*cols*taps*c.Filters+ch%cols:]
		for f := range c.Filters {
			filter := weights[(f*c.Channels+ch)*taps:][:taps]
			for i := range c.KernelHeight {
				q := i * c.KernelWidth
				for r := range min(c.Stride, c.KernelWidth) {
					for k := r + (c.tapsOf(r)-1)*c.Stride; k >= 0; k -= c.Stride {
						panel[(q*c.Filters+f)*cols] = filter[i*c.KernelWidth+k]
						q++
					}
				}
			}
		}
	}
}

func (c *Conv2D[T]) inputBand(part, thread int) {
	image, y0, y1 := c.run.bands.at(part)
	c.inputRows(image, y0, y1, thread)
}

// inputRows computes rows y0 to y1 of the gradient of an image.
func (c *Conv2D[T]) inputRows(image, y0, y1, thread int) {
	e, rows, p := c.engine, y1-y0, c.inputPixels()
	height, width := c.Output()
	nIn, nOut := c.inputScratch(rows)
	buf := c.buffer(thread, nIn+nOut+slack*slack)
	in, out, square := buf[:nIn], buf[nIn:nIn+nOut], buf[nIn+nOut:]
	first, count := c.outputRows(y0, y1)
	size := c.Filters * height * width
	gather(e, p, in, count, c.run.src[image*size:][:size], c.Filters, height, width, first)
	for y := y0; y < y1; y++ {
		for r := range c.Stride {
			c.inputRow(y, r, first, in, out[(y-y0)*c.Width*c.Channels:])
		}
	}
	plane := c.Height * c.Width
	scatter(e, c.run.dst[image*c.Channels*plane+y0*c.Width:], plane, out, rows*c.Width, c.Channels, c.Channels, square)
}

// inputRow computes the inputs of a row whose column has remainder r. in holds the output rows from first on.
func (c *Conv2D[T]) inputRow(y, r, first int, in, out []T) {
	e, p := c.engine, c.inputPixels()
	height, _ := c.Output()
	x0 := ((r-c.Padding)%c.Stride + c.Stride) % c.Stride
	if x0 >= c.Width {
		return
	}
	n, m0 := ceil(c.Width-x0, c.Stride), (x0+c.Padding)/c.Stride
	taps, before := c.tapsOf(r), 0 // of this remainder and of those before it
	for i := range r {
		before += c.tapsOf(i)
	}
	for ch := 0; ch < c.Channels; ch += e.cols {
		cols, panel := min(e.cols, c.Channels-ch), c.packed[ch*c.KernelHeight*c.KernelWidth*c.Filters:]
		dst, add := out[x0*c.Channels+ch:], false
		for i := (y + c.Padding) % c.Stride; i < c.KernelHeight && taps > 0; i += c.Stride {
			row := (y + c.Padding - i) / c.Stride
			if y+c.Padding < i || row >= height {
				continue
			}
			e.multiply(n, cols, taps*c.Filters, in[((row-first)*p.width+p.left+m0-taps+1)*p.depth:], p.depth, 1,
				panel[(i*c.KernelWidth+before)*c.Filters*e.cols:], e.cols, dst, c.Stride*c.Channels, nil, add)
			add = true
		}
		if !add {
			for j := range n {
				clear(dst[j*c.Stride*c.Channels:][:cols])
			}
		}
	}
}
