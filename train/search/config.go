package search

import (
	"context"
	"io"
	"runtime"
	"time"

	"github.com/pkg/errors"
)

// Config describes a search. Points and Trial are required.
type Config struct {
	// Points are the points to try, such as those from Space.Grid or Space.Sample. They must be distinct.
	Points []Point
	// Trial tries one point. If it returns an error or panics, the trial has failed, but the search continues. train.Fit returns panics of
	// layers, ops, callbacks and loaders as errors.
	Trial TrialFunc
	// Rule picks the best trial. All trials must report the same metric; a different one ends the search with an error.
	Rule Rule
	// Seed determines the seeds of the trials.
	Seed uint64
	// Parallel is the number of trials that run at the same time. 0 means one per core. The results do not depend on it.
	Parallel int
	// Results is the path of the results file. Trials that it already holds are not repeated. Empty means no file.
	Results string
	// Key identifies everything else that trials depend on, such as the data and the code. If the results file has a different key, the
	// search returns an error.
	Key string
	// Data names the data of the trial of a point, with a checksum. It stands in results files, and a result for other data is an error. Nil means
	// that the search does not say.
	Data func(p Point) string
	// Runner decides where the trials run. Nil means Local.
	Runner Runner
	// Known are further results files of the same search. Their trials are not repeated either; the files are only read.
	Known []string
	// Merge are results files of the same search, such as those of shards, whose trials are added to Results before any other runs. It is an
	// error if two files have different results for a trial, or if a file is that of another search.
	Merge []string
	// Warn receives warnings, such as of trials that were computed on different kinds of processors. Nil means that they are not needed.
	Warn func(text string)
	// RetryFailed repeats the failed trials of the results file.
	RetryFailed bool
	// Table receives a display of the running and finished trials, the best one so far and the time left. On a terminal it is updated in
	// place; otherwise each finished trial adds a line. Nil means no display. Write errors are ignored.
	Table io.Writer
	// Observer is called synchronously for each event, one at a time, so a slow observer delays the trials. A panic ends the search with an
	// error. Nil means none.
	Observer func(Event)
	// Clock is the clock for the table. Nil means time.Now. Nothing else depends on it.
	Clock func() time.Time
}

func (c Config) withDefaults(ctx context.Context) (Config, error) {
	switch {
	case ctx == nil:
		return c, errors.New("the context is nil")
	case len(c.Points) == 0:
		return c, errors.New("there are no points")
	case c.Trial == nil:
		return c, errors.New("Config.Trial is nil")
	case len(c.Merge) > 0 && c.Results == "":
		return c, errors.New("Config.Merge needs Config.Results")
	case c.Parallel < 0:
		return c, errors.Errorf("Config.Parallel is %d, want 0 or more", c.Parallel)
	}
	seen := map[string]int{}
	for i, p := range c.Points {
		if err := p.check(); err != nil {
			return c, errors.Wrapf(err, "point %d", i)
		}
		key := p.key()
		if first, ok := seen[key]; ok {
			return c, errors.Errorf("points %d and %d are the same: %s", first, i, p)
		}
		seen[key] = i
	}
	if err := c.Rule.check(c.Points); err != nil {
		return c, err
	}
	if c.Parallel == 0 {
		c.Parallel = runtime.GOMAXPROCS(0)
	}
	if c.Runner == nil {
		c.Runner = Local{}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c, nil
}
