package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// report is the result of the comparison, as -json writes it.
type report struct {
	Grid  string `json:"grid"`
	Folds int    `json:"folds"`
	// Accuracy is the mean test accuracy over the folds, by task and network.
	Accuracy map[string]map[string]float64 `json:"accuracy"`
	// RankDifference is the average rank difference by network; below 0 is better than average. Absent for a single network.
	RankDifference map[string]float64 `json:"rank_difference,omitempty"`

	scores stats.Scores
	depths *depthTable
}

// report selects a trial for each task, fold and network, and takes its test accuracy.
func (e *experiment) report(results *search.Results) (*report, error) {
	groups := map[string]*search.Results{}
	for _, t := range results.Trials {
		key, err := groupOf(t.Point)
		if err != nil {
			return nil, err
		}
		if groups[key] == nil {
			groups[key] = &search.Results{Rule: results.Rule}
		}
		groups[key].Trials = append(groups[key].Trials, t)
	}
	r := &report{Grid: e.grid, Folds: e.folds, Accuracy: map[string]map[string]float64{}, scores: stats.Scores{Methods: e.all(), DataSets: e.names}}
	for _, task := range e.names {
		r.Accuracy[task] = map[string]float64{}
		var row []float64
		for _, net := range e.all() {
			mean := 0.0
			for fold := range e.folds {
				group := groups[groupKey(task, fold, net)]
				if group == nil {
					return nil, errors.Errorf("no trial of %s on fold %d of %s has finished", net, fold, task)
				}
				best, err := group.Best()
				if err != nil {
					return nil, errors.Wrapf(err, "%s on fold %d of %s", net, fold, task)
				}
				mean += best.Values[testAccuracy] / float64(e.folds)
			}
			r.Accuracy[task][net] = mean
			row = append(row, mean)
		}
		r.scores.Values = append(r.scores.Values, row)
	}
	depths, err := e.depths(groups)
	if err != nil {
		return nil, err
	}
	r.depths = depths
	return r, r.rank()
}

func groupKey(task string, fold int, net string) string { return fmt.Sprint(task, "/", fold, "/", net) }

// groupOf returns the key of a trial's task, fold, and network or other method.
func groupOf(p search.Point) (string, error) {
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
	return groupKey(task, fold, name), err
}

func (r *report) rank() error {
	if len(r.scores.Methods) < 2 {
		return nil
	}
	differences, err := r.scores.RankDifferences()
	if err != nil {
		return err
	}
	r.RankDifference = map[string]float64{}
	for i, net := range r.scores.Methods {
		r.RankDifference[net] = differences[i]
	}
	return nil
}

// print writes the tables, beside the paper's figures where there are any.
func (r *report) print(w io.Writer, paper *paperTable) error {
	table := &stats.Table{Columns: []stats.Column{{Name: "task"}}}
	for _, net := range r.scores.Methods {
		table.Columns = append(table.Columns, stats.Column{Name: net, Format: "%.4f"})
		if paper != nil {
			table.Columns = append(table.Columns, stats.Column{Name: "paper", Format: "%.4f"})
		}
	}
	for i, task := range r.scores.DataSets {
		row := []any{task}
		for k, net := range r.scores.Methods {
			row = append(row, r.scores.Values[i][k])
			if paper != nil {
				row = append(row, paper.accuracy(task, net))
			}
		}
		table.Add(row...)
	}
	fmt.Fprintf(w, "Test accuracy, mean of %d folds, grid %s\n\n", r.Folds, r.Grid)
	if err := table.Markdown(w); err != nil {
		return err
	}
	if err := r.printRanks(w, paper); err != nil {
		return err
	}
	r.printDifference(w, paper)
	return r.depths.print(w)
}

func (r *report) printRanks(w io.Writer, paper *paperTable) error {
	if r.RankDifference == nil || !slices.Contains(r.scores.Methods, "snn") {
		return nil
	}
	comparison, err := r.scores.Compare("snn", stats.Wilcoxon{Alternative: stats.Greater, Resolution: 1e-4})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nAverage rank difference over %d tasks; p of Wilcoxon's test that SNN is better\n\n", len(r.scores.DataSets))
	if err := stats.ComparisonTable(comparison).Markdown(w); err != nil {
		return err
	}
	if paper == nil {
		return nil
	}
	theirs, err := paper.scores(r.scores).RankDifferences()
	if err != nil {
		return nil // the paper has no figures for some network or for all of these tasks
	}
	fmt.Fprintf(w, "\nThe paper's accuracies on the same tasks and networks give:")
	for i, net := range r.scores.Methods {
		fmt.Fprintf(w, " %s %+.3f", net, theirs[i])
	}
	fmt.Fprintln(w)
	return nil
}

// printDifference writes the median over the tasks of our SNN's accuracy minus the paper's.
func (r *report) printDifference(w io.Writer, paper *paperTable) {
	if paper == nil {
		return
	}
	var differences []float64
	for task, accuracy := range r.Accuracy {
		ours, ok := accuracy["snn"]
		if theirs := paper.accuracy(task, "snn"); ok && !math.IsNaN(theirs) {
			differences = append(differences, ours-theirs)
		}
	}
	if len(differences) == 0 {
		return
	}
	slices.Sort(differences)
	middle := (differences[(len(differences)-1)/2] + differences[len(differences)/2]) / 2
	fmt.Fprintf(w, "\nMedian over %d tasks of our SNN's accuracy minus the paper's: %+.4f\n", len(differences), middle)
}
