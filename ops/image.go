package ops

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// CheckImages returns an error that names the input unless s is a batch of images: batch, channels, height, width.
func CheckImages(name string, s tensor.Shape) error {
	if s.Dims() != 4 {
		return errors.Errorf("%s has shape %v, want (batch, channels, height, width)", name, s)
	}
	return nil
}

// outputSize returns the number of windows of the given size, stride and padding that fit into n elements.
func outputSize(what string, n, size, stride, padding int) (int, error) {
	switch {
	case size < 1 || size > maxElements:
		return 0, errors.Errorf("%s of %d, want at least 1", what, size)
	case stride < 1:
		return 0, errors.Errorf("stride %d, want at least 1", stride)
	case padding < 0 || padding > maxPadding:
		return 0, errors.Errorf("padding %d, want 0 to %d", padding, maxPadding)
	case n+2*padding < size:
		return 0, errors.Errorf("%s of %d does not fit into %d with padding %d", what, size, n, padding)
	}
	return (n+2*padding-size)/stride + 1, nil
}

// maxPadding bounds the memory that zeros take.
const maxPadding = 1 << 12

// usefulStride returns a stride that gives the same output and is no larger than the padded images.
func usefulStride(stride int, x tensor.Shape, padding int) int {
	return min(stride, max(x[2], x[3])+2*padding)
}

// stateOf returns the state of an op, which is its zero value at the first run.
func stateOf[S any, T kernel.Float](c *Call[T]) *S {
	s, ok := c.State.(*S)
	if !ok {
		s = new(S)
		c.State = s
	}
	return s
}
