package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/baseline"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Limits of the comparison, which must not take longer than the training: cells of the rows that the other methods learn from, and features of a linear one.
const (
	rivalRows     = 10_000
	rivalCells    = 4_000_000
	linearColumns = 500
	logisticSteps = 200
)

// comparing are the flags of the comparison.
type comparing struct{ compare string }

func (c *comparing) register(f *flag.FlagSet) {
	f.StringVar(&c.compare, "compare", "all", "what else learns from the same rows and is judged on the same ones, to see whether a network pays: all, forest, linear or none; none also leaves out the importance of columns")
}

func (c *comparing) check() program.Check {
	return program.Check{Flag: "compare", OK: slices.Contains([]string{"all", "forest", "linear", "none"}, c.compare), Got: c.compare, Want: "all, forest, linear or none"}
}

// rivals returns the predictions of other methods for the rows of a result, in the units of the table. They learn from the rows that the networks
// have used: also from those that chose the epoch, if others are judged.
func (e *experiment) rivals(ctx context.Context, like *train.Result, judged []int) (all []evaluation, notes []string, err error) {
	rows := slices.Clone(e.fit)
	if len(e.test) > 0 && len(e.problem.validation) > 0 {
		rows = append(rows, e.problem.validation...)
		slices.Sort(rows)
	}
	outputs, width := len(e.set.Tasks), e.set.Width()
	most := max(100, min(rivalRows, rivalCells/max(1, width))/outputs)
	if n := len(rows); n > most {
		notes = append(notes, fmt.Sprintf("The other methods learn from %d of the %d rows.", most, n))
		for i := range most {
			rows[i] = rows[i*n/most]
		}
		rows = rows[:most]
	}
	x, err := baseline.NewMatrix(e.set.Features, judged)
	if err != nil {
		return nil, nil, err
	}
	for _, forest := range []bool{true, false} {
		if e.compare == "none" || e.compare == "forest" && !forest || e.compare == "linear" && forest {
			continue
		}
		if !forest && width > linearColumns {
			notes = append(notes, fmt.Sprintf("There is no comparison with a linear method, which takes long for %d features.", width))
			continue
		}
		r := &rival{experiment: e, forest: forest, rows: rows, x: x}
		values, err := r.predict(ctx, like.Outputs)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil { // the training is worth more than the comparison
			notes = append(notes, "There is no comparison: "+err.Error()+".")
			continue
		}
		result := *like
		result.Values, result.Loss = values, 0
		all = append(all, evaluation{r.name(), &result})
	}
	return all, notes, nil
}

// rival is another method.
type rival struct {
	*experiment
	forest bool
	rows   []int // to learn from
	x      baseline.Matrix
}

func (r *rival) name() string {
	switch {
	case r.forest:
		return baseline.Forest{}.Name()
	case r.encoder.Problem() == csv.Regression:
		return baseline.Ridge{}.Name()
	}
	return baseline.Logistic{}.Name()
}

func (r *rival) threads() int {
	if r.Threads > 0 {
		return r.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// predict returns predictions for the judged rows, in the layout of a result.
func (r *rival) predict(ctx context.Context, outputs int) ([]float64, error) {
	if r.encoder.Problem() == csv.Classes {
		return r.classes(ctx, 0, outputs)
	}
	values := make([]float64, r.x.Rows*outputs)
	for t := range outputs {
		column, err := r.target(ctx, t)
		if err != nil {
			return nil, errors.Wrapf(err, "target %s", r.set.Tasks[t])
		}
		for i, v := range column {
			values[i*outputs+t] = v
		}
	}
	return values, nil
}

// target returns the predictions for a target: numbers, or probabilities of 1.
func (r *rival) target(ctx context.Context, t int) ([]float64, error) {
	if r.encoder.Problem() == csv.Binary {
		scores, err := r.classes(ctx, t, 2)
		if err != nil {
			return nil, err
		}
		column := make([]float64, r.x.Rows)
		for i := range column {
			column[i] = scores[2*i+1]
		}
		return column, nil
	}
	x, labels, err := r.observed(t)
	if err != nil {
		return nil, err
	}
	for i, v := range labels {
		labels[i] = r.encoder.Value(t, v)
	}
	var m baseline.RegressionMethod = baseline.Ridge{}
	if r.forest {
		m = baseline.RegressionForest{MinLeaf: 2, Seed: r.Seed, Threads: r.threads()}
	}
	fitted, err := m.FitNumbers(ctx, x, labels)
	if err != nil {
		return nil, err
	}
	return fitted.Predict(r.x)
}

// classes returns the probabilities of the classes of a target.
func (r *rival) classes(ctx context.Context, t, classes int) ([]float64, error) {
	x, labels, err := r.observed(t)
	if err != nil {
		return nil, err
	}
	index := make([]int, len(labels))
	for i, v := range labels {
		index[i] = int(v)
	}
	var m baseline.Method = baseline.Logistic{Iterations: logisticSteps}
	if r.forest {
		m = baseline.Forest{Seed: r.Seed, Threads: r.threads(), Tree: baseline.Tree{MinLeaf: 1}}
	}
	fitted, err := m.Fit(ctx, x, index, classes)
	if err != nil {
		return nil, err
	}
	return fitted.Scores(r.x)
}

// observed returns the rows to learn from that have a label of a target, and the labels.
func (r *rival) observed(t int) (x baseline.Matrix, labels []float64, err error) {
	tasks := len(r.set.Tasks)
	var rows []int
	for _, row := range r.rows {
		if y := float64(r.set.Labels[row*tasks+t]); !math.IsNaN(y) && (r.set.Weights == nil || r.set.Weights[row] > 0) {
			rows, labels = append(rows, row), append(labels, y)
		}
	}
	x, err = baseline.NewMatrix(r.set.Features, rows)
	return x, labels, err
}

// losses returns a loss of each row that can be averaged: 1 for a wrong class, the mean log loss of several labels, the mean squared error in
// units of the variance of the labels. It is NaN for a row without a label, and for those of weight 0.
func losses(p csv.Problem, r *train.Result) []float64 {
	rows, scale := make([]float64, r.Rows), variances(p, r)
	for i := range rows {
		sum, n := 0.0, 0.0
		switch {
		case r.Kind == metric.Classes:
			if y := r.Labels[i]; y == y && (r.Weights == nil || r.Weights[i] > 0) {
				n = 1
				if largest(r.Row(i)) != int(y) {
					sum = 1
				}
			}
		default:
			for k := i * r.Outputs; k < (i+1)*r.Outputs; k++ {
				y, v := r.Labels[k], r.Values[k]
				if y != y || r.Weights != nil && r.Weights[k] == 0 {
					continue
				}
				n++
				if p == csv.Binary {
					sum -= math.Log(max(1e-7, y*v+(1-y)*(1-v)))
				} else {
					sum += (v - y) * (v - y) / scale[k%r.Outputs]
				}
			}
		}
		rows[i] = sum / n
	}
	return rows
}

// variances are those of the labels of a regression, 1 where they are all equal.
func variances(p csv.Problem, r *train.Result) []float64 {
	out := slices.Repeat([]float64{1}, r.Outputs)
	if p != csv.Regression {
		return out
	}
	for t := range out {
		n, sum, squares, first := 0.0, 0.0, 0.0, math.NaN()
		for k := t; k < len(r.Labels); k += r.Outputs {
			y := r.Labels[k]
			if y != y {
				continue
			}
			if first != first {
				first = y
			}
			n, sum, squares = n+1, sum+(y-first), squares+(y-first)*(y-first)
		}
		if v := squares/n - sum/n*sum/n; v > 0 && finite(v) {
			out[t] = v
		}
	}
	return out
}

// largest returns the index of the first greatest element.
func largest(x []float64) (best int) {
	for k, v := range x {
		if v > x[best] {
			best = k
		}
	}
	return best
}
