package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// findings tell about the networks what the metrics do not. A zero value has none.
type findings struct {
	Comparisons []comparison `json:"comparisons,omitempty"`
	Importance  []importance `json:"importance,omitempty"` // the greatest first
	Unsure      *unsure      `json:"unsure,omitempty"`

	rows  string // that were judged, in words
	scale string // of the importance
	notes []string
}

// comparison determines whether the networks are better than another method on the same rows, beyond chance.
type comparison struct {
	With       string  `json:"with"`
	Metric     string  `json:"metric"`
	Networks   float64 `json:"networks"`
	Other      float64 `json:"other"`
	Difference float64 `json:"difference"`     // mean loss of a row of the networks less that of the other method
	Error      float64 `json:"standard_error"` // of the difference
	Verdict    string  `json:"verdict"`        // better, alike or worse
	Rows       int     `json:"rows"`
}

// chance is how many standard errors a difference may have that is due to chance, and leastRows the number of rows below which nothing is said.
const chance, leastRows = 2, 20

// find adds the findings about the first of the results, and the results of other methods.
func (e *experiment) find(ctx context.Context, fitted *train.FittedEnsemble, r *report) (err error) {
	if e.compare == "none" || len(r.evaluations) == 0 {
		return nil
	}
	on, judged := r.evaluations[0], e.test
	if len(judged) == 0 {
		judged = e.problem.validation
	}
	if len(judged) == 0 {
		return nil // out of fold: every network was judged on other rows
	}
	r.rows = fmt.Sprintf("%d %s rows", len(judged), on.name)
	others, notes, err := e.rivals(ctx, on.result, judged)
	if err != nil {
		return err
	}
	r.notes = notes
	for _, other := range others {
		r.add(other.name, other.result)
		c, err := e.compared(on, other)
		if err != nil {
			return err
		}
		r.Comparisons = append(r.Comparisons, c)
	}
	if r.Importance, r.scale, err = e.importances(ctx, fitted.Ensemble, r.members, judged); err != nil {
		return err
	}
	r.Unsure = e.unsure(on.result, judged)
	return nil
}

// compared compares the networks with another method.
func (e *experiment) compared(on, other evaluation) (c comparison, err error) {
	p := e.encoder.Problem()
	m := metric.Accuracy
	switch p {
	case csv.Binary:
		m = metric.LogLoss
	case csv.Regression:
		m = metric.RMSE
		if len(e.set.Tasks) == 1 {
			m = metric.R2
		}
	}
	c = comparison{With: other.name, Metric: m.Name}
	if c.Networks, err = valueOf(m, on.result); err != nil {
		return c, err
	}
	if c.Other, err = valueOf(m, other.result); err != nil {
		return c, err
	}
	if !finite(c.Networks) || !finite(c.Other) {
		c.Networks, c.Other = 0, 0
	}
	own, theirs := losses(p, on.result), losses(p, other.result)
	sum, squares := 0.0, 0.0
	for i := range own {
		if d := own[i] - theirs[i]; d == d {
			c.Rows++
			sum += d
			squares += d * d
		}
	}
	n := float64(c.Rows)
	c.Verdict = "alike"
	if c.Rows < 2 {
		return c, nil
	}
	c.Difference = sum / n
	c.Error = math.Sqrt(max(0, squares/n-c.Difference*c.Difference) / (n - 1))
	switch {
	case c.Rows < leastRows:
	case c.Difference > chance*c.Error:
		c.Verdict = "worse"
	case c.Difference < -chance*c.Error:
		c.Verdict = "better"
	}
	return c, nil
}

// text is a sentence for people. It begins with "warning:" if the networks are worse.
func (c comparison) text(networks int, rows string) string {
	who, is, are, advice := "the network", "is", "the network and the "+c.With, "Try -ensemble folds:5, or use that method."
	if networks > 1 {
		who, is, are, advice = "the ensemble", "is", "the ensemble and the "+c.With, "Use that method, or look at the columns."
	}
	values := fmt.Sprintf("%s %.4g against %.4g on %s", c.Metric, c.Networks, c.Other, rows)
	switch c.Verdict {
	case "worse":
		return fmt.Sprintf("warning: %s %s worse than the %s, by more than chance: %s. %s", who, is, c.With, values, advice)
	case "better":
		return fmt.Sprintf("verdict: %s %s better than the %s, by more than chance: %s.", who, is, c.With, values)
	}
	return fmt.Sprintf("verdict: %s differ by no more than chance: %s.", are, values)
}

// sentences are those of all findings, without the importance of columns.
func (f *findings) sentences(networks int) (all []string) {
	for _, c := range f.Comparisons {
		all = append(all, c.text(networks, f.rows))
	}
	return append(all, f.notes...)
}

// print writes the findings.
func (f *findings) print(w io.Writer, networks int) {
	for _, s := range f.sentences(networks) {
		fmt.Fprintln(w, s)
	}
	if len(f.Importance) > 0 {
		fmt.Fprintf(w, "importance of columns, %s: %s\n", f.scale, importanceText(f.Importance))
	}
	if f.Unsure != nil {
		for _, s := range f.Unsure.sentences() {
			fmt.Fprintln(w, s)
		}
	}
}

// page are the parts of the page.
func (f *findings) page(networks int) (all []reports.Contributions) {
	if all = append(all, pageNotes("Does a network pay?", f.sentences(networks))...); len(f.Importance) > 0 {
		c := reports.Contributions{Name: "Importance of columns", Note: "Shown is the " + f.scale + "."}
		for _, i := range f.Importance {
			c.Columns, c.Mean = append(c.Columns, i.Column), append(c.Mean, max(0, i.Increase))
		}
		all = append(all, c)
	}
	if f.Unsure != nil {
		all = append(all, pageNotes("What is uncertain", f.Unsure.sentences())...)
	}
	return all
}

// pageNotes is a part of the page with sentences.
func pageNotes(name string, sentences []string) (all []reports.Contributions) {
	for i, s := range sentences {
		if i > 0 {
			name = "\u2013"
		}
		all = append(all, reports.Contributions{Name: name, Note: s})
	}
	return all
}
