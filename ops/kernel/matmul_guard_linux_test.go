package kernel

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// TestMatMulGuarded: no element outside the slices is read or written. Each slice touches a page without access,
// behind it in the first round and before it in the second.
func TestMatMulGuarded(t *testing.T) {
	t.Run("float32", testGuarded[float32])
	t.Run("float64", testGuarded[float64])
}

func testGuarded[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	sizes := []int{1, 6, 8, 17, 31, 47}
	for round := range 2 {
		for flags := range 8 {
			for _, m := range sizes {
				for _, n := range sizes {
					for _, k := range sizes {
						guardedProduct[T](t, r, shape{m, n, k, flags&1 != 0, flags&2 != 0, flags&4 != 0, true}, round == 1)
					}
				}
			}
		}
		for _, s := range []shape{
			{m: 30, n: 300, k: 300}, {m: 30, n: 300, k: 300, transB: true}, // packed, in blocks
			{m: 13, n: 70, k: 1024}, {m: 1024, n: 70, k: 9, transA: true}, // spread
			{m: 1, n: 301, k: 300}, {m: 5, n: 1031, k: 261}, {m: 11, n: 300, k: 301, transA: true}, // streams
		} {
			guardedProduct[T](t, r, s, round == 1)
		}
	}
}

func guardedProduct[T Float](t *testing.T, r *rand.Rand, s shape, before bool) {
	t.Helper()
	var pages [][]byte
	defer func() {
		for _, p := range pages {
			if err := syscall.Munmap(p); err != nil {
				t.Fatal(err)
			}
		}
	}()
	alloc := func(n int) []T {
		x, mapped := guarded[T](t, n, before)
		pages = append(pages, mapped)
		return x
	}
	p := newProduct(r, s, alloc)
	eachVariant(t, fmt.Sprint(s), func(t *testing.T) { p.run(t, nil) })
}

// guarded maps n elements and a page without access beside them.
func guarded[T Float](t *testing.T, n int, before bool) (x []T, mapped []byte) {
	t.Helper()
	page := syscall.Getpagesize()
	size := n * int(unsafe.Sizeof(T(0)))
	length := ceil(size, page)*page + page
	mapped, err := syscall.Mmap(-1, 0, length, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	start, guard := length-page-size, mapped[length-page:]
	if before {
		start, guard = page, mapped[:page]
	}
	if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&mapped[start])), n), mapped
}
