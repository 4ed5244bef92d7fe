package baseline

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/pkg/errors"
	"golang.org/x/sync/errgroup"
)

// RegressionForest is a random forest of regression trees (Breiman 2001): each grows on a bootstrap sample, and a node splits by the greatest
// decrease of the squared error among some features chosen at random. A prediction is the mean over the trees. Thresholds lie between values, or, of a
// feature with more than 256 different ones, between 256 parts with about as many rows.
type RegressionForest struct {
	// Trees is the number of trees. 0 means 100.
	Trees int
	// Features is the number of features that a node looks at. 0 means a third of them.
	Features int
	// MinLeaf is the least number of rows of a leaf. 0 means 1.
	MinLeaf int
	// Seed is the seed of samples and features.
	Seed uint64
	// Threads is the number of goroutines. 0 means 1. It does not change the result.
	Threads int
}

// Name implements RegressionMethod.
func (RegressionForest) Name() string { return "random forest" }

// FitNumbers implements RegressionMethod.
func (f RegressionForest) FitNumbers(ctx context.Context, x Matrix, numbers []float64) (Regressor, error) {
	if err := checkNumbers(ctx, f.Name(), x, numbers); err != nil {
		return nil, err
	}
	f.Trees, f.Features, f.MinLeaf = cmp.Or(f.Trees, 100), cmp.Or(f.Features, max(1, x.Columns/3)), cmp.Or(f.MinLeaf, 1)
	if f.Trees < 1 || f.Trees > 1<<20 || f.Features < 1 || f.MinLeaf < 1 || f.Threads < 0 {
		return nil, errors.Errorf("baseline: %s: %d trees, %d features, %d rows of a leaf and %d threads", f.Name(), f.Trees, f.Features, f.MinLeaf, f.Threads)
	}
	b := binned(x)
	all := &numberTrees{columns: x.Columns, trees: make([][]numberNode, f.Trees)}
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(max(1, f.Threads), f.Trees) {
		group.Go(func() error {
			g := &numberGrower{RegressionForest: f, bins: b, y: numbers, order: make([]int, x.Columns)}
			for k := int(next.Add(1)) - 1; k < f.Trees; k = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return errors.Wrapf(err, "baseline: %s", f.Name())
				}
				all.trees[k] = g.grow(k)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return all, nil
}

// bins are the features of the rows as indices of parts of their range.
type bins struct {
	of    [][]uint8   // by column and row
	upper [][]float64 // by column: the threshold above each part but the last
}

func binned(x Matrix) *bins {
	b := &bins{of: make([][]uint8, x.Columns), upper: make([][]float64, x.Columns)}
	values := make([]float64, x.Rows)
	for j := range x.Columns {
		for i := range values {
			values[i] = x.Values[i*x.Columns+j]
		}
		b.upper[j] = thresholds(values)
		b.of[j] = make([]uint8, x.Rows)
		for i := range values {
			k, _ := slices.BinarySearch(b.upper[j], x.Values[i*x.Columns+j])
			b.of[j][i] = uint8(k)
		}
	}
	return b
}

// thresholds returns at most 255 values in the middle between others; a value that equals one is below it. It sorts the values.
func thresholds(values []float64) (upper []float64) {
	slices.Sort(values)
	distinct := slices.Compact(slices.Clone(values))
	add := func(a, b float64) {
		middle := a/2 + b/2
		if !(middle >= a && middle < b) {
			middle = a
		}
		if n := len(upper); n == 0 || middle > upper[n-1] {
			upper = append(upper, middle)
		}
	}
	if len(distinct) <= 256 {
		for i := 1; i < len(distinct); i++ {
			add(distinct[i-1], distinct[i])
		}
		return upper
	}
	for k := 1; k < 256; k++ {
		at := k * len(values) / 256
		if next, _ := slices.BinarySearch(distinct, values[at]); next > 0 {
			add(distinct[next-1], distinct[next])
		}
	}
	return upper
}

// numberNode is a split, or a leaf if column is negative.
type numberNode struct {
	threshold float64 // or the prediction of a leaf
	column    int32
	right     int32 // the left side follows
}

// numberGrower grows trees.
type numberGrower struct {
	RegressionForest
	*bins
	y      []float64
	order  []int
	rows   []int32 // a row occurs as often as in the sample
	random *rand.Rand
	count  [256]float64
	sum    [256]float64
	spare  []int32
}

// grow returns tree k, whose randomness depends on the seed and k alone.
func (g *numberGrower) grow(k int) (nodes []numberNode) {
	g.random = rand.New(rand.NewPCG(g.Seed, uint64(k)))
	g.rows = g.rows[:0]
	for range g.y {
		g.rows = append(g.rows, int32(g.random.IntN(len(g.y))))
	}
	for j := range g.order {
		g.order[j] = j
	}
	type open struct{ lo, hi, parent int }
	for todo := []open{{0, len(g.rows), -1}}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if at.parent >= 0 {
			nodes[at.parent].right = int32(len(nodes)) // the left side comes first, the right side last
		}
		rows := g.rows[at.lo:at.hi]
		sum := 0.0
		for _, r := range rows {
			sum += g.y[r]
		}
		nodes = append(nodes, numberNode{threshold: sum / float64(len(rows)), column: -1})
		column, bin, found := g.best(rows, sum)
		if !found {
			continue
		}
		n := &nodes[len(nodes)-1]
		n.column, n.threshold = int32(column), g.upper[column][bin]
		middle := at.lo + g.divide(rows, column, uint8(bin))
		parent := len(nodes) - 1
		todo = append(todo, open{middle, at.hi, parent}, open{at.lo, middle, parent})
	}
	return nodes
}

// best returns the best split of a node: the column, and the last part on the left side.
func (g *numberGrower) best(rows []int32, sum float64) (column, bin int, found bool) {
	if len(rows) < 2*g.MinLeaf || len(rows) < 2 {
		return 0, 0, false
	}
	n := float64(len(rows))
	least := sum * sum / n
	least += 1e-12 * (1 + least) // rounding must not decide
	looked := 0
	for i := range g.order {
		if looked >= g.Features {
			break
		}
		other := i + g.random.IntN(len(g.order)-i)
		g.order[i], g.order[other] = g.order[other], g.order[i]
		j := g.order[i]
		parts := len(g.upper[j]) + 1
		if parts == 1 {
			continue
		}
		looked++
		clear(g.count[:parts])
		clear(g.sum[:parts])
		of := g.of[j]
		for _, r := range rows {
			g.count[of[r]]++
			g.sum[of[r]] += g.y[r]
		}
		left, leftSum := 0.0, 0.0
		for k := range parts - 1 {
			if g.count[k] == 0 {
				continue
			}
			left += g.count[k]
			leftSum += g.sum[k]
			if left < float64(g.MinLeaf) || n-left < float64(g.MinLeaf) || left == n {
				continue
			}
			rest := sum - leftSum
			if gain := leftSum*leftSum/left + rest*rest/(n-left); gain > least {
				least, column, bin, found = gain+1e-12*gain, j, k, true
			}
		}
	}
	return column, bin, found
}

// divide moves the rows of the left side to the front, keeps their order, and returns their number.
func (g *numberGrower) divide(rows []int32, column int, bin uint8) int {
	g.spare = g.spare[:0]
	n, of := 0, g.of[column]
	for _, r := range rows {
		if of[r] <= bin {
			rows[n] = r
			n++
		} else {
			g.spare = append(g.spare, r)
		}
	}
	copy(rows[n:], g.spare)
	return n
}

// numberTrees is a trained forest.
type numberTrees struct {
	columns int
	trees   [][]numberNode
}

// Predict implements Regressor.
func (t *numberTrees) Predict(x Matrix) ([]float64, error) {
	if err := checkColumns(RegressionForest{}.Name(), x, t.columns); err != nil {
		return nil, err
	}
	out := make([]float64, x.Rows)
	for _, nodes := range t.trees {
		for i := range out {
			row, at := x.row(i), 0
			for nodes[at].column >= 0 {
				if row[nodes[at].column] <= nodes[at].threshold {
					at++
				} else {
					at = int(nodes[at].right)
				}
			}
			out[i] += nodes[at].threshold / float64(len(t.trees))
		}
	}
	return out, nil
}
