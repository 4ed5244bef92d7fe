package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/train/baseline"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// svmRows is the number of rows on which the settings of a support vector machine are compared if there are more, since its time grows with
// their square or cube. The chosen setting is fitted to all rows; if that fails, it stays fitted to these.
const svmRows = 2000

// table is a part of a fold as the methods take it.
type table struct {
	x       baseline.Matrix
	labels  []int
	classes int
}

func tableOf(set *datasets.Set) (*table, error) {
	n, width := set.Len(), set.Width()
	t := &table{x: baseline.Matrix{Rows: n, Columns: width}, classes: len(set.Classes)}
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
		t.labels = append(t.labels, set.Class(i))
	}
	values := make([]float32, n*width)
	if err := set.Features.Gather(values, width, rows); err != nil {
		return nil, errors.Wrap(err, set.Name)
	}
	for _, v := range values {
		t.x.Values = append(t.x.Values, float64(v))
	}
	return t, nil
}

// some returns at most n rows, drawn without replacement.
func (t *table) some(n int, seed uint64) *table {
	if t.x.Rows <= n {
		return t
	}
	drawn := rand.New(rand.NewPCG(seed, 0)).Perm(t.x.Rows)[:n]
	slices.Sort(drawn)
	part := &table{x: baseline.Matrix{Rows: n, Columns: t.x.Columns}, classes: t.classes}
	for _, i := range drawn {
		part.x.Values = append(part.x.Values, t.x.Row(i)...)
		part.labels = append(part.labels, t.labels[i])
	}
	return part
}

func (t *table) train(ctx context.Context, m baseline.Method) (baseline.Classifier, error) {
	return t.fitting(m).Fit(ctx, t.x, t.labels, t.classes)
}

// accuracy is the share of rows that a classifier predicts.
func (t *table) accuracy(c baseline.Classifier) (float64, error) {
	predicted, err := baseline.Predict(c, t.x)
	if err != nil {
		return 0, err
	}
	right := 0
	for i, k := range predicted {
		if k == t.labels[i] {
			right++
		}
	}
	return float64(right) / float64(len(predicted)), nil
}

// fitting returns the method of a setting, with a bound for support vector machines: a great C on rows with noise takes steps without end.
func (t *table) fitting(m baseline.Method) baseline.Method {
	if svm, ok := m.(baseline.SVM); ok {
		svm.Iterations = max(100_000, 50*t.x.Rows)
		return svm
	}
	return m
}

// method chooses the setting of a method with the best accuracy on the validation rows, the first of several, and judges it on the test
// rows. Settings that cannot be fitted are left out. Beside the accuracy it returns the setting, the number of rows it was fitted to, and
// how many settings were left out.
func (p *parts) method(ctx context.Context, t *search.Trial, name string) (search.Values, error) {
	var tables [3]*table
	for i, set := range []*datasets.Set{p.fit, p.validation, p.test} {
		var err error
		if tables[i], err = tableOf(set); err != nil {
			return nil, err
		}
	}
	fit, validation, test := tables[0], tables[1], tables[2]
	part := fit
	if name == "svm" {
		part = fit.some(svmRows, t.Seed)
	}
	settings, err := paper.Settings(name, fit.x.Columns, t.Seed)
	if err != nil {
		return nil, err
	}
	best, classifier, failed, accuracy, err := choose(ctx, settings, part, validation)
	if err != nil {
		return nil, err
	}
	rows := part.x.Rows
	if part != fit {
		all, err := fit.train(ctx, best.Method)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			classifier, rows = all, fit.x.Rows
		}
	}
	if err := t.Report(metric.Accuracy, 1, accuracy); err != nil {
		return nil, err
	}
	values := maps.Clone(best.Values)
	values["rows"], values["failed_settings"] = float64(rows), float64(failed)
	values[testAccuracy], err = test.accuracy(classifier)
	return values, err
}

// choose returns the setting with the best accuracy on the validation rows, and the number of those that cannot be fitted. The error is that of a
// setting if none can.
func choose(ctx context.Context, settings []paper.Setting, fit, validation *table) (best paper.Setting, c baseline.Classifier, failed int, accuracy float64, err error) {
	for _, s := range settings {
		candidate, failure := fit.train(ctx, s.Method)
		if ctx.Err() != nil {
			return best, nil, 0, 0, ctx.Err()
		}
		reached := 0.0
		if failure == nil {
			reached, failure = validation.accuracy(candidate)
		}
		switch {
		case failure != nil:
			err = failure
			failed++
		case c == nil || reached > accuracy:
			best, c, accuracy = s, candidate, reached
		}
	}
	if c == nil {
		return best, nil, failed, 0, err
	}
	return best, c, failed, accuracy, nil
}
