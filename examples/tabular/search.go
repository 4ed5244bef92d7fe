package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// bracket is the number of points that a search with a limit of time tries at once, and maxBrackets is beyond any time.
const bracket, maxBrackets = 16, 1000

// tuning are the flags of a search, and what they say.
type tuning struct {
	search, trials string

	trialCount int // 0 without a limit of the number, or without a search
	time       time.Duration
	given      map[string]bool // flags
}

func (u *tuning) registerSearch(f *flag.FlagSet) {
	f.StringVar(&u.search, "search", "", "choose layers, units, rate, dropout and other settings by the validation rows before the training: a number of trials, such as 50, or a time, such as 10m; settings that a flag gives stay. Empty means none")
	f.StringVar(&u.trials, "trials", "", "file that keeps the trials of -search, so that a search that was stopped goes on; otherwise "+training.TrialsFile+" in the folder -checkpoint, if there is one")
}

// checkSearch parses -search.
func (o *options) checkSearch(given map[string]bool) error {
	o.given = given
	n, err := strconv.Atoi(o.search)
	d, timeErr := time.ParseDuration(o.search)
	isCount, isTime := err == nil && n >= 1 && n <= 100_000, err != nil && timeErr == nil && d >= time.Millisecond && d <= 1000*time.Hour
	if isCount {
		o.trialCount = n
	} else if isTime {
		o.time = d
	}
	return program.CheckAll(
		program.Check{Flag: "search", OK: !given["search"] || isCount || isTime, Got: o.search, Want: "a number of trials, 1 to 100000, or a time, such as 10m"},
		program.Check{Flag: "search", OK: o.search == "" || o.Members.Folds || o.validationShare > 0, Got: o.search, Want: "validation rows beside it, -validation-share above 0"},
		program.Check{Flag: "trials", OK: o.trials == "" || o.search != "", Got: o.trials, Want: "-search beside it"},
	)
}

// searching is a search.
type searching struct {
	*experiment
	axes   []axis
	folds  []datasets.Fold
	metric metric.Metric

	mu       sync.Mutex
	problems map[string]*problem // by scaling
	levels   []level             // of the stages
}

// level is a stage and its trials.
type level struct {
	stage
	trials []search.TrialResult
}

// Search implements training.Searcher.
func (e *experiment) Search(ctx context.Context, p *training.Problem) (*training.Problem, error) {
	if e.search == "" {
		return p, nil
	}
	e.scaling = string(e.scalingOf(e.problem.table.Skewed(e.fit)))
	s := &searching{experiment: e, axes: e.axesFor(), folds: e.folds, metric: searchMetric(e.encoder.Problem()), problems: map[string]*problem{e.scaling: e.problem}}
	if s.folds == nil {
		s.folds = []datasets.Fold{{Fit: e.fit, Held: e.problem.validation}}
	}
	if err := s.keepTrials(); err != nil {
		return nil, err
	}
	if err := s.run(ctx); err != nil {
		return nil, errors.WithMessage(err, "-search")
	}
	best, err := s.choose()
	if err != nil {
		return nil, err
	}
	if err := apply(s.axes, plain(best.Point), e.options); err != nil {
		return nil, err
	}
	if e.problem, err = s.problemFor(e.scaling); err != nil {
		return nil, err
	}
	if e.validation, err = e.subset(e.problem.validation); err != nil {
		return nil, err
	}
	e.Batch = e.batchOf(len(e.fit))
	e.problem.note("%s", e.found.sentence())
	return e.trainingProblem()
}

// keepTrials chooses the file of the trials.
func (s *searching) keepTrials() error {
	if s.trials != "" || s.Checkpoint == "" {
		return nil
	}
	s.trials = filepath.Join(s.Checkpoint, training.TrialsFile)
	return errors.Wrap(os.MkdirAll(s.Checkpoint, 0o777), "-checkpoint")
}

// run runs the stages, once for a number of trials, and again with more points until the time is up.
func (s *searching) run(ctx context.Context) error {
	first, n, brackets := pointOf(s.axes, s.options), s.trialCount, 1
	limited := ctx
	if s.time > 0 {
		n, brackets = bracket, maxBrackets
		left, err := s.timeLeft()
		if err != nil {
			return err
		}
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, left)
		defer cancel()
	}
	for b := range brackets {
		all, err := points(s.axes, first, n*(b+1), s.Seed)
		if err != nil {
			return err
		}
		some := all
		if b > 0 {
			if len(all) <= n*b {
				break // there are no more points
			}
			some = append([]search.Point{first}, all[n*b:]...)
		}
		if err := s.halve(limited, some, n); err != nil {
			if s.time > 0 && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				return nil
			}
			return err
		}
	}
	return nil
}

// halve tries points in stages.
func (s *searching) halve(ctx context.Context, points []search.Point, n int) error {
	all := stages(n, s.Epochs, len(s.folds), len(s.folds[0].Fit))
	for i, stage := range all {
		if i > 0 {
			points = survivors(points, s.levels[i-1].of(points), stage.points)
		}
		if len(s.levels) <= i {
			s.levels = append(s.levels, level{stage: stage})
		}
		fresh := s.levels[i].without(points)
		if len(fresh) == 0 {
			continue
		}
		results, err := search.Run(ctx, s.config(stage.in(fresh)))
		if results != nil {
			s.levels[i].trials = append(s.levels[i].trials, results.Trials...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// of returns the trials of some points.
func (l *level) of(points []search.Point) (some []search.TrialResult) {
	wanted := map[string]bool{}
	for _, p := range points {
		wanted[p.String()] = true
	}
	for _, t := range l.trials {
		if wanted[plain(t.Point).String()] {
			some = append(some, t)
		}
	}
	return some
}

// without returns the points that have no trial yet: the first of them is in every bracket.
func (l *level) without(points []search.Point) (fresh []search.Point) {
	known := map[string]bool{}
	for _, t := range l.trials {
		known[plain(t.Point).String()] = true
	}
	for _, p := range points {
		if !known[p.String()] {
			fresh = append(fresh, p)
		}
	}
	return fresh
}

// config is that of a stage.
func (s *searching) config(points []search.Point) search.Config {
	c := search.Config{Points: points, Trial: s.trial, Seed: s.Seed, Parallel: s.threads(), Results: s.trials, Key: s.key()}
	if !s.Quiet {
		c.Table = s.out
	}
	return c
}

// threads is the number of trials at a time.
func (e *experiment) threads() int {
	if e.Threads > 0 {
		return e.Threads
	}
	return kernel.Shared().Threads()
}

// key identifies what trials depend on beside their points.
func (s *searching) key() string {
	o := s.options
	var open []string
	for _, a := range s.axes {
		open = append(open, a.Name)
	}
	text, err := json.Marshal([]any{
		s.source(o), open, o.Net, o.Hidden, o.Optimizer, o.Schedule, o.Rate, o.L2, o.batchGiven, o.Batch, o.Epochs, o.Members, o.testShare, o.validationShare, o.splitSeed,
		o.patience, o.average, o.smoothing, o.scaling, o.calibrate, o.tabm, o.embed, o.split, s.experiment.encoder.LogUnit(0) > 0, o.table.Weight, o.table.Group,
	})
	if err != nil { // they are numbers and texts
		return "tabular"
	}
	return fmt.Sprintf("tabular %s %x", o.title(), sha256.Sum256(text))
}

// timeLeft is the time without that of the trials that the file holds.
func (s *searching) timeLeft() (time.Duration, error) {
	if info, err := os.Stat(s.trials); s.trials == "" || err != nil || info.Size() == 0 {
		return s.time, nil
	}
	known, err := search.ReadTrials(s.trials)
	if err != nil {
		return 0, err
	}
	seconds := 0.0
	for _, t := range known {
		seconds += t.Values[secondsName]
	}
	return max(0, s.time-time.Duration(seconds/float64(s.threads())*float64(time.Second))), nil
}
