package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/train/stats"
)

// write prints the tables, and writes all files if there is a folder.
func (r *report) write(w io.Writer, out string) error {
	var text bytes.Buffer
	if err := r.print(&text); err != nil {
		return err
	}
	_, err := w.Write(text.Bytes())
	if out == "" {
		return err
	}
	return program.Join(err, output.Write(filepath.Join(out, tableFile), func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	}), program.WriteJSON(filepath.Join(out, jsonFile), r), r.draw(out))
}

// print writes the tables as Markdown.
func (r *report) print(w io.Writer) error {
	fmt.Fprintf(w, "\nMean ROC-AUC of the 12 tasks on the test compounds in percent, mean and standard deviation of %d networks\n\n", r.Repeats)
	if err := r.table(func(c *cell) []float64 { return c.ROCAUC }).Markdown(w); err != nil {
		return err
	}
	if r.published != nil {
		fmt.Fprintf(w, "\nThe paper's table 2\n\n")
		if err := r.paperTable().Markdown(w); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\nDelta PR-AUC in percent\n\n")
	if err := r.table(func(c *cell) []float64 { return c.DeltaPRAUC }).Markdown(w); err != nil {
		return err
	}
	if err := r.printSettings(w); err != nil {
		return err
	}
	r.printFailures(w)
	return r.printPairs(w)
}

// columns are the depth and the networks.
func (r *report) columns() *stats.Table {
	t := &stats.Table{Columns: []stats.Column{{Name: "hidden layers"}}}
	for _, net := range r.Nets {
		t.Columns = append(t.Columns, stats.Column{Name: net})
	}
	return t
}

// table has an entry for each depth and network, in percent.
func (r *report) table(of func(*cell) []float64) *stats.Table {
	t := r.columns()
	for _, layers := range r.Layers {
		row := []any{layers}
		for _, net := range r.Nets {
			text := ""
			if c := r.cell(net, layers); c != nil {
				text = fmt.Sprintf("%.1f ± %.1f", 100*mean(of(c)), 100*deviation(of(c)))
			}
			row = append(row, text)
		}
		t.Add(row...)
	}
	return t
}

// paperTable has the paper's entries for the same depths and networks.
func (r *report) paperTable() *stats.Table {
	t := r.columns()
	for _, layers := range r.Layers {
		row := []any{layers}
		for _, net := range r.Nets {
			text := ""
			if p, ok := r.published[key(net, layers)]; ok {
				text = fmt.Sprintf("%.1f ± %.1f", p.mean, p.deviation)
			}
			row = append(row, text)
		}
		t.Add(row...)
	}
	return t
}

func (r *report) printSettings(w io.Writer) error {
	fmt.Fprintf(w, "\nSelected settings, and their mean ROC-AUC on %d validation folds\n\n", r.Folds)
	t := &stats.Table{Columns: []stats.Column{{Name: "settings"}, {Name: "epochs"}, {Name: "validation", Format: "%.4f"}}}
	for _, c := range r.Cells {
		t.Add(c.Settings.String(), c.Epochs, c.Validation)
	}
	return t.Markdown(w)
}

// printFailures lists what failed.
func (r *report) printFailures(w io.Writer) {
	first := true
	for _, c := range r.Cells {
		if c.FailedSettings+c.FailedRepeats == 0 {
			continue
		}
		if first {
			fmt.Fprintln(w, "\nFailed, such as by diverging; a failed repeat counts as ROC-AUC 0.5:")
			first = false
		}
		fmt.Fprintf(w, "- %s with %d layers: %d settings, %d of %d repeats\n", c.Net, c.Layers, c.FailedSettings, c.FailedRepeats, r.Repeats)
	}
}

func (r *report) printPairs(w io.Writer) error {
	if len(r.Pairs) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nSNN minus each other network, ROC-AUC in percent, with the p-value of Wilcoxon's paired test over the tasks, two-sided\n\n")
	t := &stats.Table{Columns: []stats.Column{{Name: "hidden layers"}, {Name: "network"}, {Name: "difference", Format: "%+.1f"}, {Name: "p", Format: "%.3f"}}}
	for _, p := range r.Pairs {
		depth := fmt.Sprint(p.Layers)
		if p.Layers == 0 {
			depth = fmt.Sprintf("best: %d and %d", p.SNNLayers, p.NetLayers)
		}
		t.Add(depth, p.Net, 100*p.Difference, p.P)
	}
	return t.Markdown(w)
}
