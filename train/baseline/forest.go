package baseline

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"sync/atomic"

	"github.com/pkg/errors"
	"golang.org/x/sync/errgroup"
)

// Forest is a random forest (Breiman 2001): trees on bootstrap samples, each node of which looks at some features chosen at random. A score is
// the mean over the trees.
type Forest struct {
	// Trees is the number of trees. 0 means 100.
	Trees int
	// Features is the number of features that a node looks at. 0 means the square root of their number, rounded down.
	Features int
	// Tree holds the settings of the trees. Criterion 0 means Gini.
	Tree Tree
	// Seed is the seed of samples and features.
	Seed uint64
	// Threads is the number of goroutines. 0 means 1. It does not change the result.
	Threads int
}

// Name implements Method.
func (Forest) Name() string { return "random forest" }

// Fit implements Method.
func (f Forest) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	trees, features := cmp.Or(f.Trees, 100), cmp.Or(f.Features, max(1, int(math.Sqrt(float64(x.Columns)))))
	if f.Tree.Criterion == 0 {
		f.Tree.Criterion = Gini
	}
	if err := check(ctx, f.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	if err := f.Tree.check(); err != nil {
		return nil, err
	}
	if trees < 1 || trees > 1<<20 || features < 1 || f.Threads < 0 {
		return nil, errors.Errorf("baseline: %s: %d trees, %d features and %d threads", f.Name(), trees, features, f.Threads)
	}
	ranks := rank(x)
	made := &forest{columns: x.Columns, classes: classes, trees: make([]*tree, trees)}
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range max(1, f.Threads) {
		group.Go(func() error {
			g := &grower{Tree: f.Tree, x: x, labels: labels, classes: classes, ranks: ranks, weight: make([]float64, x.Rows)}
			g.prepare()
			for k := int(next.Add(1)) - 1; k < trees; k = int(next.Add(1)) - 1 {
				var err error
				if made.trees[k], err = f.one(ctx, g, k, features); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, errors.Wrapf(err, "baseline: %s", f.Name())
	}
	return made, nil
}

// one grows tree k, whose randomness depends on the seed and k alone.
func (f Forest) one(ctx context.Context, g *grower, k, features int) (*tree, error) {
	r := rand.New(rand.NewPCG(f.Seed, uint64(k)))
	clear(g.weight)
	for range g.x.Rows {
		g.weight[r.IntN(g.x.Rows)]++
	}
	g.rows = g.rows[:0]
	for i, w := range g.weight {
		if w > 0 {
			g.rows = append(g.rows, int32(i))
		}
	}
	for j := range g.order {
		g.order[j] = j
	}
	g.shuffle = func(order []int) int {
		r.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		return min(features, len(order))
	}
	return g.grow(ctx)
}

type forest struct {
	columns, classes int
	trees            []*tree
}

// Scores implements Classifier.
func (f *forest) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(Forest{}.Name(), x, f.columns); err != nil {
		return nil, err
	}
	scores := make([]float64, x.Rows*f.classes)
	for _, t := range f.trees {
		t.add(scores, x, 1/float64(len(f.trees)))
	}
	return scores, nil
}
