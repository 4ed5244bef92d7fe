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
	// Points are the points to try, such as those of Space.Grid or Space.Sample. None may occur twice.
	Points []Point
	// Trial tries one point. An error or a panic makes it a failed trial and does not end the search; train.Fit returns panics of layers, ops,
	// callbacks and loaders as errors.
	Trial TrialFunc
	// Rule picks the best trial. All trials must report the same metric: another one ends the search with an error.
	Rule Rule
	// Seed determines the seeds of the trials.
	Seed uint64
	// Parallel is the number of trials that run at a time. 0 means one for each core. The results do not depend on it.
	Parallel int
	// Results is the path of the results file. Trials that it holds are not repeated. Empty means that there is none.
	Results string
	// Key names everything else that trials depend on, such as the data and the code. A results file with another key is an error.
	Key string
	// RetryFailed repeats the failed trials of the results file.
	RetryFailed bool
	// Table shows what runs, what is done, the best so far and the time left: in place on a terminal, else a line per
	// finished trial. Nil means nowhere. Write errors are ignored.
	Table io.Writer
	// Observer is called for each event, one at a time. It is called synchronously: a slow observer delays other trials. A panic ends the
	// search with an error. Nil means none.
	Observer func(Event)
	// Clock is the clock of the table. Nil means time.Now. Nothing else depends on it.
	Clock func() time.Time
}

func (c Config) withDefaults(ctx context.Context) (Config, error) {
	switch {
	case ctx == nil:
		return c, errors.New("there is no context")
	case len(c.Points) == 0:
		return c, errors.New("there are no points")
	case c.Trial == nil:
		return c, errors.New("there is no trial function")
	case c.Parallel < 0:
		return c, errors.Errorf("%d trials at a time", c.Parallel)
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
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c, nil
}
