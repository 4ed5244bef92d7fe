package attribution

import (
	"context"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/explain"
)

// Table explains predictions of networks of examples/tabular. You may use it from several goroutines.
type Table struct {
	encoder   *csv.Encoder
	explainer *explain.Explainer
	columns   []string
	of        []int // the column of each feature
}

// NewTable returns an explainer for the networks of a file and their encoder. The baseline is a row of means, of each column of
// numbers, without categories, like a row of unknown ones.
func NewTable(networks train.Ensemble, e *csv.Encoder, w *kernel.Workers) (*Table, error) {
	x, err := explain.New(explain.Options{Workers: w}, networks...)
	if err != nil {
		return nil, err
	}
	t := &Table{encoder: e, explainer: x, of: e.FeatureColumns()}
	for _, c := range e.Columns() {
		t.columns = append(t.columns, c.Name)
	}
	return t, nil
}

// Close frees the graphs.
func (t *Table) Close() { t.explainer.Close() }

// Columns returns the names of the columns.
func (t *Table) Columns() []string { return slices.Clone(t.columns) }

// Targets returns what may be explained: the classes, or the targets.
func (t *Table) Targets() []string {
	if classes := t.encoder.Classes(); classes != nil {
		return classes
	}
	return t.encoder.Tasks()
}

// Target returns the index of a class or target, or -1.
func (t *Table) Target(name string) int { return slices.Index(t.Targets(), name) }

// Usual returns the target to explain for a prediction: the class that is predicted, or the first target.
func (t *Table) Usual(prediction []float64) int {
	best := 0
	if t.encoder.Problem() == csv.Classes {
		for k, v := range prediction {
			if v > prediction[best] {
				best = k
			}
		}
	}
	return best
}

// Scale names what contributions are: log-odds, or the unit of the target.
func (t *Table) Scale() string {
	if t.encoder.Problem() == csv.Regression {
		if t.encoder.LogUnit(0) > 0 {
			return "in logarithms of the target"
		}
		return "in the unit of the target"
	}
	return "in log-odds"
}

// Row is the explanation of a prediction: Baseline, and the contributions of the columns, add up to Value but for Residual.
type Row struct {
	Target                    int
	Baseline, Value, Residual float64
	Contributions             []float64 // by column
}

// Explain explains a row of a set that the encoder has made.
func (t *Table) Explain(ctx context.Context, set *datasets.Set, row, target int) (*Row, error) {
	x, err := t.explainer.Explain(ctx, set, row, explain.Target{Column: target})
	if err != nil {
		return nil, err
	}
	values := x.Inputs[0].Values
	if len(values) != len(t.of) {
		return nil, errors.Errorf("%d contributions of %d features", len(values), len(t.of))
	}
	at := func(v float64) float64 { return t.encoder.Value(target, v) }
	if u := t.encoder.LogUnit(target); u > 0 { // contributions add up there
		at = func(v float64) float64 { return math.Log1p(t.encoder.Value(target, v) / u) }
	}
	unit := at(1) - at(0)
	if t.encoder.Problem() != csv.Regression {
		unit, at = 1, func(v float64) float64 { return v }
	}
	r := &Row{Target: target, Baseline: at(x.Baseline), Value: at(x.Value), Residual: unit * x.Residual, Contributions: make([]float64, len(t.columns))}
	for i, v := range values {
		r.Contributions[t.of[i]] += unit * v
	}
	return r, nil
}

// Means returns the mean absolute contribution of each column, NaN without rows.
func Means(rows []*Row) []float64 {
	if len(rows) == 0 {
		return nil
	}
	means := make([]float64, len(rows[0].Contributions))
	for _, r := range rows {
		for i, v := range r.Contributions {
			means[i] += math.Abs(v) / float64(len(rows))
		}
	}
	return means
}
