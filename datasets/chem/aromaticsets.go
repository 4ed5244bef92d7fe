package chem

// subsets enumerates the connected sets of rings of one size (Wernicke, IEEE/ACM TCBB 2006, 3, 347).
type subsets struct {
	z    *aromatizer
	size int
	left int // sets that may still be tested
	root int32
	set  [maxFusedRings]int32
}

// from tests all sets whose lowest ring is root.
func (e *subsets) from(root int32) {
	e.root = root
	e.set[0] = root
	e.z.seen[root] = 1
	next := e.extend(nil, root)
	e.grow(1, next)
	for _, o := range next {
		e.z.seen[o] = 0
	}
	e.z.seen[root] = 0
}

// extend appends to next the rings near ring k that are above the root and neither in the set nor near it.
func (e *subsets) extend(next []int32, k int32) []int32 {
	for _, o := range e.z.near[k] {
		if o > e.root && e.z.seen[o] == 0 {
			e.z.seen[o] = 1
			next = append(next, o)
		}
	}
	return next
}

// grow adds each ring of next to the first n of the set.
func (e *subsets) grow(n int, next []int32) {
	if n == e.size {
		e.left--
		e.z.test(e.set[:n])
		return
	}
	for len(next) > 0 && e.left > 0 {
		k := next[len(next)-1]
		next = next[:len(next)-1]
		e.set[n] = k
		if n+1 == e.size {
			e.grow(n+1, nil)
			continue
		}
		more := e.extend(append([]int32(nil), next...), k)
		e.grow(n+1, more)
		for _, o := range more[len(next):] {
			e.z.seen[o] = 0
		}
	}
}
