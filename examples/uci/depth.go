package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// depthTable is the mean test accuracy by network and number of hidden layers, where the rule selects among the trials of that
// depth alone. It is over the tasks and folds on which each network has a trial of each depth that has not failed.
type depthTable struct {
	nets   []string
	layers []int
	means  [][]float64 // by network and depth
	cases  int         // tasks and folds
}

// depths makes the table from trials by task, fold and network.
func (e *experiment) depths(groups map[string]*search.Results) (*depthTable, error) {
	d := &depthTable{nets: e.nets}
	for _, group := range groups {
		for _, t := range group.Trials {
			layers, err := t.Point.Int("layers")
			if err != nil {
				break // no network
			}
			if !slices.Contains(d.layers, layers) {
				d.layers = append(d.layers, layers)
			}
		}
	}
	slices.Sort(d.layers)
	sums := make([][]float64, len(d.nets))
	for i := range sums {
		sums[i] = make([]float64, len(d.layers))
	}
	for _, task := range e.names {
		for fold := range e.folds {
			d.add(sums, func(net string) *search.Results { return groups[groupKey(task, fold, net)] })
		}
	}
	d.means = sums
	for _, row := range d.means {
		for i := range row {
			row[i] /= float64(max(1, d.cases))
		}
	}
	return d, nil
}

// add adds the accuracies of one task and fold, unless one is missing.
func (d *depthTable) add(sums [][]float64, group func(net string) *search.Results) {
	accuracies := make([][]float64, len(d.nets))
	for i, net := range d.nets {
		for _, layers := range d.layers {
			some := &search.Results{Rule: group(net).Rule}
			for _, t := range group(net).Trials {
				if n, err := t.Point.Int("layers"); err == nil && n == layers {
					some.Trials = append(some.Trials, t)
				}
			}
			best, err := some.Best()
			if err != nil {
				return
			}
			accuracies[i] = append(accuracies[i], best.Values[testAccuracy])
		}
	}
	d.cases++
	for i, row := range accuracies {
		for k, x := range row {
			sums[i][k] += x
		}
	}
}

// print writes the table if there is more than one depth.
func (d *depthTable) print(w io.Writer) error {
	if len(d.layers) < 2 || d.cases == 0 {
		return nil
	}
	table := &stats.Table{Columns: []stats.Column{{Name: "hidden layers"}}}
	for _, net := range d.nets {
		table.Columns = append(table.Columns, stats.Column{Name: net, Format: "%.4f"})
	}
	for k, layers := range d.layers {
		row := []any{layers}
		for i := range d.nets {
			row = append(row, d.means[i][k])
		}
		table.Add(row...)
	}
	fmt.Fprintf(w, "\nMean test accuracy by depth, over the %d tasks and folds where no network fails at any\n\n", d.cases)
	return table.Markdown(w)
}
