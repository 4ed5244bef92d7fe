package main

import (
	"fmt"
	"io"
	"math"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// report is the result of the comparison, as -json writes it.
type report struct {
	Grid  string `json:"grid"`
	Folds int    `json:"folds"`
	// Accuracy is the mean test accuracy over the folds, by task and network or other method. It lacks those that failed on a fold.
	Accuracy map[string]map[string]float64 `json:"accuracy"`
	// RankDifference is the average rank difference by network; below 0 is better than average. Absent for a single network.
	RankDifference map[string]float64 `json:"rank_difference,omitempty"`
	// AverageRank is the average rank among networks and other methods on tasks of fewer than 1,000 rows and on the others. Absent
	// without other methods.
	AverageRank map[string]map[string]float64 `json:"average_rank,omitempty"`
	// Layers counts, by network, the tasks and folds by the hidden layers of the selected trial.
	Layers map[string]map[string]int `json:"layers,omitempty"`

	e      *experiment
	cells  cells
	scores *stats.Scores // of networks and other methods
	nets   *stats.Scores // of networks, nil without any
	depths *depthTable
	chosen *chosenDepths
	small  *ranking
	large  *ranking
}

// report selects a trial for each task, fold, and network or other method, and takes its test accuracy.
func (e *experiment) report(results *search.Results) (*report, error) {
	c, err := e.cells(results)
	if err != nil {
		return nil, err
	}
	r := &report{Grid: e.grid, Folds: e.folds, Accuracy: map[string]map[string]float64{}, e: e, cells: c, scores: e.scores(c, e.all(), selected)}
	if len(e.nets) > 0 {
		r.nets = e.scores(c, e.nets, selected)
		r.depths = e.depths(c)
		r.chosen = e.chosenDepths(c)
		r.Layers = r.chosen.byName()
	}
	for i, task := range e.names {
		r.Accuracy[task] = map[string]float64{}
		for k, name := range e.all() {
			if v := r.scores.Values[i][k]; !math.IsNaN(v) {
				r.Accuracy[task][name] = v
			}
		}
	}
	return r, r.rank()
}

// rank computes the ranks, of networks alone and of all.
func (r *report) rank() error {
	if len(r.e.nets) > 1 {
		differences, err := r.nets.RankDifferences()
		if err != nil {
			return err
		}
		r.RankDifference = map[string]float64{}
		for i, net := range r.e.nets {
			r.RankDifference[net] = differences[i]
		}
	}
	if len(r.e.methods) == 0 || len(r.e.all()) < 2 {
		return nil
	}
	r.AverageRank = map[string]map[string]float64{}
	for _, part := range []struct {
		to   **ranking
		name string
		has  func(rows int) bool
	}{
		{&r.small, "fewer than 1,000 rows", func(rows int) bool { return rows < 1000 }},
		{&r.large, "1,000 rows or more", func(rows int) bool { return rows >= 1000 }},
	} {
		ranking, err := r.rankSome(part.has)
		if err != nil {
			return err
		}
		if ranking == nil {
			continue
		}
		ranking.name = part.name
		*part.to = ranking
		r.AverageRank[part.name] = map[string]float64{}
		for _, c := range ranking.comparison {
			r.AverageRank[part.name][c.Method] = c.AverageRank
		}
	}
	return nil
}

// print writes the tables, beside the paper's figures where there are any.
func (r *report) print(w io.Writer, paper *paperTable) error {
	return program.Join(r.printAccuracies(w, paper), r.printNetworks(w, paper), r.printDifferences(w, paper),
		r.small.print(w, func(m string) float64 { return paperRanks[m].small }), r.large.print(w, func(m string) float64 { return paperRanks[m].large }),
		r.depths.print(w), r.printReasons(w, paper), r.chosen.print(w))
}

func (r *report) printAccuracies(w io.Writer, paper *paperTable) error {
	table := &stats.Table{Columns: []stats.Column{{Name: "task"}}}
	beside := func(name string) bool { return paper != nil && paper.has(name) }
	for _, name := range r.scores.Methods {
		table.Columns = append(table.Columns, stats.Column{Name: name, Format: "%.4f"})
		if beside(name) {
			table.Columns = append(table.Columns, stats.Column{Name: "paper", Format: "%.4f"})
		}
	}
	for i, task := range r.scores.DataSets {
		row := []any{task}
		for k, name := range r.scores.Methods {
			row = append(row, r.scores.Values[i][k])
			if beside(name) {
				row = append(row, paper.accuracy(task, name))
			}
		}
		table.Add(row...)
	}
	fmt.Fprintf(w, "Test accuracy, mean of %d folds, grid %s\n\n", r.Folds, r.Grid)
	return table.Markdown(w)
}
