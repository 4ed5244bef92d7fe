package search

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/train/stats"
)

// Nested is a nested cross-validation: a search in each fold, and a test of the selected point.
type Nested struct {
	// Config is the search. Its Trial fits on Rows.Fit and reports the metric of Rows.Held; it does not see the test rows.
	Config
	// Folds are the outer folds.
	Folds []batch.Fold
	// Test evaluates the selected point of a fold on Rows.Test. It may train on Rows.Fit for Epochs epochs again, which with the trial's
	// Seed gives the same network. It returns the scores and need not report epochs.
	Test TrialFunc
}

// FoldResult is the result of a fold.
type FoldResult struct {
	// Search holds the trials of the fold.
	Search Results
	// Chosen is the selected trial.
	Chosen TrialResult
	// Tested is the trial on the test rows, with its Values or its Failure.
	Tested TrialResult
}

// NestedResults are the finished folds, in order.
type NestedResults struct{ Folds []FoldResult }

// RunNested searches in all folds, with several trials in parallel, selects the best trial of each fold by the rule, and evaluates it on
// the test rows. It stops, fails and resumes from the results file like Run. If no trial of a fold has a score, RunNested completes
// everything else and then returns an error. A failed test is reported in its FoldResult.
func RunNested(ctx context.Context, n Nested) (*NestedResults, error) {
	c, err := n.Config.withDefaults(ctx)
	if err == nil {
		err = checkFolds(n.Folds)
	}
	if err == nil && n.Test == nil {
		err = errors.New("there is no test function")
	}
	if err != nil {
		return nil, errors.Wrap(err, "search")
	}
	e, err := newEngine(c, checksum(n.Folds), work{trial: n.Trial, test: n.Test, rows: n.rows, folds: len(n.Folds)})
	if err != nil {
		return nil, errors.Wrap(err, "search")
	}
	defer e.close()
	results, err := n.run(ctx, e)
	return results, errors.Wrap(err, "search")
}

// rows returns those of a fold, without the test rows during the search.
func (n Nested) rows(fold int, test bool) batch.Fold {
	f := n.Folds[fold-1]
	if !test {
		f.Test = nil
	}
	return f
}

func (n Nested) run(ctx context.Context, e *engine) (*NestedResults, error) {
	var jobs []job
	for i := range n.Folds {
		for _, p := range e.Points {
			jobs = append(jobs, job{fold: i + 1, point: p})
		}
	}
	trials, err := e.run(ctx, jobs)
	if err != nil {
		return &NestedResults{}, err
	}
	searched := make([]FoldResult, len(n.Folds))
	for i := range searched {
		searched[i].Search.Rule = e.Rule
	}
	for _, t := range trials {
		s := &searched[t.Fold-1].Search
		s.Trials = append(s.Trials, t)
	}
	var tests []job
	var unselected error
	for i := range searched {
		chosen, err := searched[i].Search.Best()
		if err != nil {
			unselected = errors.Wrapf(err, "fold %d", i+1)
			continue
		}
		searched[i].Chosen = chosen
		tests = append(tests, job{fold: i + 1, epochs: chosen.Best, point: chosen.Point})
	}
	tested, err := e.run(ctx, tests)
	results := &NestedResults{}
	for _, t := range tested {
		fold := searched[t.Fold-1]
		fold.Tested = t
		results.Folds = append(results.Folds, fold)
	}
	if err == nil {
		err = unselected
	}
	return results, err
}

// Values returns the test value of that name for each fold, for example for stats.Describe. It returns an error if a fold lacks it.
func (r *NestedResults) Values(name string) ([]float64, error) {
	if r == nil {
		return nil, errors.New("search: there are no results")
	}
	var values []float64
	for _, f := range r.Folds {
		v, ok := f.Tested.Values[name]
		switch {
		case f.Tested.Failure != "":
			return nil, errors.Errorf("search: the test of fold %d failed: %s", f.Tested.Fold, f.Tested.Failure)
		case !ok || math.IsNaN(v):
			return nil, errors.Errorf("search: the test of fold %d has no value %q", f.Tested.Fold, name)
		}
		values = append(values, v)
	}
	return values, nil
}

// Table returns the folds as a table: the selected point, its score and its epoch, and the values of the test.
func (r *NestedResults) Table() *stats.Table {
	if r == nil {
		return &stats.Table{}
	}
	tests := make([]TrialResult, len(r.Folds))
	for i, f := range r.Folds {
		tests[i] = f.Tested
		tests[i].Score, tests[i].Best = f.Chosen.Score, f.Chosen.Best
	}
	table := tableOf(tests)
	table.Columns = append([]stats.Column{{Name: "fold"}}, table.Columns...)
	for i, t := range tests {
		table.Rows[i] = append([]any{t.Fold}, table.Rows[i]...)
	}
	return table
}
