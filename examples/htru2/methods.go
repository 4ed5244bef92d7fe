package main

import (
	"context"
	"io"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/train/baseline"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// methods are the reference methods of Table 3 by their names in flags and files, in the paper's order, and variants that it may have meant.
var methods = []struct {
	name   string
	method baseline.Method
}{
	{"naive-bayes", baseline.NaiveBayes{}},
	{"naive-bayes-kernel", baseline.KernelNaiveBayes{}},
	{"c4.5", baseline.C45()},
	{"svm", baseline.SVM{}},
	{"svm-balanced", baseline.SVM{Balanced: true}},
}

func methodNames() (names []string) {
	for _, m := range methods {
		names = append(names, m.name)
	}
	return names
}

// labelsAUC is the name of a second value of the test of a method: the ROC-AUC if the predicted labels are ranked, 0 before 1.
const labelsAUC = "test_auc_labels"

// method runs the cross-validation of a method. It has one setting, so nothing is selected, but it uses the same rows as the networks.
func (e *experiment) method(ctx context.Context, o *options, name string, stderr io.Writer) (*search.NestedResults, error) {
	nested := search.Nested{
		Config: search.Config{
			Points: []search.Point{search.Point{}.With("method", name)}, Trial: e.methodTrial, Rule: search.PaperRule, Seed: o.Seed,
			Parallel: o.Parallel, Results: o.results(name), Key: "htru2 " + name, Data: e.dataOf,
		},
		Folds: e.folds, Test: e.methodTest,
	}
	if err := o.Trials.Apply(ctx, &nested.Config, nil, nil, stderr); err != nil {
		return nil, err
	}
	return search.RunNested(ctx, nested)
}

func (e *experiment) methodTrial(ctx context.Context, t *search.Trial) (search.Values, error) {
	values, err := e.judge(ctx, t, t.Rows.Held)
	if err != nil {
		return nil, err
	}
	return nil, t.Report(metric.MeanROCAUC, 1, values[testAUC])
}

func (e *experiment) methodTest(ctx context.Context, t *search.Trial) (search.Values, error) {
	return e.judge(ctx, t, t.Rows.Test)
}

// judge trains the method of a trial on the rows to fit and judges it on other rows.
func (e *experiment) judge(ctx context.Context, t *search.Trial, rows []int) (search.Values, error) {
	var name string
	if err := t.Point.Read(map[string]any{"method": &name}); err != nil {
		return nil, err
	}
	set := e.scaled[t.Fold-1]
	x, labels, err := matrix(set, t.Rows.Fit)
	if err != nil {
		return nil, err
	}
	var c baseline.Classifier
	for _, m := range methods {
		if m.name == name {
			c, err = m.method.Fit(ctx, x, labels, 2)
		}
	}
	if err != nil || c == nil {
		return nil, errors.Wrapf(err, "method %s", name)
	}
	if x, labels, err = matrix(set, rows); err != nil {
		return nil, err
	}
	return areas(c, x, labels)
}

// areas returns both values of a test: of the scores, and of the predicted labels.
func areas(c baseline.Classifier, x baseline.Matrix, labels []int) (search.Values, error) {
	scores, err := pulsarScores(c, x)
	if err != nil {
		return nil, err
	}
	predicted, err := baseline.Predict(c, x)
	if err != nil {
		return nil, err
	}
	truth, hard := make([]float64, len(labels)), make([]float64, len(labels))
	for i, k := range labels {
		truth[i], hard[i] = float64(k), float64(predicted[i])
	}
	values := search.Values{}
	if values[testAUC], err = metric.ROCAUC(scores, truth, nil); err != nil {
		return nil, err
	}
	values[labelsAUC], err = metric.ROCAUC(hard, truth, nil)
	return values, err
}

// pulsarScores returns for each row what grows with the belief that it is a pulsar: a probability, or the decision value of a support vector
// machine, whose votes are mere labels.
func pulsarScores(c baseline.Classifier, x baseline.Matrix) ([]float64, error) {
	if d, ok := c.(baseline.Decider); ok {
		scores, err := d.Decisions(x)
		for i := range scores {
			scores[i] = -scores[i] // positive is class 0
		}
		return scores, err
	}
	both, err := c.Scores(x)
	if err != nil {
		return nil, err
	}
	scores := make([]float64, x.Rows)
	for i := range scores {
		scores[i] = both[2*i+1]
	}
	return scores, nil
}

// matrix returns rows of the set for package baseline.
func matrix(set *datasets.Set, rows []int) (baseline.Matrix, []int, error) {
	narrow := make([]float32, len(rows)*set.Width())
	if err := set.Features.Gather(narrow, set.Width(), rows); err != nil {
		return baseline.Matrix{}, nil, err
	}
	x := baseline.Matrix{Rows: len(rows), Columns: set.Width(), Values: make([]float64, len(narrow))}
	for i, v := range narrow {
		x.Values[i] = float64(v)
	}
	labels := make([]int, len(rows))
	for i, r := range rows {
		labels[i] = set.Class(r)
	}
	return x, labels, nil
}
