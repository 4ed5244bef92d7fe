package search

import (
	"context"

	"github.com/pkg/errors"
)

// Run tries all points, several in parallel, and returns the results.
//
// When ctx is cancelled, Run waits for the running trials, keeps those that end without an error, and returns the results so far with an
// error whose cause is ctx.Err(). Call it again with the same results file to continue. It returns an error at once for an invalid
// configuration or the results file of a different search. If a result cannot be written, the search ends.
func Run(ctx context.Context, c Config) (*Results, error) {
	c, err := c.withDefaults(ctx)
	if err != nil {
		return nil, errors.Wrap(err, "search")
	}
	e, err := newEngine(c, "", work{trial: c.Trial})
	if err != nil {
		return nil, errors.Wrap(err, "search")
	}
	defer e.close()
	jobs := make([]job, len(c.Points))
	for i, p := range c.Points {
		jobs[i] = job{point: p}
	}
	trials, err := e.run(ctx, jobs)
	return &Results{Rule: c.Rule, Trials: trials}, errors.Wrap(err, "search")
}

// Results are the finished trials of a search.
type Results struct {
	Rule Rule
	// Trials are in the order of the points. Trials that have not finished are missing.
	Trials []TrialResult
}

// Best returns the trial that the rule selects. It returns an error if the trials report metrics that cannot be compared, or if no trial
// has a score; then the error quotes a failure.
func (r *Results) Best() (TrialResult, error) {
	if r == nil {
		return TrialResult{}, errors.New("search: there are no results")
	}
	ranked, err := r.Rule.Rank(r.Trials)
	if err != nil {
		return TrialResult{}, err
	}
	if len(ranked) > 0 && ranked[0].Best > 0 {
		return ranked[0], nil
	}
	for _, t := range ranked {
		if t.Failure != "" {
			return TrialResult{}, errors.Errorf("search: none of %d trials has a score; %s failed: %s", len(ranked), t.Point, t.Failure)
		}
	}
	return TrialResult{}, errors.Errorf("search: none of %d trials has a score", len(ranked))
}
