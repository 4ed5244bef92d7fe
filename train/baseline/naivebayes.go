package baseline

import (
	"cmp"
	"context"
	"math"

	"github.com/pkg/errors"
)

var infinity = math.Inf(1)

// NaiveBayes is Gaussian naive Bayes: within a class, each feature is normal and independent of the others. A score is the probability of
// the class.
type NaiveBayes struct {
	// Smoothing is added to all variances, as a share of the greatest variance of a feature. 0 means 1e-9.
	Smoothing float64
}

// Name implements Method.
func (NaiveBayes) Name() string { return "naive Bayes" }

// Fit implements Method.
func (b NaiveBayes) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	smoothing := cmp.Or(b.Smoothing, 1e-9)
	if err := check(ctx, b.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	if err := checkSettings(b.Name(), setting{"Smoothing", smoothing}); err != nil {
		return nil, err
	}
	all := make([]int, x.Rows)
	_, variance, _ := momentsByClass(x, all, 1)
	added := 0.0
	for _, v := range variance {
		added = max(added, v)
	}
	if added *= smoothing; added == 0 {
		return nil, errors.Errorf("baseline: %s: every feature is the same in all rows", b.Name())
	}
	mean, variance, counts := momentsByClass(x, labels, classes)
	n := &naiveBayes{columns: x.Columns, mean: mean, variance: variance, prior: make([]float64, classes)}
	for k, count := range counts {
		n.prior[k] = math.Log(count / float64(x.Rows)) // -Inf for a class without rows
	}
	for i := range n.variance {
		n.variance[i] += added
	}
	return n, nil
}

// momentsByClass returns the mean and the variance of each column for each class, class after class, and the number of rows of each.
func momentsByClass(x Matrix, labels []int, classes int) (mean, variance, counts []float64) {
	mean, variance, counts = make([]float64, classes*x.Columns), make([]float64, classes*x.Columns), make([]float64, classes)
	for i, k := range labels {
		counts[k]++
		for j, v := range x.row(i) {
			mean[k*x.Columns+j] += v
		}
	}
	for i := range mean {
		mean[i] /= max(1, counts[i/x.Columns])
	}
	for i, k := range labels {
		for j, v := range x.row(i) {
			d := v - mean[k*x.Columns+j]
			variance[k*x.Columns+j] += d * d
		}
	}
	for i := range variance {
		variance[i] /= max(1, counts[i/x.Columns])
	}
	return mean, variance, counts
}

type naiveBayes struct {
	columns        int
	mean, variance []float64 // class after class
	prior          []float64 // logarithms
}

// Scores implements Classifier.
func (n *naiveBayes) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(NaiveBayes{}.Name(), x, n.columns); err != nil {
		return nil, err
	}
	classes := len(n.prior)
	constant := make([]float64, classes)
	for i, v := range n.variance {
		constant[i/n.columns] -= math.Log(2*math.Pi*v) / 2
	}
	scores := make([]float64, x.Rows*classes)
	for i := range x.Rows {
		row, out := x.row(i), scores[i*classes:(i+1)*classes]
		for k := range out {
			mean, variance := n.mean[k*n.columns:(k+1)*n.columns], n.variance[k*n.columns:(k+1)*n.columns]
			sum := 0.0
			for j, v := range row {
				d := v - mean[j]
				sum += d * d / variance[j]
			}
			out[k] = n.prior[k] + constant[k] - sum/2
		}
		softmax(out)
	}
	return scores, nil
}

// softmax turns logits into probabilities, in place.
func softmax(x []float64) {
	top, total := x[largest(x)], 0.0
	for i, v := range x {
		x[i] = math.Exp(v - top)
		total += x[i]
	}
	for i := range x {
		x[i] /= total
	}
}
