package baseline

import (
	"cmp"
	"context"
	"math"

	"github.com/pkg/errors"
)

// Criterion is the rule by which a tree chooses the split of a node.
type Criterion int

const (
	// Entropy chooses the split with the greatest decrease of the entropy of the classes.
	Entropy Criterion = iota + 1
	// Gini chooses the split with the greatest decrease of the Gini impurity.
	Gini
	// GainRatio is C4.5's: of the features whose best split decreases the entropy by at least the mean over the features, less
	// log2(distinct values - 1) / rows, it chooses the one with the greatest ratio of this gain to the entropy of the sizes of the two sides
	// (Quinlan 1993 and 1996).
	GainRatio
)

// Tree is a decision tree of splits "feature <= threshold". A score is the share of the class among the rows of a leaf. The threshold is in the
// middle of two values. If splits are equal, it takes that of the first feature with the smallest threshold. The classifier has a method
// Leaves() int, the number of leaves.
type Tree struct {
	// Criterion chooses the splits. 0 means Entropy.
	Criterion Criterion
	// MaxDepth bounds the number of splits from the root to a leaf. 0 means no bound.
	MaxDepth int
	// MinSplit is the least number of rows of a node that is split. 0 means 2.
	MinSplit int
	// MinLeaf is the least number of rows of a leaf. 0 means 1.
	MinLeaf int
	// Confidence, below 0.5, prunes the tree: a node becomes a leaf unless its leaves have fewer expected errors. The expected errors of a leaf
	// are the upper confidence limit of its errors in training, which a binomial distribution exceeds with this probability. 0 means that the
	// tree is not pruned. C4.5 uses 0.25.
	Confidence float64
	// ClassWeights are the weights of a row in impurities and shares, by class. Nil means 1. MinSplit and MinLeaf count rows, not weights.
	ClassWeights []float64
	// Balanced means weights that give all classes with rows the same total weight, instead of ClassWeights.
	Balanced bool
}

// C45 returns the settings of C4.5: gain ratio, at least two rows in a leaf, pruned with a confidence of 0.25.
func C45() Tree { return Tree{Criterion: GainRatio, MinLeaf: 2, Confidence: 0.25} }

// Name implements Method.
func (t Tree) Name() string {
	if t.Criterion == GainRatio {
		return "C4.5 tree"
	}
	return "decision tree"
}

// Fit implements Method.
func (t Tree) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	return fitMatrix(ctx, t, x, labels, classes)
}

// FitTable is Fit for some rows of a table; labels holds one class for each of them. A row must not occur twice.
func (t Tree) FitTable(ctx context.Context, x *Table, rows, labels []int, classes int) (Classifier, error) {
	t.Criterion = cmp.Or(t.Criterion, Entropy)
	if err := t.check(t.Name(), classes); err != nil {
		return nil, err
	}
	if err := checkTable(ctx, t.Name(), x, rows, labels, classes); err != nil {
		return nil, err
	}
	g := newGrower(t.Name(), x, rows, labels, classes, t)
	for _, r := range rows {
		g.rows = append(g.rows, int32(r))
		g.count[r] = 1
	}
	one, err := g.grow(ctx)
	if err != nil {
		return nil, err
	}
	return collect(t.Name(), len(x.columns), classes, []*grown{one})
}

// onTable is a method of trees.
type onTable interface {
	Method
	FitTable(ctx context.Context, x *Table, rows, labels []int, classes int) (Classifier, error)
}

// fitMatrix trains on a table of all rows of a matrix.
func fitMatrix(ctx context.Context, m onTable, x Matrix, labels []int, classes int) (Classifier, error) {
	if err := check(ctx, m.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	t, err := tableOf(ctx, x)
	if err != nil {
		return nil, err
	}
	rows := make([]int, x.Rows)
	for i := range rows {
		rows[i] = i
	}
	return m.FitTable(ctx, t, rows, labels, classes)
}

// checkTable returns an error unless the rows and labels are a training set.
func checkTable(ctx context.Context, name string, x *Table, rows, labels []int, classes int) error {
	if x == nil || len(x.columns) == 0 {
		return errors.Errorf("baseline: %s: there is no table", name)
	}
	if err := checkLabels(ctx, name, len(rows), labels, classes); err != nil {
		return err
	}
	seen := make([]bool, x.rows)
	for _, r := range rows {
		if r < 0 || r >= x.rows || seen[r] {
			return errors.Errorf("baseline: %s: row %d is not in the table of %d rows, or is there twice", name, r, x.rows)
		}
		seen[r] = true
	}
	return nil
}

func (t Tree) check(name string, classes int) error {
	switch {
	case t.Criterion < 0 || t.Criterion > GainRatio:
		return errors.Errorf("baseline: %s: criterion %d, want Entropy, Gini or GainRatio", name, t.Criterion)
	case t.MaxDepth < 0 || t.MinSplit < 0 || t.MinLeaf < 0 || t.MinSplit > math.MaxInt32 || t.MinLeaf > math.MaxInt32:
		return errors.Errorf("baseline: %s: MaxDepth %d, MinSplit %d and MinLeaf %d must not be negative", name, t.MaxDepth, t.MinSplit, t.MinLeaf)
	case !(t.Confidence >= 0 && t.Confidence < 0.5):
		return errors.Errorf("baseline: %s: Confidence %v, want 0 to 0.5", name, t.Confidence)
	case t.ClassWeights != nil && (len(t.ClassWeights) != classes || t.Balanced):
		return errors.Errorf("baseline: %s: %d class weights for %d classes, Balanced %t", name, len(t.ClassWeights), classes, t.Balanced)
	}
	for k, w := range t.ClassWeights {
		if !(w > 0 && w <= math.MaxFloat32) {
			return errors.Errorf("baseline: %s: class weight %d is %v, want a positive number", name, k, w)
		}
	}
	return nil
}

// factors returns the weights of the classes, nil if all are 1.
func (t Tree) factors(labels []int, classes int) []float64 {
	if !t.Balanced {
		return t.ClassWeights
	}
	rows, present := make([]float64, classes), 0.0
	for _, k := range labels {
		if rows[k]++; rows[k] == 1 {
			present++
		}
	}
	for k, n := range rows {
		rows[k] = float64(len(labels)) / (present * max(1, n))
	}
	return rows
}

// log2 is the binary logarithm, 0 at 0 as its product with 0 is needed.
func log2(x float64) float64 {
	if x == 0 {
		return 0
	}
	return math.Log2(x)
}
