package kernel

import (
	"sync"
	"unsafe"
)

// convBuffers is the memory of a convolution that runs.
type convBuffers[T Float] struct {
	packed  []T   // weights, as the products read them
	sums    []T   // gradients of the weights, by group of images
	scratch [][]T // by thread
	failed  []bool
}

// buffer returns n elements of a thread's memory. Their contents are arbitrary.
func (b *convBuffers[T]) buffer(thread, n int) []T {
	if len(b.scratch[thread]) < n {
		b.scratch[thread] = make([]T, n+gap)
	}
	return b.scratch[thread][:n]
}

// bytes is the size of all buffers.
func (b *convBuffers[T]) bytes() int {
	n := cap(b.packed) + cap(b.sums)
	for _, s := range b.scratch {
		n += len(s)
	}
	return n*int(unsafe.Sizeof(T(0))) + cap(b.failed)
}

// convPool keeps buffers for reuse; see backend.
type convPool[T Float] struct {
	mu   sync.Mutex
	idle []*convBuffers[T]
}

var (
	convPool32 convPool[float32]
	convPool64 convPool[float64]
)

func convPoolOf[T Float]() *convPool[T] {
	var p any = &convPool64
	if _, single := any(T(0)).(float32); single {
		p = &convPool32
	}
	return p.(*convPool[T])
}

func (p *convPool[T]) get() *convBuffers[T] {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		b := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return b
	}
	return &convBuffers[T]{}
}

func (p *convPool[T]) put(b *convBuffers[T]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < maxIdle {
		p.idle = append(p.idle, b)
	}
}

// ForwardMemory, GradInputMemory and GradWeightsMemory return about how many bytes these methods need beyond their operands and results, on a
// number of threads. Convolutions share them.
func (c *Conv2D[T]) ForwardMemory(threads int) int {
	if !c.valid() {
		return 0
	}
	b := c.forwardBands()
	in, out := c.forwardScratch(b.most())
	direct := c.memory(threads, c.packedSize(c.Filters, c.Channels), in+out)
	if !c.winograd(c.Channels, c.Filters) {
		return direct
	}
	return max(direct, c.memoryF23(c.forwardPlan(), threads))
}

func (c *Conv2D[T]) GradInputMemory(threads int) int {
	if !c.valid() {
		return 0
	}
	b := c.inputBands()
	in, out := c.inputScratch(b.most())
	direct := c.memory(threads, c.packedSize(c.Channels, c.Filters), in+out)
	if !c.winograd(c.Filters, c.Channels) {
		return direct
	}
	return max(direct, c.memoryF23(c.inputPlan(), threads))
}

func (c *Conv2D[T]) GradWeightsMemory(threads int) int {
	if !c.valid() {
		return 0
	}
	in, grads := c.weightsScratch(c.forwardBands().most(), c.Filters)
	direct := c.memory(threads, c.groupsOf(c.weights())*c.weights(), in+grads)
	if !c.winograd(c.Channels, c.Filters) {
		return direct
	}
	p := c.forwardPlan()
	image, transformed, grads, spread := p.weightsScratch(p.weightBands().most(), c.Filters)
	return max(direct, c.memory(threads, c.groupsOf(c.sumF23())*c.sumF23(), image+transformed+grads+spread))
}

// memory returns the bytes of shared elements and of those of each thread.
func (c *Conv2D[T]) memory(threads, shared, each int) int {
	return (shared + max(1, threads)*(each+slack*slack+gap)) * int(unsafe.Sizeof(T(0)))
}

func (c *Conv2D[T]) memoryF23(p plan, threads int) int {
	image, transformed, products, results := p.scratch(p.bands().most())
	return c.memory(threads, points*c.columns(p.out)*p.in+p.outDepth(), image+transformed+products+results)
}

// packedSize returns the elements of packed weights from in channels to out.
func (c *Conv2D[T]) packedSize(out, in int) int {
	return c.columns(out) * in * c.KernelHeight * c.KernelWidth
}

// columns is n in whole panels.
func (c *Conv2D[T]) columns(n int) int {
	cols := backendOf[T]().engines[cpu].cols
	return ceil(n, cols) * cols
}

// most is the largest number of rows of a band.
func (b bands) most() int { return ceil(b.rows, b.perImage) }
