package baseline

import (
	"cmp"
	"context"
	"math"
	"sync/atomic"

	"github.com/pkg/errors"
	"golang.org/x/sync/errgroup"
)

// KernelRidge is kernel ridge regression, the mean of a Gaussian process, for several tasks of two classes at once. The kernel of two rows is the
// mean of
//
//   - for each kind of bags, the Tanimoto similarity of the counts, sum(min) / sum(max), a positive definite kernel (Ralaivola et al. 2005),
//     which is 0 if both bags are empty;
//   - if there are values, exp(-Gamma d^2 / m) with their Euclidean distance d, and the median m of d^2 over random pairs of training rows.
//
// A task is learned from the rows that have a label y in it, whose mean is r. With the variance v = r (1 - r) of the labels,
// g(x) = sum_j a_j k(x, j) minimizes the sum of (y - r - v g)^2 / v over the rows plus Lambda times the squared norm of g. That is one Newton step of
// kernel logistic regression from the base rate: the score is the probability with the log-odds log(r / (1 - r)) + g(x).
type KernelRidge struct {
	// Lambda is the strength of the penalty. 0 means 0.02.
	Lambda float64
	// Gamma is the exponent's factor. 0 means 1.5.
	Gamma float64
	// Threads is the number of goroutines of Fit. 0 means 1. It does not change the result.
	Threads int
}

// Ridged is a trained KernelRidge.
type Ridged struct {
	kernel  *similarities
	tasks   int
	rates   []float64 // by task
	weights []float64 // row after row, by task
}

// Name is the usual name of the method.
func (KernelRidge) Name() string { return "kernel ridge regression" }

// maxKernelRows bounds the different rows of a training, so that the kernel has at most 1.6 GB.
const maxKernelRows = 20_000

// Fit solves the equations by conjugate gradients. labels holds tasks labels for each row: from 0 to 1, or NaN if it is missing. In a task
// with labels of one value only, all scores are that value, up to 0.0001. Rows that are equal count as one, with the weight of all. Fit
// needs 4 bytes for each pair of different rows, and returns an error if there are more than 20,000 of them, for settings out of range, for rows
// that are not as described, and ctx's error.
func (k KernelRidge) Fit(ctx context.Context, rows Described, labels []float32, tasks int) (*Ridged, error) {
	k.Lambda, k.Gamma = cmp.Or(k.Lambda, 0.02), cmp.Or(k.Gamma, 1.5)
	if err := checkSettings(k.Name(), setting{"Lambda", k.Lambda}, setting{"Gamma", k.Gamma}); err != nil {
		return nil, err
	}
	if err := rows.check(); err != nil {
		return nil, errors.Wrapf(err, "baseline: %s", k.Name())
	}
	n := rows.Rows()
	if ctx == nil || k.Threads < 0 || tasks < 1 || tasks > maxClasses || n == 0 || len(labels)%tasks != 0 || len(labels)/tasks != n {
		return nil, errors.Errorf("baseline: %s: %d labels of %d tasks for %d rows, %d threads, or no context", k.Name(), len(labels), tasks, n, k.Threads)
	}
	for i, y := range labels {
		if y == y && !(y >= 0 && y <= 1) {
			return nil, errors.Errorf("baseline: %s: row %d has the label %v, want 0 to 1 or NaN", k.Name(), i/tasks, y)
		}
	}
	first, place := rows.distinct()
	if len(first) > maxKernelRows {
		return nil, errors.Errorf("baseline: %s: %d different rows, want at most %d", k.Name(), len(first), maxKernelRows)
	}
	rows = rows.subset(first)
	gamma := k.Gamma
	if rows.Values.Columns > 0 {
		gamma /= rows.medianDistance()
	}
	r := &Ridged{kernel: newSimilarities(rows, gamma), tasks: tasks}
	matrix, err := r.kernel.matrix(ctx, k.Threads)
	if err != nil {
		return nil, errors.Wrapf(err, "baseline: %s", k.Name())
	}
	s := newRidgeSystem(matrix, k.Lambda, labels, place, len(first), tasks)
	r.rates = s.rates
	r.weights, err = s.solve(ctx, k.Threads)
	return r, errors.Wrapf(err, "baseline: %s", k.Name())
}

// Tasks returns the number of tasks.
func (r *Ridged) Tasks() int {
	if r == nil {
		return 0
	}
	return r.tasks
}

// Inputs returns the number of kinds of bags and of values that describe a row.
func (r *Ridged) Inputs() (kinds, columns int) {
	if r == nil || r.kernel == nil {
		return 0, 0
	}
	return len(r.kernel.rows.Bags), r.kernel.rows.Values.Columns
}

// Scores returns a score for each row and each task, row-major. threads is the number of goroutines, 0 means 1; it does not change the result,
// and neither do other rows. It returns an error for rows with other bags or columns than those of the training, and ctx's error.
func (r *Ridged) Scores(ctx context.Context, rows Described, threads int) ([]float64, error) {
	name := KernelRidge{}.Name()
	if r == nil || r.kernel == nil || ctx == nil || threads < 0 {
		return nil, errors.Errorf("baseline: %s: no classifier, no context, or %d threads", name, threads)
	}
	if err := cmp.Or(rows.check(), rows.like(r.kernel.rows)); err != nil {
		return nil, errors.Wrapf(err, "baseline: %s", name)
	}
	n := r.kernel.rows.Rows()
	scores := make([]float64, rows.Rows()*r.tasks)
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(max(1, threads), max(1, rows.Rows())) {
		group.Go(func() error {
			kernel, more, common := make([]float64, n), make([]float64, n), make([]int32, n)
			for i := int(next.Add(1)) - 1; i < rows.Rows(); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return errors.Wrapf(err, "baseline: %s", name)
				}
				r.kernel.of(kernel, more, common, rows, i)
				r.score(scores[i*r.tasks:(i+1)*r.tasks], kernel)
			}
			return nil
		})
	}
	return scores, group.Wait()
}

// score sets the scores of a row from its kernel.
func (r *Ridged) score(scores, kernel []float64) {
	clear(scores)
	for j, k := range kernel {
		if k == 0 {
			continue
		}
		for task, w := range r.weights[j*r.tasks : (j+1)*r.tasks] {
			scores[task] += k * w
		}
	}
	for task, g := range scores {
		rate := r.rates[task]
		scores[task] = 1 / (1 + math.Exp(-(math.Log(rate) - math.Log1p(-rate) + g)))
	}
}
