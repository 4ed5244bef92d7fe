package main

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// cells are the finished trials by task, fold, and network or other method.
type cells map[string]*search.Results

func cellKey(task string, fold int, name string) string {
	return fmt.Sprint(task, "/", fold, "/", name)
}

// cellOf returns the key of a trial.
func cellOf(p search.Point) (string, error) {
	task, err := p.Text("task")
	if err != nil {
		return "", err
	}
	fold, err := p.Int("fold")
	if err != nil {
		return "", err
	}
	name, err := p.Text("method")
	if err != nil {
		name, err = p.Text("net")
	}
	return cellKey(task, fold, name), err
}

// cells sorts the trials. It returns an error unless each cell has some.
func (e *experiment) cells(results *search.Results) (cells, error) {
	c := cells{}
	for _, t := range results.Trials {
		key, err := cellOf(t.Point)
		if err != nil {
			return nil, err
		}
		if c[key] == nil {
			c[key] = &search.Results{Rule: results.Rule}
		}
		c[key].Trials = append(c[key].Trials, t)
	}
	for _, task := range e.names {
		for fold := range e.folds {
			for _, name := range e.all() {
				if c[cellKey(task, fold, name)] == nil {
					return nil, errors.Errorf("no trial of %s on fold %d of %s has finished", name, fold, task)
				}
			}
		}
	}
	return c, nil
}

// judge is a test accuracy from the trials of a cell, NaN if there is none.
type judge func(trials *search.Results) float64

// selected is that of the trial that the rule selects.
func selected(trials *search.Results) float64 {
	best, err := trials.Best()
	if err != nil {
		return math.NaN()
	}
	return best.Values[testAccuracy]
}

// scores are the means over the folds. They are rounded, so that equal means of different folds tie. A method without an accuracy on one of the folds has
// none for the task.
func (e *experiment) scores(c cells, names []string, of judge) *stats.Scores {
	s := &stats.Scores{Methods: names, DataSets: e.names}
	for _, task := range e.names {
		var row []float64
		for _, name := range names {
			mean := 0.0
			for fold := range e.folds {
				mean += of(c[cellKey(task, fold, name)]) / float64(e.folds)
			}
			row = append(row, math.Round(mean*1e12)/1e12)
		}
		s.Values = append(s.Values, row)
	}
	return s
}

// values are the different values of a numeric parameter in the trials of networks, in ascending order.
func (c cells) values(param string) []float64 {
	seen := map[float64]bool{}
	for _, group := range c {
		for _, t := range group.Trials {
			if v, err := t.Point.Float(param); err == nil {
				seen[v] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// among is selected among the trials with that value of a parameter.
func among(param string, value float64) judge {
	return func(trials *search.Results) float64 {
		some := &search.Results{Rule: trials.Rule}
		for _, t := range trials.Trials {
			if v, err := t.Point.Float(param); err == nil && v == value {
				some.Trials = append(some.Trials, t)
			}
		}
		return selected(some)
	}
}
