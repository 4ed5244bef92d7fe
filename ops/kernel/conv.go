package kernel

import "fmt"

// A convolution is computed as matrix products of the engines, without an unfolded matrix. A thread takes a band of rows of one image and
// turns it into rows of pixels, in which the channels of a pixel lie side by side and zeros stand for the padding (gather). In this form
// the pixels under one row of a filter lie one after the other: neighbouring outputs are rows of a matrix A whose rows overlap in memory,
// so that
//
//	outputs of a row x filters = sum over the filter's rows of  A (outputs x width*channels)  B (width*channels x filters)
//
// reads the band where it lies, for any stride. Results go the way back (scatter). The gradient of the input is the same product with the
// channels and filters exchanged, once for each remainder of the position divided by the stride; the gradient of the weights multiplies
// the transpose of A by the gradient of the outputs.
//
// Filters of 3 x 3 with stride 1 and enough channels take another road for float32; see winograd.go.

// ConvShape holds the sizes of a convolution. Images are Batch x Channels x Height x Width, the weights Filters x Channels x KernelHeight x
// KernelWidth, the outputs Batch x Filters x the sizes that Output returns, all row-major.
type ConvShape struct {
	Batch, Channels, Height, Width     int
	Filters, KernelHeight, KernelWidth int
	Stride                             int // at least 1
	Padding                            int // zeros on all four sides
}

// Output returns the height and width of the outputs: (size + 2 Padding - kernel) / Stride + 1, rounded down.
func (s ConvShape) Output() (height, width int) {
	return (s.Height+2*s.Padding-s.KernelHeight)/s.Stride + 1, (s.Width+2*s.Padding-s.KernelWidth)/s.Stride + 1
}

// images, weights and outputs return the numbers of elements.
func (s ConvShape) images() int  { return s.Batch * s.Channels * s.Height * s.Width }
func (s ConvShape) weights() int { return s.Filters * s.Channels * s.KernelHeight * s.KernelWidth }
func (s ConvShape) outputs() int {
	height, width := s.Output()
	return s.Batch * s.Filters * height * width
}

// valid reports whether the sizes make a convolution.
func (s ConvShape) valid() bool {
	return s.Batch > 0 && s.Channels > 0 && s.Height > 0 && s.Width > 0 && s.Filters > 0 && s.KernelHeight > 0 && s.KernelWidth > 0 &&
		s.Stride > 0 && s.Padding >= 0 && s.Height+2*s.Padding >= s.KernelHeight && s.Width+2*s.Padding >= s.KernelWidth
}

// Conv2D computes a 2-D convolution and its gradients. As everywhere in this field it is a cross-correlation: filters are not mirrored.
// Do not copy a Conv2D after its first call, and run one of its methods at a time. All share their
// buffers, so that only the first calls allocate memory.
//
// Results do not depend on the number of threads. NaN and infinities reach the outputs, and gradients, that depend on them and no others;
// padding is a factor of zero.
type Conv2D[T Float] struct {
	ConvShape
	Direct bool // never use the algorithm of winograd.go, which rounds differently

	always bool // use it wherever it works, for tests
	engine *engine[T]
	run    convRun[T]
	job    convJob[T]
	*convBuffers[T]
}

// convRun holds the data that the parts of a run share.
type convRun[T Float] struct {
	src, dst, bias, grads []T
	bands                 bands
	groups, slices        int
	parts                 int // of the last sum
	threads               int
}

// convJob holds the methods that run parts, bound once.
type convJob[T Float] struct {
	forward, gradInput, gradWeights, sum     task
	forwardF23, gradInputF23, gradWeightsF23 task
	sumF23, retryForward, retryInput         task
}

// Forward sets dst to the convolution of the images with the weights, plus bias, one element per filter, unless it is nil.
func (c *Conv2D[T]) Forward(w *Workers, dst, images, weights, bias []T) {
	c.check(len(images), len(weights), len(dst))
	if bias != nil {
		check(c.Filters, bias)
	}
	c.start(w)
	c.run.src, c.run.dst, c.run.bias = images, dst, bias
	if c.winograd(c.Channels, c.Filters) {
		c.forwardF23(w, weights)
	} else {
		c.forwardDirect(w, weights)
	}
	c.end()
}

// GradInput sets dst to the gradient of the images, given that of the outputs.
func (c *Conv2D[T]) GradInput(w *Workers, dst, grad, weights []T) {
	c.check(len(dst), len(weights), len(grad))
	c.start(w)
	c.run.src, c.run.dst = grad, dst
	if c.winograd(c.Filters, c.Channels) {
		c.gradInputF23(w, weights)
	} else {
		c.gradInputDirect(w, weights)
	}
	c.end()
}

// GradWeights sets dst to the gradient of the weights, given the images and the gradient of the outputs.
func (c *Conv2D[T]) GradWeights(w *Workers, dst, images, grad []T) {
	c.check(len(images), len(dst), len(grad))
	c.start(w)
	c.run.src, c.run.dst, c.run.grads = images, dst, grad
	if c.winograd(c.Channels, c.Filters) {
		c.gradWeightsF23(w)
	} else {
		c.gradWeightsDirect(w)
	}
	c.end()
}

// check panics on sizes that contradict each other.
func (c *Conv2D[T]) check(images, weights, outputs int) {
	if !c.valid() || images != c.images() || weights != c.weights() || outputs != c.outputs() {
		panic(fmt.Sprintf("kernel: convolution %+v of %d elements with %d weights to %d outputs", c.ConvShape, images, weights, outputs))
	}
}

// start prepares a run.
func (c *Conv2D[T]) start(w *Workers) {
	c.engine, c.convBuffers = backendOf[T]().engines[cpu], convPoolOf[T]().get()
	for len(c.scratch) < w.Threads() {
		c.scratch = append(c.scratch, nil)
	}
	if c.job.forward.threaded == nil {
		c.job = convJob[T]{
			forward: task{threaded: c.forwardBand}, gradInput: task{threaded: c.inputBand},
			gradWeights: task{threaded: c.weightsGroup}, sum: task{plain: c.sumWeights},
			forwardF23: task{threaded: c.forwardBandF23}, gradInputF23: task{threaded: c.inputBandF23},
			gradWeightsF23: task{threaded: c.weightsGroupF23}, sumF23: task{plain: c.sumWeightsF23},
			retryForward: task{threaded: c.retryForward}, retryInput: task{threaded: c.retryInput},
		}
	}
}

// end gives the buffers back, and keeps nothing of the caller's alive.
func (c *Conv2D[T]) end() {
	convPoolOf[T]().put(c.convBuffers)
	c.run, c.convBuffers = convRun[T]{}, nil
}

// grow returns x with n elements, which hold anything.
func grow[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}

// bands divides the rows of images into parts for the threads.
type bands struct{ rows, perImage int }

// bandsOf divides rows so that a band is at most most rows long, and at least one.
func bandsOf(rows, most int) bands {
	return bands{rows, ceil(rows, max(1, min(most, rows)))}
}

// at returns the image and the rows of a part.
func (b bands) at(part int) (image, lo, hi int) {
	lo, hi = cut(part%b.perImage, b.perImage, b.rows, 1)
	return part / b.perImage, lo, hi
}

// multiply computes the m x n elements C = A B, plus bias if not nil, plus C if add is set. n is at most engine.cols.
func (e *engine[T]) multiply(m, n, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool) {
	e.multiplyAhead(m, n, k, a, aRow, aCol, b, bRow, c, cRow, bias, add, &ahead[T]{})
}

// multiplyAhead is multiply; on the way it fetches what it can of next.
func (e *engine[T]) multiplyAhead(m, n, k int, a []T, aRow, aCol int, b []T, bRow int, c []T, cRow int, bias []T, add bool, next *ahead[T]) {
	tiles := ceil(m, e.rows)
	rows := ceil(m, tiles)
	at, cols, row, lines := next.take(e, tiles*k)
	if lines == 0 {
		at = b
	}
	e.panel(rows, tiles, rows*tiles-m, n, k, a, aRow, aCol, b, bRow, c, cRow, bias, add, at, cols, row, lines)
}

// ahead is memory to fetch into the cache while a product runs: rows of cols elements that begin at multiples of row. Images come from main
// memory, in pieces that the processor does not foresee.
type ahead[T Float] struct {
	x               []T
	rows, cols, row int
}

// take returns the rows that a product of so many steps, one line each, fetches, and removes them.
func (f *ahead[T]) take(e *engine[T], steps int) (x []T, cols, row, lines int) {
	each := ceil(f.cols, e.line) + 1 // a row need not begin with a line
	n := min(f.rows, steps/each)
	if n <= 0 {
		return nil, 0, 0, 0
	}
	x = f.x
	f.x, f.rows = from(x, n*f.row), f.rows-n
	return x, f.cols, f.row, n * each
}
