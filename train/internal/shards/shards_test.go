package shards

import (
	"math/rand/v2"
	"testing"
)

// leaf returns a vector whose sums depend on the order of the additions.
func leaf(s *Stack, k int) Node {
	r := rand.New(rand.NewPCG(uint64(k), 1))
	v := s.Room()
	for i := range v.F32 {
		v.F32[i] = float32(r.NormFloat64())
	}
	for i := range v.F64 {
		v.F64[i] = r.NormFloat64()
	}
	return Node{Index: k, Sum: v}
}

// tree is the sum by its definition.
func tree(level, index, leaves int, at func(k int) float32) float32 {
	if level == 0 {
		return at(index)
	}
	left := tree(level-1, 2*index, leaves, at)
	if (2*index+1)<<(level-1) >= leaves {
		return left
	}
	return left + tree(level-1, 2*index+1, leaves, at)
}

// The sum of any number of leaves has the bits of the tree, whoever has added which of them, and processes send the nodes that are expected of them.
func TestTree(t *testing.T) {
	for most := 1; most <= 17; most++ {
		for leaves := 1; leaves <= most; leaves++ {
			one := NewStack(3, false)
			want := tree(5, 0, leaves, func(k int) float32 { return leaf(one, k).Sum.F32[1] })
			for size := 1; size <= most; size++ {
				all, last := NewStack(3, false), 0
				all.Begin(leaves)
				for rank := range size {
					from, to := Range(rank, size, most, leaves)
					if from != last || to < from {
						t.Fatalf("rank %d of %d has the leaves %d to %d of %d", rank, size, from, to, leaves)
					}
					last = to
					own := NewStack(3, false)
					own.Begin(leaves)
					for k := from; k < to; k++ {
						own.Push(leaf(own, k))
					}
					blocks := Blocks(from, to)
					if len(blocks) != len(own.Nodes()) {
						t.Fatalf("leaves %d to %d: %d nodes, want %d", from, to, len(own.Nodes()), len(blocks))
					}
					for i, n := range own.Nodes() {
						if b := blocks[i]; b.Level != n.Level || b.Index != n.Index {
							t.Fatalf("leaves %d to %d: node %d is %d/%d, want %d/%d", from, to, i, n.Level, n.Index, b.Level, b.Index)
						}
						v := all.Room()
						v.Copy(n.Sum)
						all.Push(Node{n.Level, n.Index, v})
					}
				}
				root, err := all.Root()
				if err != nil || last != leaves || root.F32[1] != want {
					t.Fatalf("%d of %d leaves in %d processes: %v, want %v (%v)", leaves, most, size, root.F32, want, err)
				}
			}
		}
	}
}

// A tree without some of its leaves has no sum; a stack uses its memory again.
func TestStack(t *testing.T) {
	s := NewStack(2, true)
	for _, leaves := range [][]int{{}, {0, 1}, {1, 2}, {0, 2}} {
		s.Begin(3)
		for _, k := range leaves {
			s.Push(leaf(s, k))
		}
		if _, err := s.Root(); err == nil {
			t.Errorf("the leaves %v of 3 have a sum", leaves)
		}
	}
	for range 5 {
		s.Begin(8)
		for k := range 8 {
			s.Push(leaf(s, k))
		}
		if _, err := s.Root(); err != nil {
			t.Error(err)
		}
	}
	if n := len(s.free) + len(s.nodes); n > 5 {
		t.Errorf("%d vectors in memory for 8 leaves", n)
	}
	v := s.Room()
	v.F64[0] = 7
	s.Replace(v)
	if root, err := s.Root(); err != nil || root.F64[0] != 7 {
		t.Errorf("%v (%v)", root, err)
	}
}
