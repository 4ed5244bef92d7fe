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
	return fitMatrix(ctx, f, x, labels, classes)
}

// FitTable is Fit for some rows of a table; labels holds one class for each of them. A row must not occur twice.
func (f Forest) FitTable(ctx context.Context, x *Table, rows, labels []int, classes int) (Classifier, error) {
	return grove{f, f.Name(), true, false}.fit(ctx, x, rows, labels, classes)
}

// grove is a forest of some kind.
type grove struct {
	Forest
	name      string
	bootstrap bool // the trees have samples of the rows, not all of them
	uniform   bool // thresholds are drawn
}

func (f grove) fit(ctx context.Context, x *Table, rows, labels []int, classes int) (Classifier, error) {
	if err := checkTable(ctx, f.name, x, rows, labels, classes); err != nil {
		return nil, err
	}
	f.Trees, f.Features = cmp.Or(f.Trees, 100), cmp.Or(f.Features, max(1, int(math.Sqrt(float64(len(x.columns))))))
	f.Tree.Criterion = cmp.Or(f.Tree.Criterion, Gini)
	if err := f.Tree.check(f.name, classes); err != nil {
		return nil, err
	}
	if f.Trees < 1 || f.Trees > 1<<20 || f.Features < 1 || f.Threads < 0 {
		return nil, errors.Errorf("baseline: %s: %d trees, %d features and %d threads", f.name, f.Trees, f.Features, f.Threads)
	}
	all := make([]*grown, f.Trees)
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(max(1, f.Threads), f.Trees) {
		group.Go(func() (err error) {
			g := newGrower(f.name, x, rows, labels, classes, f.Tree)
			g.features, g.uniform = min(f.Features, len(x.columns)), f.uniform
			for k := int(next.Add(1)) - 1; k < f.Trees; k = int(next.Add(1)) - 1 {
				f.sample(g, rows, k)
				if all[k], err = g.grow(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return collect(f.name, len(x.columns), classes, all)
}

// sample chooses the rows of tree k, whose randomness depends on the seed and k alone.
func (f grove) sample(g *grower, rows []int, k int) {
	g.random = rand.New(rand.NewPCG(f.Seed, uint64(k)))
	g.rows = g.rows[:0]
	clear(g.count)
	if f.bootstrap {
		for range rows {
			g.count[rows[g.random.IntN(len(rows))]]++
		}
	}
	for _, r := range rows {
		if !f.bootstrap {
			g.count[r] = 1
		}
		if g.count[r] > 0 {
			g.rows = append(g.rows, int32(r))
		}
	}
}
