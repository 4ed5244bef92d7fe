// Package shards adds the gradients of the virtual shards of a batch in a fixed tree, so that the sum has the same bits whichever process has
// computed which shard.
//
// The leaves of the tree are the shards. Node (level, index) is the sum of the leaves from index 2^level on, 2^level of them or as many as there
// are: that of its left child plus that of its right child, or that of its left child alone if the right one has no leaves.
package shards

import "github.com/pkg/errors"

// Vector holds values of either dtype; the other slice is nil.
type Vector struct {
	F32 []float32
	F64 []float64
}

// NewVector returns a vector of n values.
func NewVector(n int, double bool) Vector {
	if double {
		return Vector{F64: make([]float64, n)}
	}
	return Vector{F32: make([]float32, n)}
}

// Len returns the number of values.
func (v Vector) Len() int { return len(v.F32) + len(v.F64) }

// add adds w.
func (v Vector) add(w Vector) {
	for i, x := range w.F32 {
		v.F32[i] += x
	}
	for i, x := range w.F64 {
		v.F64[i] += x
	}
}

// Copy copies the values of w.
func (v Vector) Copy(w Vector) {
	copy(v.F32, w.F32)
	copy(v.F64, w.F64)
}

// Node is a node of the tree with its sum.
type Node struct {
	Level, Index int
	Sum          Vector
}

// Stack adds up the leaves of a tree from the left to the right. It holds the largest complete nodes so far, and reuses the memory of others.
type Stack struct {
	width  int
	double bool
	leaves int
	nodes  []Node
	free   []Vector
}

// NewStack returns a stack for vectors of this width.
func NewStack(width int, double bool) *Stack { return &Stack{width: width, double: double} }

// Width returns the number of values of a vector, and Double whether they are float64.
func (s *Stack) Width() int { return s.width }

// Double reports whether the values are float64.
func (s *Stack) Double() bool { return s.double }

// Begin begins a tree of so many leaves.
func (s *Stack) Begin(leaves int) {
	for _, n := range s.nodes {
		s.free = append(s.free, n.Sum)
	}
	s.nodes, s.leaves = s.nodes[:0], leaves
}

// Room returns a vector to fill and push. Its values are arbitrary.
func (s *Stack) Room() Vector {
	if n := len(s.free); n > 0 {
		v := s.free[n-1]
		s.free = s.free[:n-1]
		return v
	}
	return NewVector(s.width, s.double)
}

// Push adds a node, whose vector the stack keeps. Nodes are pushed in the order of their leaves.
func (s *Stack) Push(n Node) {
	s.nodes = append(s.nodes, n)
	for {
		k := len(s.nodes) - 1
		if k < 1 || !siblings(s.nodes[k-1], s.nodes[k]) {
			return
		}
		s.merge()
	}
}

// siblings reports whether a and b are the children of one node.
func siblings(a, b Node) bool { return a.Level == b.Level && a.Index&1 == 0 && b.Index == a.Index+1 }

// merge replaces the last two nodes by their parent.
func (s *Stack) merge() {
	k := len(s.nodes) - 1
	a, b := &s.nodes[k-1], s.nodes[k]
	a.Sum.add(b.Sum)
	a.Level, a.Index = a.Level+1, a.Index/2
	s.free = append(s.free, b.Sum)
	s.nodes = s.nodes[:k]
}

// Nodes returns the nodes that the stack holds, from left to right.
func (s *Stack) Nodes() []Node { return s.nodes }

// Root finishes the tree and returns the sum of all leaves, valid until the next call of Begin. It returns an error if leaves are missing.
func (s *Stack) Root() (Vector, error) {
	next := 0
	for _, n := range s.nodes {
		if n.Index<<n.Level != next {
			return Vector{}, errors.Errorf("leaf %d is missing in a tree of %d", next, s.leaves)
		}
		next = min(s.leaves, (n.Index+1)<<n.Level)
	}
	if next != s.leaves || s.leaves == 0 {
		return Vector{}, errors.Errorf("%d of %d leaves", next, s.leaves)
	}
	for len(s.nodes) > 1 {
		last := &s.nodes[len(s.nodes)-1]
		for !siblings(s.nodes[len(s.nodes)-2], *last) { // it has no right sibling, so its parent has the same sum
			last.Level, last.Index = last.Level+1, last.Index/2
		}
		s.merge()
	}
	return s.nodes[0].Sum, nil
}

// Replace makes v, which the stack keeps, the sum of all leaves.
func (s *Stack) Replace(v Vector) {
	s.Begin(s.leaves)
	level := 0
	for 1<<level < s.leaves {
		level++
	}
	s.nodes = append(s.nodes, Node{Level: level, Sum: v})
}

// Range returns the leaves of a process: those from..to-1 of all, of which most are in the tree.
func Range(rank, size, most, leaves int) (from, to int) {
	ceil := func(r int) int { return min(leaves, (r*most+size-1)/size) }
	return ceil(rank), ceil(rank + 1)
}

// Blocks returns level and index of the nodes that a process sends for its leaves: the largest that have no other leaves.
func Blocks(from, to int) (nodes []Node) {
	for from < to {
		level := 0
		for from&(1<<level) == 0 && from+2<<level <= to && level < 62 {
			level++
		}
		nodes = append(nodes, Node{Level: level, Index: from >> level})
		from += 1 << level
	}
	return nodes
}
