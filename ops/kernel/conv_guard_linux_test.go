package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
)

// TestConv2DGuarded: no element outside the slices is read or written. Each slice touches a page without access, behind it in the first
// round and before it in the second.
func TestConv2DGuarded(t *testing.T) {
	t.Run("float32", testConv2DGuarded[float32])
	t.Run("float64", testConv2DGuarded[float64])
}

func testConv2DGuarded[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range []ConvShape{
		{Batch: 2, Channels: 3, Height: 5, Width: 7, Filters: 5, KernelHeight: 2, KernelWidth: 3, Stride: 2, Padding: 1},
		{Batch: 1, Channels: 17, Height: 4, Width: 17, Filters: 33, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 0},
		{Batch: 2, Channels: 1, Height: 6, Width: 5, Filters: 16, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 2},
		{Batch: 1, Channels: 16, Height: 1, Width: 1, Filters: 16, KernelHeight: 1, KernelWidth: 1, Stride: 3},
	} {
		for round := range 2 {
			var pages [][]byte
			c := newConvolution(r, s, func(n int) []T {
				x, mapped := guarded[T](t, n, round == 1)
				pages = append(pages, mapped)
				return x
			})
			for _, always := range []bool{false, true} {
				c.Direct, c.always = !always, always
				eachVariant(t, "convolution", func(t *testing.T) {
					c.run(nil)
					c.compare(t, "guarded")
				})
			}
			for _, p := range pages {
				if err := syscall.Munmap(p); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
