package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/uci"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/trials"
	"github.com/selfnorm/selfnorm/train/search"
)

// experiment is the comparison of networks and other methods on tasks.
type experiment struct {
	grid    string
	names   []string // of the tasks, in order
	tasks   map[string]*uci.Task
	sums    map[string]string // names and checksums of the tasks
	nets    []string
	methods []string // that are no networks
	folds   int
}

// stdin is the standard input.
var stdin io.Reader = os.Stdin

// all are the networks and the other methods.
func (e *experiment) all() []string { return slices.Concat(e.nets, e.methods) }

// compare runs the search and prints the tables.
func compare(ctx context.Context, o options, stdout, stderr io.Writer) error {
	var files program.Files
	files.In("-paper", o.published)
	files.Out("-out", o.Trials.Out(o.Out))
	if !o.Trials.Partial() {
		files.Out("-json", o.json)
		files.Out("-figure", o.figure)
	}
	files.Reserve("-data", o.Data, func(path string) bool {
		_, err := os.Stat(filepath.Join(o.Data, path))
		return err == nil
	})
	if err := files.Try(); err != nil {
		return err
	}
	e, err := load(ctx, o)
	if err != nil {
		return err
	}
	published, err := readPaper(o.published)
	if err != nil {
		return err
	}
	points, err := e.points()
	if err != nil {
		return err
	}
	config := search.Config{
		Points: points, Trial: e.trial, Rule: search.PaperRule, Seed: o.Seed, Parallel: o.Parallel,
		Results: o.Out, Key: "uci " + e.grid, Data: e.data,
	}
	if !o.Quiet {
		config.Table = stderr
	}
	if err := o.Trials.Apply(ctx, &config, stdin, stdout, stderr); err != nil {
		return err
	}
	results, err := search.Run(ctx, config)
	if err := o.Trials.Rest(err); err != nil || o.Trials.Ended(stderr) {
		return err
	}
	r, err := e.report(results)
	if err != nil {
		return err
	}
	return program.Join(r.print(stdout, published), program.WriteJSON(o.json, r), r.chosen.draw(o.figure))
}

// data names the task of a trial.
func (e *experiment) data(p search.Point) string {
	name, err := p.Text("task")
	if err != nil {
		return ""
	}
	return e.sums[name]
}

// sum computes the checksums of the tasks and their folds.
func (e *experiment) sum() error {
	e.sums = map[string]string{}
	for name, task := range e.tasks {
		c := trials.NewChecksum()
		if err := c.Set(task.Set); err != nil {
			return err
		}
		for k := range task.Folds {
			f, err := task.Fold(k)
			if err != nil {
				return err
			}
			c.Rows(f.Fit)
			c.Rows(f.Held)
			c.Rows(f.Test)
		}
		e.sums[name] = c.Name(name)
	}
	return nil
}

// load reads the tasks of -tasks. Without files, all and small mean the synthetic task.
func load(ctx context.Context, o options) (*experiment, error) {
	e := &experiment{grid: o.Grid, tasks: map[string]*uci.Task{}, nets: o.Nets, methods: o.Methods, folds: o.Folds}
	where := datasets.Options{Dir: o.Data, Download: o.Download}
	dir, err := uci.Dir(ctx, where)
	if errors.Is(err, datasets.ErrNoFiles) && (o.tasks == "all" || o.tasks == "small") {
		task, err := uci.Synthetic(o.Seed)
		if err != nil {
			return nil, err
		}
		e.names, e.tasks["SYNTHETIC"] = []string{"SYNTHETIC"}, task
		return e, e.sum()
	}
	if err != nil {
		return nil, err
	}
	if e.names, err = taskNames(dir, o.tasks); err != nil {
		return nil, err
	}
	for _, name := range e.names {
		if e.tasks[name], err = uci.Load(dir, name); err != nil {
			return nil, err
		}
		if e.folds > e.tasks[name].Folds {
			return nil, errors.Errorf("-folds %d: task %s has %d", e.folds, name, e.tasks[name].Folds)
		}
	}
	return e, e.sum()
}

// taskNames returns the names of -tasks.
func taskNames(dir, list string) ([]string, error) {
	if list != "all" && list != "small" {
		return program.List(list), nil
	}
	infos, err := uci.Tasks(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, info := range infos {
		if list == "all" || info.Samples <= 1000 {
			names = append(names, info.Name)
		}
	}
	if len(names) == 0 {
		return nil, errors.Errorf("-tasks %s: there are none in %s", list, dir)
	}
	return names, nil
}

// points returns all trials: on each fold of each task the grid of each network, and one trial for each other method. All tasks of a
// fold come before the next fold, so that a search that was stopped is complete for some folds.
func (e *experiment) points() ([]search.Point, error) {
	var points []search.Point
	for fold := range e.folds {
		for _, task := range e.names {
			where := search.Point{}.With("task", task).With("fold", fold)
			for _, net := range e.nets {
				settings, err := paper.Grid(e.grid, net)
				if err != nil {
					return nil, err
				}
				for _, p := range settings {
					points = append(points, append(slices.Clone(where), p...))
				}
			}
			for _, method := range e.methods {
				points = append(points, where.With("method", method))
			}
		}
	}
	return points, nil
}
