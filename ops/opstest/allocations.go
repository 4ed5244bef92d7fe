package opstest

import (
	"runtime"
)

// checkAllocations runs the op, and each op of its gradient, again after a first run: it must not allocate.
func checkAllocations(k *kit) *fault {
	for _, dtype := range dtypes {
		p, f := k.build(dtype, k.c.shapes())
		if f == nil {
			f = p.differentiate()
		}
		if f != nil {
			return f
		}
		p.bind(k.c.values(p.shapes, 0))
		for _, x := range append(append([]instruction(nil), p.forward...), p.backward...) {
			operands := p.operands(x)
			if p.values[x.node], f = p.step(x, operands); f != nil {
				return f
			}
			n := leastAllocations(func() { x.node.Op().Do(operands...) })
			if n > 0 {
				return faultf("%s allocates %s in each run", p.role(x.node), times(n)).when("(shapes %v)", p.shapes)
			}
		}
	}
	return nil
}

func times(n uint64) string {
	if n == 1 {
		return "once"
	}
	return plural(int(n), "time")
}

// leastAllocations returns the smallest number of allocations of several runs: other goroutines may allocate meanwhile.
func leastAllocations(run func()) uint64 {
	least := ^uint64(0)
	var before, after runtime.MemStats
	for range 8 {
		runtime.ReadMemStats(&before)
		run()
		runtime.ReadMemStats(&after)
		if least = min(least, after.Mallocs-before.Mallocs); least == 0 {
			break
		}
	}
	return least
}
