package baseline

import (
	"cmp"
	"context"
	"math/rand/v2"

	"github.com/pkg/errors"
)

// grower grows one tree after the other on the same rows.
type grower struct {
	Tree
	name    string
	t       *Table
	classes int
	labels  []int32   // by row of the table
	count   []int32   // by row of the table: how often the sample holds it
	factor  []float64 // by class: the weight of a row; nil means 1
	rows    []int32   // the rows of the tree; a node has a part of them

	features int        // that a node looks at; 0 means all
	uniform  bool       // thresholds are drawn, not searched for
	random   *rand.Rand // chooses features and thresholds

	order []int32 // the columns, in the order of their last choice
	place []int32 // by row: the node that last looked for its rows among the others of a column
	node  nodeOf
	tally tally
	scan  scan
	terms []float64 // terms[n] = n log2 n or n^2; see impurity
	spare []int32
	nodes []node
	slab  []float64 // for counts of nodes
}

// nodeOf is the node that is looked at.
type nodeOf struct {
	index  int32
	rows   []int32
	counts []int32 // by class
	total  int32
	mass   float64 // weight
	term   float64
}

// node is a split of a tree that grows, or a leaf if left is 0.
type node struct {
	column      int
	threshold   float64
	left, right int       // indices of nodes; left is the next one
	counts      []float64 // weights by class
}

func newGrower(name string, t *Table, rows []int, labels []int, classes int, settings Tree) *grower {
	g := &grower{Tree: settings, name: name, t: t, classes: classes}
	g.labels, g.count, g.place = make([]int32, t.rows), make([]int32, t.rows), make([]int32, t.rows)
	for i, r := range rows {
		g.labels[r] = int32(labels[i])
	}
	g.factor = settings.factors(labels, classes)
	g.node.counts = make([]int32, classes)
	g.tally.classes, g.scan.grower = classes, g
	g.scan.left, g.scan.right = make([]int32, classes), make([]int32, classes)
	g.terms = make([]float64, len(rows)+1)
	for n := range g.terms {
		g.terms[n] = g.function(float64(n))
	}
	g.order = make([]int32, len(t.columns))
	return g
}

// grow returns the tree of the rows that were counted.
func (g *grower) grow(ctx context.Context) (*grown, error) {
	type open struct{ lo, hi, depth, parent int }
	g.nodes, g.slab = nil, nil
	for i := range g.place {
		g.place[i] = -1
	}
	for j := range g.order {
		g.order[j] = int32(j)
	}
	for todo := []open{{0, len(g.rows), 0, -1}}; len(todo) > 0; {
		if err := ctx.Err(); err != nil {
			return nil, errors.Wrapf(err, "baseline: %s", g.name)
		}
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at.parent >= 0 && g.nodes[at.parent].left != len(g.nodes) {
			g.nodes[at.parent].right = len(g.nodes)
		}
		rows := g.rows[at.lo:at.hi]
		g.enter(rows)
		if g.MaxDepth > 0 && at.depth >= g.MaxDepth || g.alike(rows) {
			continue
		}
		s, found := g.best()
		if !found {
			continue
		}
		middle := at.lo + g.divide(rows, s)
		index := len(g.nodes) - 1
		n := &g.nodes[index]
		n.column, n.threshold, n.left = s.column, s.threshold, index+1
		todo = append(todo, open{middle, at.hi, at.depth + 1, index}, open{at.lo, middle, at.depth + 1, index})
	}
	t := &grown{nodes: g.nodes}
	if g.Confidence > 0 {
		t.prune(g.Confidence)
	}
	return t, nil
}

// enter adds a node of some rows and looks at it.
func (g *grower) enter(rows []int32) {
	n := &g.node
	n.index, n.rows, n.total, n.mass, n.term = int32(len(g.nodes)), rows, 0, 0, 0
	clear(n.counts)
	for _, r := range rows {
		n.counts[g.labels[r]] += g.count[r]
	}
	if len(g.slab) < g.classes {
		g.slab = make([]float64, 64*g.classes)
	}
	weights := g.slab[:g.classes:g.classes]
	g.slab = g.slab[g.classes:]
	for k, c := range n.counts {
		n.total += c
		weights[k] = g.weight(k, c)
		n.mass += weights[k]
		n.term += g.term(k, c)
	}
	g.nodes = append(g.nodes, node{counts: weights})
	if len(rows) >= fewRows {
		for _, r := range rows {
			g.place[r] = n.index
		}
	}
}

// fewRows is the number of rows of a node below which it does not look for them among those of a sparse column.
const fewRows = 16

// alike reports whether no split is of use: all rows are of one class, or the same.
func (g *grower) alike(rows []int32) bool {
	classes := 0
	for _, c := range g.node.counts {
		classes += int(min(c, 1))
	}
	if classes < 2 || g.node.total < int32(cmp.Or(g.MinSplit, 2)) {
		return true
	}
	for _, r := range rows {
		if g.t.twin[r] != g.t.twin[rows[0]] {
			return false
		}
	}
	return true
}

// divide moves the rows of the left side to the front, keeps their order, and returns their number.
func (g *grower) divide(rows []int32, s split) int {
	right, n := g.spare[:0], 0
	c := &g.t.columns[s.column]
	for _, r := range rows {
		if c.rank(r) <= s.rank {
			rows[n] = r
			n++
		} else {
			right = append(right, r)
		}
	}
	copy(rows[n:], right)
	g.spare = right
	return n
}
