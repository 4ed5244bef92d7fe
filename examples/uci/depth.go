package main

import (
	"fmt"
	"io"
	"math"

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

// depths makes the table from the trials.
func (e *experiment) depths(c cells) *depthTable {
	d := &depthTable{nets: e.nets}
	for _, layers := range c.values("layers") {
		d.layers = append(d.layers, int(layers))
	}
	d.means = make([][]float64, len(d.nets))
	for i := range d.means {
		d.means[i] = make([]float64, len(d.layers))
	}
	for _, task := range e.names {
		for fold := range e.folds {
			d.add(func(net string) *search.Results { return c[cellKey(task, fold, net)] })
		}
	}
	for _, row := range d.means {
		for i := range row {
			row[i] /= float64(max(1, d.cases))
		}
	}
	return d
}

// add adds the accuracies of one task and fold to the means, unless one is missing.
func (d *depthTable) add(trials func(net string) *search.Results) {
	accuracies := make([][]float64, len(d.nets))
	for i, net := range d.nets {
		for _, layers := range d.layers {
			v := among("layers", float64(layers))(trials(net))
			if math.IsNaN(v) {
				return
			}
			accuracies[i] = append(accuracies[i], v)
		}
	}
	d.cases++
	for i, row := range accuracies {
		for k, x := range row {
			d.means[i][k] += x
		}
	}
}

// print writes the table if there is more than one depth.
func (d *depthTable) print(w io.Writer) error {
	if d == nil || len(d.layers) < 2 || d.cases == 0 {
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
