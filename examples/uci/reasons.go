package main

import (
	"fmt"
	"io"
	"math"

	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// variant is another way to select than the paper's rule among all settings.
type variant struct {
	name string
	of   judge
}

// shallow is selected, but of trials with equal scores it takes that of fewer layers.
func shallow(trials *search.Results) float64 {
	ties := []search.TieBreak{{Param: "layers", PreferLower: true}}
	for _, t := range search.PaperTies {
		if t.Param != "layers" {
			ties = append(ties, t)
		}
	}
	return selected(&search.Results{Rule: search.Rule{Window: trials.Rule.Window, Ties: ties}, Trials: trials.Trials})
}

// average is the mean over the trials that have not failed, as if one were chosen blindly.
func average(trials *search.Results) float64 {
	sum, n := 0.0, 0.0
	for _, t := range trials.Trials {
		if v, ok := t.Values[testAccuracy]; ok && t.Failure == "" {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

// greatest is the best of all trials, as if one could select on the test rows.
func greatest(trials *search.Results) float64 {
	best := math.NaN()
	for _, t := range trials.Trials {
		if v, ok := t.Values[testAccuracy]; ok && t.Failure == "" && !(v <= best) {
			best = v
		}
	}
	return best
}

// variants are those of the trials at hand.
func (c cells) variants() []variant {
	list := []variant{{"the paper's rule", selected}, {"ties go to fewer layers", shallow}}
	for _, param := range []struct{ name, format string }{{"layers", "%.0f hidden layers only"}, {"rate", "rate %g only"}} {
		if values := c.values(param.name); len(values) > 1 {
			for _, v := range values {
				list = append(list, variant{fmt.Sprintf(param.format, v), among(param.name, v)})
			}
		}
	}
	return append(list, variant{"no dropout", among("dropout", 0)}, variant{"mean of all settings", average}, variant{"best on the test rows", greatest})
}

// printReasons writes how the average rank differences depend on what the rule may select, and on whose accuracies they are.
func (r *report) printReasons(w io.Writer, paper *paperTable) error {
	if r.RankDifference == nil {
		return nil
	}
	table := &stats.Table{Columns: []stats.Column{{Name: "selection"}}}
	for _, net := range r.e.nets {
		table.Columns = append(table.Columns, stats.Column{Name: net, Format: "%+.3f"})
	}
	add := func(name string, s *stats.Scores) {
		differences, err := s.RankDifferences()
		if err != nil {
			return // a network without any accuracy
		}
		row := []any{name}
		for _, d := range differences {
			row = append(row, d)
		}
		table.Add(row...)
	}
	for _, v := range r.cells.variants() {
		add(v.name, r.e.scores(r.cells, r.e.nets, v.of))
	}
	if paper != nil {
		add("the paper's accuracies", paper.mix(r.nets, func(string) bool { return false }))
		add("SNN ours, the others the paper's", paper.mix(r.nets, func(net string) bool { return net == "snn" }))
		add("SNN the paper's, the others ours", paper.mix(r.nets, func(net string) bool { return net != "snn" }))
	}
	fmt.Fprintf(w, "\nAverage rank difference by what is selected\n\n")
	return table.Markdown(w)
}
