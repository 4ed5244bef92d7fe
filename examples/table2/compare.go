package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train/search"
)

// The files of the folder -out.
const (
	trialsFile = "trials.jsonl"
	tableFile  = "table2.md"
	jsonFile   = "table2.json"
	figure     = "table2" // .svg and .png
)

// compare runs the trials and writes the tables.
func compare(ctx context.Context, o options, stdout, stderr io.Writer) error {
	var files program.Files
	files.In("-paper", o.published)
	if o.out != "" {
		names := []string{o.trials.Shard.Path(trialsFile)}
		if !o.trials.Partial() {
			names = append(names, tableFile, jsonFile, figure+".svg", figure+".png")
		}
		files.OutFolder("-out", o.out, names...)
	}
	if err := files.Try(); err != nil {
		return err
	}
	if o.out != "" {
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	table, err := readPaper(o.published) // an error now, not after hours
	if err != nil {
		return errors.Wrap(err, "-paper")
	}
	p, err := load(ctx, o)
	if err != nil {
		return err
	}
	if !o.trials.Streams() {
		fmt.Fprintf(stdout, "Data: %s.\n", p.notes)
	}
	e := &experiment{o, p}
	r, err := e.report(ctx, table, stdout, stderr)
	if err != nil || r == nil {
		return err
	}
	return r.write(stdout, o.out)
}

// report runs both searches. It returns nil if this run is a part without tables.
func (e *experiment) report(ctx context.Context, table map[string]published, stdout, stderr io.Writer) (*report, error) {
	chosen, err := e.selectSettings(ctx, stdout, stderr)
	if rest := e.trials.Rest(err); rest != nil || err != nil && e.trials.Ended(stderr) {
		return nil, rest
	}
	results, err := e.repeatSettings(ctx, chosen, stdout, stderr)
	if err := e.trials.Rest(err); err != nil || e.trials.Ended(stderr) {
		return nil, err
	}
	return newReport(e, chosen, results, table)
}

// stdin is the standard input.
var stdin io.Reader = os.Stdin

// config describes a search of the run. Both searches share a results file.
func (e *experiment) config(ctx context.Context, points []search.Point, stdout, stderr io.Writer) (search.Config, error) {
	features := e.features
	if features == ours {
		features = fmt.Sprintf("version %d", tox21.FeaturesVersion)
	}
	c := search.Config{
		Points: points, Trial: e.trial, Rule: e.selection(), Seed: e.seed, Parallel: e.parallel,
		Key: fmt.Sprintf("table2 %s, %d epochs, features %s", e.grid, e.epochs, features), Data: func(search.Point) string { return e.sum },
	}
	if e.out != "" {
		c.Results = filepath.Join(e.out, trialsFile)
	}
	if !e.quiet {
		c.Table = stderr
	}
	return c, e.trials.Apply(ctx, &c, stdin, stdout, stderr)
}

// selection is the rule of a single fold: the paper's, or the value after the last epoch.
func (e *experiment) selection() search.Rule {
	if e.grid == paper {
		return search.PaperRule
	}
	return search.Rule{}
}

// choice is the selected settings of a network of some depth.
type choice struct {
	net    string
	layers int
	point  search.Point
	score  float64 // mean validation ROC-AUC over the folds
	epochs int
	failed int // settings that failed on a fold
}

// cells returns networks and depths in the order of the table.
func (e *experiment) cells() (all []choice) {
	for _, net := range e.nets {
		for _, layers := range e.depths(net) {
			all = append(all, choice{net: net, layers: layers})
		}
	}
	return all
}

// selectSettings tries all settings on the folds and chooses the best of each cell.
func (e *experiment) selectSettings(ctx context.Context, stdout, stderr io.Writer) ([]choice, error) {
	var points []search.Point
	cells := e.cells()
	settings := make([][]search.Point, len(cells))
	for fold := range e.folds { // fold by fold, so that little data is in memory
		for i, c := range cells {
			var err error
			if settings[i], err = e.settings(c.net, c.layers); err != nil {
				return nil, err
			}
			for _, p := range settings[i] {
				points = append(points, p.With("fold", fold))
			}
		}
	}
	config, err := e.config(ctx, points, stdout, stderr)
	if err != nil {
		return nil, err
	}
	results, err := search.Run(ctx, config)
	if err != nil {
		return nil, err
	}
	byPoint := map[string]search.TrialResult{}
	for _, t := range results.Trials {
		byPoint[t.Point.String()] = t
	}
	for i := range cells {
		if err := cells[i].choose(settings[i], e, byPoint); err != nil {
			return nil, err
		}
	}
	return cells, nil
}

// choose takes the settings with the best mean over the folds. Settings that failed on a fold are out; equal ones are decided by the paper's
// rule.
func (c *choice) choose(settings []search.Point, e *experiment, trials map[string]search.TrialResult) error {
	means := &search.Results{Rule: search.Rule{Ties: search.PaperTies}}
	epochs := map[string]int{}
	for _, p := range settings {
		mean, last, failed := 0.0, 0, false
		for fold := range e.folds {
			t, ok := trials[p.With("fold", fold).String()]
			if !ok || t.Failure != "" || t.Best == 0 {
				failed = true
				break
			}
			mean += t.Score / float64(e.folds)
			last += t.Best
		}
		if failed {
			c.failed++
			continue
		}
		epochs[p.String()] = int(math.Round(float64(last) / float64(e.folds)))
		means.Trials = append(means.Trials, search.TrialResult{Point: p, Metric: "ROC-AUC", Curve: []float64{mean}})
	}
	if len(means.Trials) == 0 {
		return errors.Errorf("%s with %d layers: all %d settings failed", c.net, c.layers, len(settings))
	}
	best, err := means.Best()
	if err != nil {
		return errors.Wrapf(err, "%s with %d layers", c.net, c.layers)
	}
	c.point, c.score, c.epochs = best.Point, best.Score, epochs[best.Point.String()]
	if e.grid == quick {
		c.epochs = e.epochs
	}
	return nil
}

// repeatSettings trains networks with the chosen settings.
func (e *experiment) repeatSettings(ctx context.Context, chosen []choice, stdout, stderr io.Writer) (*search.Results, error) {
	e.forget()
	var points []search.Point
	for _, c := range chosen {
		for repeat := range e.repeats {
			points = append(points, c.repeat(repeat))
		}
	}
	config, err := e.config(ctx, points, stdout, stderr)
	if err != nil {
		return nil, err
	}
	return search.Run(ctx, config)
}

// repeat returns the point of a repeat.
func (c choice) repeat(k int) search.Point {
	return c.point.With("epochs", c.epochs).With(repeatParam, k)
}

// forget frees the data of the folds.
func (p *problem) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts = nil
}
