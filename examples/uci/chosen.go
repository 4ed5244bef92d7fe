package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/selfnorm/selfnorm/train/stats"
)

// chosenDepths counts the tasks and folds by network and number of hidden layers, or of blocks, of the selected trial.
type chosenDepths struct {
	nets   []string
	layers []int
	counts [][]int   // by network and depth
	random []float64 // by network: the mean depth of all its trials
}

func (e *experiment) chosenDepths(c cells) *chosenDepths {
	d := &chosenDepths{nets: e.nets, random: make([]float64, len(e.nets))}
	at := map[int]int{}
	for i, layers := range c.values("layers") {
		at[int(layers)] = i
		d.layers = append(d.layers, int(layers))
	}
	for i, net := range d.nets {
		counts := make([]int, len(d.layers))
		trials := 0
		for _, task := range e.names {
			for fold := range e.folds {
				group := c[cellKey(task, fold, net)]
				for _, t := range group.Trials {
					if n, err := t.Point.Int("layers"); err == nil {
						d.random[i] += float64(n)
						trials++
					}
				}
				best, err := group.Best()
				if err != nil {
					continue
				}
				if n, err := best.Point.Int("layers"); err == nil {
					counts[at[n]]++
				}
			}
		}
		d.random[i] /= float64(max(1, trials))
		d.counts = append(d.counts, counts)
	}
	return d
}

// mean is the mean depth of a network, by its index.
func (d *chosenDepths) mean(net int) float64 {
	sum, n := 0, 0
	for k, count := range d.counts[net] {
		sum += count * d.layers[k]
		n += count
	}
	return float64(sum) / float64(max(1, n))
}

// byName are the counts for -json.
func (d *chosenDepths) byName() map[string]map[string]int {
	all := map[string]map[string]int{}
	for i, net := range d.nets {
		all[net] = map[string]int{}
		for k, layers := range d.layers {
			all[net][strconv.Itoa(layers)] = d.counts[i][k]
		}
	}
	return all
}

// print writes the table if there is more than one depth.
func (d *chosenDepths) print(w io.Writer) error {
	if d == nil || len(d.layers) < 2 {
		return nil
	}
	table := &stats.Table{Columns: []stats.Column{{Name: "network"}}}
	for _, layers := range d.layers {
		table.Columns = append(table.Columns, stats.Column{Name: strconv.Itoa(layers)})
	}
	table.Columns = append(table.Columns, stats.Column{Name: "mean", Format: "%.2f"}, stats.Column{Name: "mean of the grid", Format: "%.2f"}, stats.Column{Name: "paper"})
	for i, net := range d.nets {
		row := []any{net}
		for _, count := range d.counts[i] {
			row = append(row, count)
		}
		table.Add(append(row, d.mean(i), d.random[i], paperDepth(net))...)
	}
	fmt.Fprintf(w, "\nHidden layers (residual networks: blocks) of the selected network: number of tasks and folds, and means\n\n")
	return table.Markdown(w)
}

// paperDepth is the mean depth that the paper's search chose.
func paperDepth(net string) string {
	if depth, ok := paperDepths[net]; ok {
		return strconv.FormatFloat(depth, 'g', -1, 64)
	}
	return "6.0 to 7.5"
}
