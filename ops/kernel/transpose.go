package kernel

// Transposer sorts the elements of a sparse matrix by groups of columns. It allocates nothing once its buffers are large enough. The zero
// value is ready to use.
type Transposer[T Float] struct {
	out CSR[T]
}

// Run returns the matrix whose row g has the elements k of a with group[k] = g: each in the column that was its row in a, in the order that
// they have in a. It has the given number of rows, and is valid until the next Run.
func (t *Transposer[T]) Run(a CSR[T], group []int, groups int) CSR[T] {
	out := &t.out
	out.Start, out.Columns, out.Values = resize(out.Start, groups+1), resize(out.Columns, len(group)), resize(out.Values, len(group))
	clear(out.Start)
	for _, g := range group {
		out.Start[g+1]++
	}
	for g := range groups {
		out.Start[g+1] += out.Start[g]
	}
	for row := range len(a.Start) - 1 { // Start[g] moves to the end of group g, which is the start of the next
		for k := a.Start[row]; k < a.Start[row+1]; k++ {
			at := &out.Start[group[k]]
			out.Columns[*at], out.Values[*at] = row, a.Values[k]
			*at++
		}
	}
	copy(out.Start[1:], out.Start[:groups])
	out.Start[0] = 0
	return *out
}

// resize returns a slice of n elements, in the memory of x if there is enough.
func resize[E any](x []E, n int) []E {
	if cap(x) < n {
		return make([]E, n, n+n/4)
	}
	return x[:n]
}
