package opstest

import (
	"runtime"

	"gorgonia.org/tensor"
)

// checkAllocations runs the op, and each op of its gradient, again after a first run: it must not allocate. On large inputs a few bytes are
// fine, such as those of the function that a pool of threads runs.
func checkAllocations(k *kit) *fault {
	for _, dtype := range dtypes {
		if f := k.allocations(dtype, k.c.shapes(), 0); f != nil {
			return f
		}
	}
	if f := k.allocations(tensor.Float64, k.large(), 4096); f != nil && !f.refused {
		return f
	}
	return nil
}

// allocations reports an op that allocates more bytes than that.
func (k *kit) allocations(dtype tensor.Dtype, shapes []tensor.Shape, allowed uint64) *fault {
	p, f := k.build(dtype, shapes)
	if f == nil {
		f = p.differentiate()
	}
	if f != nil {
		return f
	}
	p.bind(k.tile(shapes))
	for _, x := range append(append([]instruction(nil), p.forward...), p.backward...) {
		operands := p.operands(x)
		if p.values[x.node], f = p.step(x, operands); f != nil {
			return f
		}
		if times, bytes := leastAllocations(func() { x.node.Op().Do(operands...) }); bytes > allowed {
			return faultf("%s allocates %s in each run, %d bytes on shapes %v: make buffers in the first run, and keep them in a variable of the op",
				p.role(x.node), often(times), bytes, shapes)
		}
	}
	return nil
}

func often(times uint64) string {
	if times == 1 {
		return "once"
	}
	return plural(int(times), "time")
}

// leastAllocations returns the smallest number of allocations of several runs, and their bytes: other goroutines may allocate meanwhile.
func leastAllocations(run func()) (times, bytes uint64) {
	times, bytes = ^uint64(0), ^uint64(0)
	var before, after runtime.MemStats
	for range 8 {
		runtime.ReadMemStats(&before)
		run()
		runtime.ReadMemStats(&after)
		if times, bytes = min(times, after.Mallocs-before.Mallocs), min(bytes, after.TotalAlloc-before.TotalAlloc); bytes == 0 {
			break
		}
	}
	return times, bytes
}
