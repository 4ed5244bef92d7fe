package baseline

import (
	"context"
	"slices"

	"github.com/pkg/errors"
)

// grower grows one tree.
type grower struct {
	Tree
	x       Matrix
	labels  []int
	classes int
	ranks   *ranking
	weight  []float64                // by row: how often a bootstrap sample holds it
	rows    []int32                  // the rows of the tree; a node has a part of them
	shuffle func(features []int) int // returns how many of them to look at, not counting constant ones; nil means all

	terms  []float64 // terms[n] = n log2 n or n^2; see impurity
	keys   []uint64
	counts struct{ left, right []float64 }
	order  []int
	nodes  []node
}

// ranking holds the distinct values of each column in ascending order, and for each row the index of its value.
type ranking struct {
	values [][]float64
	rank   [][]uint32
}

func rank(x Matrix) *ranking {
	r := &ranking{values: make([][]float64, x.Columns), rank: make([][]uint32, x.Columns)}
	column := make([]float64, x.Rows)
	for j := range x.Columns {
		for i := range x.Rows {
			column[i] = x.Values[i*x.Columns+j]
		}
		distinct := slices.Clone(column)
		slices.Sort(distinct)
		distinct = slices.Clip(slices.Compact(distinct))
		ranks := make([]uint32, x.Rows)
		for i, v := range column {
			at, _ := slices.BinarySearch(distinct, v)
			ranks[i] = uint32(at)
		}
		r.values[j], r.rank[j] = distinct, ranks
	}
	return r
}

func newGrower(x Matrix, labels []int, classes int, t Tree) *grower {
	g := &grower{Tree: t, x: x, labels: labels, classes: classes, ranks: rank(x)}
	g.weight = make([]float64, x.Rows)
	for i := range g.weight {
		g.weight[i] = 1
	}
	g.prepare()
	return g
}

// prepare makes the memory of a grower.
func (g *grower) prepare() {
	g.counts.left, g.counts.right = make([]float64, g.classes), make([]float64, g.classes)
	g.keys = make([]uint64, g.x.Rows)
	g.terms = make([]float64, g.x.Rows+1)
	for n := range g.terms {
		if v := float64(n); g.Criterion == Gini {
			g.terms[n] = v * v
		} else {
			g.terms[n] = v * log2(v)
		}
	}
	for j := range g.x.Columns {
		g.order = append(g.order, j)
	}
}

// grow returns the tree of the rows.
func (g *grower) grow(ctx context.Context) (*tree, error) {
	type open struct{ node, lo, hi, depth int }
	g.nodes = []node{{}}
	for todo := []open{{0, 0, len(g.rows), 0}}; len(todo) > 0; {
		if err := ctx.Err(); err != nil {
			return nil, errors.Wrapf(err, "baseline: %s", g.Name())
		}
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		rows := g.rows[at.lo:at.hi]
		counts := g.count(rows)
		g.nodes[at.node].counts = counts
		if g.MaxDepth > 0 && at.depth >= g.MaxDepth || pure(counts) {
			continue
		}
		s, found := g.best(rows, counts)
		if !found {
			continue
		}
		middle := at.lo + g.divide(rows, s)
		left := len(g.nodes)
		g.nodes = append(g.nodes, node{}, node{})
		n := &g.nodes[at.node]
		n.feature, n.threshold, n.left, n.right = s.feature, s.threshold, left, left+1
		todo = append(todo, open{left + 1, middle, at.hi, at.depth + 1}, open{left, at.lo, middle, at.depth + 1})
	}
	t := &tree{name: g.Name(), columns: g.x.Columns, classes: g.classes, nodes: g.nodes}
	if g.Confidence > 0 {
		t.prune(g.Confidence)
	}
	return t, nil
}

func (g *grower) count(rows []int32) []float64 {
	counts := make([]float64, g.classes)
	for _, r := range rows {
		counts[g.labels[r]] += g.weight[r]
	}
	return counts
}

// pure reports whether all rows are of one class.
func pure(counts []float64) bool {
	seen := 0
	for _, c := range counts {
		if c > 0 {
			seen++
		}
	}
	return seen < 2
}

// divide moves the rows of the left side to the front, keeps their order, and returns their number.
func (g *grower) divide(rows []int32, s split) int {
	right := make([]int32, 0, len(rows))
	n := 0
	ranks := g.ranks.rank[s.feature]
	for _, r := range rows {
		if ranks[r] <= s.rank {
			rows[n] = r
			n++
		} else {
			right = append(right, r)
		}
	}
	copy(rows[n:], right)
	return n
}
