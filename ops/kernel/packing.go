package kernel

// Packing returns the bytes that the products of one element type need beyond their operands and results, on a number of threads, if all
// have the shape of p or smaller ones. Products share them.
func Packing[T Float](p MatMul[T], threads int) int {
	if p.M <= 0 || p.N <= 0 || p.K <= 0 || threads < 1 {
		return 0
	}
	var g gemm[T]
	g.set(&p, backendOf[T]().engines[cpu])
	var x T
	size := 4
	if _, double := any(x).(float64); double {
		size = 8
	}
	if g.streams() {
		apart := 0
		if threads > 1 { // for one row
			apart = min(streamSums, ceil(g.K, kBlock)*(g.N+spacing))
		}
		return (threads*streamMost*(streamCols+spacing) + apart) * size
	}
	elements := 0
	if g.packs() {
		elements += panelElements
	}
	if g.spreads() {
		elements += slabElements
	}
	return threads * elements * size
}

// panelElements and slabElements are the sizes of the buffers of scratch.
const (
	panelElements = kBlock*widest + gap
	slabElements  = max(mBlock*(kBlock+spacing), kBlock*(mBlock+spacing)) + gap
)
