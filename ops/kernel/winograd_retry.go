package kernel

// wild is the magnitude beyond which results are computed as defined. No network that learns comes near it.
const wild = 1 << 40

// isTame reports whether x is a number below wild.
func isTame[T Float](x T) bool { return x < wild && x > -wild }

// tame reports whether the sums over the first n columns of a matrix are tame: if an element is not, hardly any sum with it is, and none with
// what is not finite. sums is scratch.
func tame[T Float](x []T, cols, n int, sums []T) bool {
	ok := true
	for lo := 0; lo < n; lo += len(sums) {
		s := sums[:min(len(sums), n-lo)]
		clear(s)
		addSums(s, x[lo:], cols)
		for _, v := range s {
			ok = ok && isTame(v)
		}
	}
	return ok
}

// retry reports whether some results were not tame.
func (c *Conv2D[T]) retry() bool {
	for _, failed := range c.failed {
		if failed {
			return true
		}
	}
	return false
}

// failedImage reports whether a band of the image has failed.
func (c *Conv2D[T]) failedImage(image int) bool {
	for _, failed := range c.failed[image*c.run.bands.perImage:][:c.run.bands.perImage] {
		if failed {
			return true
		}
	}
	return false
}

// retryForward and retryInput compute the images with such results as defined.
func (c *Conv2D[T]) retryForward(image, thread int) {
	if b := c.forwardBands(); c.failedImage(image) {
		for part := range b.perImage {
			_, y0, y1 := b.at(part)
			c.forwardRows(image, y0, y1, thread)
		}
	}
}

func (c *Conv2D[T]) retryInput(image, thread int) {
	if b := c.inputBands(); c.failedImage(image) {
		for part := range b.perImage {
			_, y0, y1 := b.at(part)
			c.inputRows(image, y0, y1, thread)
		}
	}
}
