package kernel

func (c *Conv2D[T]) gradWeightsF23(w *Workers) {
	c.divide(c.sumF23())
	c.run.bands = c.forwardPlan().weightBands()
	w.run(c.run.groups*c.run.slices, c.job.gradWeightsF23)
	c.run.parts = min(c.Channels, parts(w, c.sumF23()*c.run.groups))
	w.run(c.run.parts, c.job.sumF23)
	for _, v := range c.run.dst {
		if !isTame(v) {
			c.gradWeightsDirect(w)
			return
		}
	}
}

// sumF23 is the number of elements of the sum of a group: point, channel, filter.
func (s ConvShape) sumF23() int { return points * s.Channels * s.Filters }

// weightBands divides the rows of tiles. The sum over the tiles of a band should be long.
func (p plan) weightBands() bands {
	return bandsOf(ceil(p.toHeight, tileSide), 2*bandF23/(points*p.across()*(p.inDepth()+p.outDepth())))
}

// weightsScratch returns the elements of images, transformed images, gradients of outputs and transformed gradients.
func (p plan) weightsScratch(rows, filters int) (image, transformed, grads, spread int) {
	n, depth := rows*p.across(), ceil(filters, slack)*slack
	return p.pixels().size(tileSide*rows + 2), points * n * p.inDepth(), p.gradPixels(filters).size(tileSide * rows), points * n * depth
}

// gradPixels returns how the gradients of the outputs lie in scratch memory, for so many filters.
func (p plan) gradPixels(filters int) pixels {
	return pixels{ceil(filters, slack) * slack, tileSide * p.across(), 0}
}

// weightsGroupF23 sums over a group of images for a slice of the filters.
func (c *Conv2D[T]) weightsGroupF23(part, thread int) {
	group, f0, f1 := c.slice(part)
	sum := c.sums[group*c.sumF23():][:c.sumF23()]
	for i := range points * c.Channels {
		clear(sum[i*c.Filters+f0 : i*c.Filters+f1])
	}
	p := c.forwardPlan()
	lo, hi := cut(group, c.run.groups, c.Batch, 1)
	for part := lo * c.run.bands.perImage; part < hi*c.run.bands.perImage; part++ {
		image, t0, t1 := c.run.bands.at(part)
		c.addWeightsF23(sum, image, t0, t1, f0, f1, thread, c.imagesOf(p, part+1), c.gradsOf(p, part+1, f0, f1))
	}
}

// gradsOf returns where the gradients of the outputs of a part lie.
func (c *Conv2D[T]) gradsOf(p plan, part, f0, f1 int) ahead[T] {
	image, t0, t1 := c.run.bands.at(part)
	if image >= c.Batch {
		return ahead[T]{}
	}
	plane, y0 := p.toHeight*p.toWidth, tileSide*t0
	return ahead[T]{c.run.grads[(image*c.Filters+f0)*plane+y0*p.toWidth:], f1 - f0, (min(p.toHeight, tileSide*t1) - y0) * p.toWidth, plane}
}

// addWeightsF23 adds what the tiles of rows t0 to t1 of an image contribute, and fetches what comes next.
func (c *Conv2D[T]) addWeightsF23(sum []T, image, t0, t1, f0, f1, thread int, images, nextGrads ahead[T]) {
	e, t, p, filters := c.engine, transformsOf[T](), c.forwardPlan(), f1-f0
	nImage, nTransformed, nGrads, nSpread := p.weightsScratch(t1-t0, filters)
	buf := c.buffer(thread, nImage+nTransformed+nGrads+nSpread)
	d, buf := buf[:nImage], buf[nImage:]
	v, buf := buf[:nTransformed], buf[nTransformed:]
	grads, z := buf[:nGrads], buf[nGrads:]
	c.transformImages(p, d, v, image, t0, t1)

	plane, px, across := p.toHeight*p.toWidth, p.gradPixels(filters), p.across()
	n, in, row := (t1-t0)*across, p.inDepth(), px.width*px.depth
	gather(e, px, grads, tileSide*(t1-t0), c.run.grads[(image*c.Filters+f0)*plane:][:filters*plane], filters, p.toHeight, p.toWidth, tileSide*t0)
	for i := range t1 - t0 {
		t.spread(across, px.depth, grads[tileSide*i*row:], row, z[i*across*px.depth:], n*px.depth)
	}
	for k := range points {
		for f := 0; f < filters; f += e.cols {
			next := &images
			if next.rows == 0 {
				next = &nextGrads
			}
			e.multiplyAhead(c.Channels, min(e.cols, filters-f), n, v[k*n*in:], 1, in, z[k*n*px.depth+f:], px.depth,
				sum[k*c.Channels*c.Filters+f0+f:], c.Filters, nil, true, next)
		}
	}
}

// sumWeightsF23 adds the sums of the groups and transforms them back, for some channels.
func (c *Conv2D[T]) sumWeightsF23(part int) {
	lo, hi := cut(part, c.run.parts, c.Channels, 1)
	for k := range points {
		total := c.sums[(k*c.Channels+lo)*c.Filters : (k*c.Channels+hi)*c.Filters]
		for g := 1; g < c.run.groups; g++ {
			Add(nil, total, total, c.sums[g*c.sumF23()+(k*c.Channels+lo)*c.Filters:][:len(total)])
		}
	}
	for ch := lo; ch < hi; ch++ {
		for f := range c.Filters {
			var u [points]T
			for k := range u {
				u[k] = c.sums[(k*c.Channels+ch)*c.Filters+f]
			}
			g := transformBack(&u)
			copy(c.run.dst[9*(f*c.Channels+ch):], g[:])
		}
	}
}

// transformBack returns G' u G.
func transformBack[T Float](u *[points]T) (g [9]T) {
	var rows [12]T // G' u
	for j := range reach {
		a, b, c, d := u[j], u[4+j], u[8+j], u[12+j]
		rows[j], rows[4+j], rows[8+j] = a+(b+c)/2, (b-c)/2, (b+c)/2+d
	}
	for i := range 3 {
		a, b, c, d := rows[4*i], rows[4*i+1], rows[4*i+2], rows[4*i+3]
		g[3*i], g[3*i+1], g[3*i+2] = a+(b+c)/2, (b-c)/2, (b+c)/2+d
	}
	return g
}
