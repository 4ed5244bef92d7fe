package baseline

import "context"

// ExtraTrees are extremely randomized trees (Geurts et al. 2006): as a random forest, but each tree has all rows, and a node draws one threshold
// for each of its features, uniformly between the least and the greatest value in the node, instead of searching for the best.
type ExtraTrees struct {
	// Trees is the number of trees. 0 means 100.
	Trees int
	// Features is the number of features that a node looks at. 0 means the square root of their number, rounded down.
	Features int
	// Tree holds the settings of the trees. Criterion 0 means Gini.
	Tree Tree
	// Seed is the seed of features and thresholds.
	Seed uint64
	// Threads is the number of goroutines. 0 means 1. It does not change the result.
	Threads int
}

// Name implements Method.
func (ExtraTrees) Name() string { return "extremely randomized trees" }

// Fit implements Method.
func (e ExtraTrees) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	return fitMatrix(ctx, e, x, labels, classes)
}

// FitTable is Fit for some rows of a table; labels holds one class for each of them. A row must not occur twice.
func (e ExtraTrees) FitTable(ctx context.Context, x *Table, rows, labels []int, classes int) (Classifier, error) {
	return grove{Forest(e), e.Name(), false, true}.fit(ctx, x, rows, labels, classes)
}
