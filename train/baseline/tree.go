package baseline

import (
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
	if err := check(ctx, t.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	if t.Criterion == 0 {
		t.Criterion = Entropy
	}
	g := newGrower(x, labels, classes, t)
	for i := range x.Rows {
		g.rows = append(g.rows, int32(i))
	}
	return g.grow(ctx)
}

func (t Tree) check() error {
	switch {
	case t.Criterion < 0 || t.Criterion > GainRatio:
		return errors.Errorf("baseline: %s: criterion %d, want Entropy, Gini or GainRatio", t.Name(), t.Criterion)
	case t.MaxDepth < 0 || t.MinSplit < 0 || t.MinLeaf < 0:
		return errors.Errorf("baseline: %s: MaxDepth %d, MinSplit %d and MinLeaf %d must not be negative", t.Name(), t.MaxDepth, t.MinSplit, t.MinLeaf)
	case !(t.Confidence >= 0 && t.Confidence < 0.5):
		return errors.Errorf("baseline: %s: Confidence %v, want 0 to 0.5", t.Name(), t.Confidence)
	}
	return nil
}

// node is a split, or a leaf if left is 0.
type node struct {
	feature     int
	threshold   float64
	left, right int       // indices of nodes
	counts      []float64 // rows by class
}

type tree struct {
	name             string
	columns, classes int
	nodes            []node
}

// leaf returns the leaf of a row.
func (t *tree) leaf(row []float64) *node {
	n := &t.nodes[0]
	for n.left > 0 {
		if row[n.feature] <= n.threshold {
			n = &t.nodes[n.left]
		} else {
			n = &t.nodes[n.right]
		}
	}
	return n
}

// Scores implements Classifier.
func (t *tree) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(t.name, x, t.columns); err != nil {
		return nil, err
	}
	scores := make([]float64, x.Rows*t.classes)
	t.add(scores, x, 1)
	return scores, nil
}

// add adds the shares of the classes, times a factor, to the scores.
func (t *tree) add(scores []float64, x Matrix, factor float64) {
	for i := range x.Rows {
		n := t.leaf(x.row(i))
		total := 0.0
		for _, c := range n.counts {
			total += c
		}
		out := scores[i*t.classes : (i+1)*t.classes]
		for k, c := range n.counts {
			out[k] += factor * c / total
		}
	}
}

// Leaves returns the number of leaves.
func (t *tree) Leaves() int {
	leaves := 0
	for _, n := range t.nodes {
		if n.left == 0 {
			leaves++
		}
	}
	return leaves
}

// log2 is the binary logarithm, 0 at 0 as its product with 0 is needed.
func log2(x float64) float64 {
	if x == 0 {
		return 0
	}
	return math.Log2(x)
}
