package uci

import (
	"runtime"
	"testing"
)

// A list has its elements in order, and takes the memory of the elements while it grows.
func TestPieces(t *testing.T) {
	for _, n := range []int{0, 1, 1024, 1025, 3 << 20} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var p pieces[float32]
		for i := range n {
			p.add(float32(i))
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > uint64(4*n)+4*largest+1<<20 {
			t.Errorf("%d numbers: %d bytes", n, grown)
		}
		all := p.join()
		if len(all) != n {
			t.Fatalf("%d numbers, want %d", len(all), n)
		}
		for i, v := range all {
			if v != float32(i) {
				t.Fatalf("number %d of %d is %v", i, n, v)
			}
		}
	}
}
