package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/train/stats"
)

// better is the test of the paper's tables 1, A12 and A13: that the reference has the higher accuracies. Accuracies have four digits there.
var better = stats.Wilcoxon{Alternative: stats.Greater, Resolution: 1e-4}

// printNetworks writes table 1, left: the average rank differences of the networks.
func (r *report) printNetworks(w io.Writer, paper *paperTable) error {
	if r.RankDifference == nil || !slices.Contains(r.nets.Methods, "snn") {
		return nil
	}
	comparison, err := r.nets.Compare("snn", better)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nNetworks: average rank difference over %d tasks; p of Wilcoxon's test that SNN is better\n\n", len(r.nets.DataSets))
	if err := stats.ComparisonTable(comparison).Markdown(w); err != nil {
		return err
	}
	if paper == nil {
		return nil
	}
	theirs, err := paper.scores(r.nets).RankDifferences()
	if err != nil {
		return nil // the paper has no figures for some network or for all of these tasks
	}
	fmt.Fprintf(w, "\nThe paper's accuracies on the same tasks and networks give:")
	for i, net := range r.nets.Methods {
		fmt.Fprintf(w, " %s %+.3f", net, theirs[i])
	}
	fmt.Fprintln(w)
	return nil
}

// printDifferences writes the median and the mean over the tasks of our accuracy minus the paper's.
func (r *report) printDifferences(w io.Writer, paper *paperTable) error {
	if paper == nil || r.nets == nil {
		return nil
	}
	table := &stats.Table{Columns: []stats.Column{{Name: "network"}, {Name: "tasks"}, {Name: "median", Format: "%+.4f"}, {Name: "mean", Format: "%+.4f"}}}
	for k, net := range r.nets.Methods {
		var differences []float64
		mean := 0.0
		for i, task := range r.nets.DataSets {
			if d := r.nets.Values[i][k] - paper.accuracy(task, net); !math.IsNaN(d) {
				differences = append(differences, d)
				mean += d
			}
		}
		if len(differences) > 0 {
			table.Add(net, len(differences), median(differences), mean/float64(len(differences)))
		}
	}
	if len(table.Rows) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nOur accuracy minus the paper's\n\n")
	return table.Markdown(w)
}

// median sorts x.
func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// ranking is table A12 or A13 for some of the tasks: all methods against the one with the best average rank.
type ranking struct {
	name       string
	tasks      int
	comparison []stats.Comparison // the best first
}

// rankSome ranks all methods on the tasks with such a number of rows. It returns nil if there are none.
func (r *report) rankSome(has func(rows int) bool) (*ranking, error) {
	some := &stats.Scores{Methods: r.scores.Methods}
	for i, task := range r.scores.DataSets {
		if has(r.e.tasks[task].Set.Len()) {
			some.DataSets, some.Values = append(some.DataSets, task), append(some.Values, r.scores.Values[i])
		}
	}
	if len(some.DataSets) == 0 {
		return nil, nil
	}
	ranks, err := some.AverageRanks()
	if err != nil {
		return nil, err
	}
	best := some.Methods[slices.Index(ranks, slices.Min(ranks))]
	comparison, err := some.Compare(best, better)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(comparison, func(a, b stats.Comparison) int {
		switch {
		case a.AverageRank < b.AverageRank:
			return -1
		case a.AverageRank > b.AverageRank:
			return 1
		}
		return 0
	})
	return &ranking{tasks: len(some.DataSets), comparison: comparison}, nil
}

// print writes the table beside the paper's average ranks, which are 0 for methods that the paper does not have.
func (r *ranking) print(w io.Writer, paper func(method string) float64) error {
	if r == nil {
		return nil
	}
	table := &stats.Table{Columns: []stats.Column{
		{Name: "method"}, {Name: fmt.Sprintf("average rank of %d", len(r.comparison)), Format: "%.2f"}, {Name: "won by the best"}, {Name: "ties"}, {Name: "lost"},
		{Name: "p", Format: "%.1e"}, {Name: "paper, average rank of 24", Format: "%.1f"},
	}}
	for _, c := range r.comparison {
		row := []any{c.Method, c.AverageRank, c.Record.Wins, c.Record.Ties, c.Record.Losses, c.P, nil}
		if rank := paper(c.Method); rank > 0 {
			row[len(row)-1] = rank
		}
		table.Add(row...)
	}
	fmt.Fprintf(w, "\nAll methods on the %d tasks of %s; p of Wilcoxon's test that the best is better\n\n", r.tasks, r.name)
	return table.Markdown(w)
}
