package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/attribution"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// explaining are the flags of an explanation.
type explaining struct{ explain, of string }

func (e *explaining) register(f *flag.FlagSet) {
	f.StringVar(&e.explain, "explain", "", "CSV file with new rows, or - for the standard input, whose predictions by the networks of -model are explained: what each column "+
		"contributes, as CSV; with -report FILE also as bars")
	f.StringVar(&e.of, "of", "", "class or target that -explain is about; otherwise the class that is predicted for the row, or the first target")
}

// explainRows explains the predictions for the rows of -explain.
func explainRows(ctx context.Context, o options, w io.Writer) error {
	files := &program.Files{Overwrite: o.Overwrite}
	files.In("-explain", o.explain)
	files.In("-model", o.Model)
	files.Out("-out", o.Out)
	files.Out("-report", o.Report)
	if err := files.Try(); err != nil {
		return err
	}
	networks, encoder, beside, err := load(o.Model)
	if err != nil {
		return err
	}
	if beside != nil {
		fmt.Fprintln(o.stderr, "tabular: "+networksExplained)
	}
	set, err := o.newRows(ctx, encoder, o.explain, csv.NewRows{Predict: true, ID: o.table.ID})
	if err != nil {
		return program.MemoryHint(err)
	}
	t, err := attribution.NewTable(networks, encoder, kernel.Shared())
	if err != nil {
		return err
	}
	defer t.Close()
	target := -1
	if o.of != "" {
		if target = t.Target(o.of); target < 0 {
			return errors.Errorf("-of %s: want one of %s", o.of, strings.Join(t.Targets(), ", "))
		}
	}
	rows, err := explanations(ctx, t, networks, set, target, set.Len())
	if err != nil {
		return program.MemoryHint(err)
	}
	if err := o.WritePredictions(w, func(w io.Writer) error { return writeExplanations(w, cmp.Or(o.table.ID, encoder.ID()), t, set, rows) }); err != nil {
		return err
	}
	if o.Out != "" {
		if err := printMeans(program.Strict(w), t, rows); err != nil {
			return err
		}
	}
	if o.Report == "" {
		return nil
	}
	return reports.Write(o.Report, reports.Run{Title: "Explanation of predictions", Contributions: []reports.Contributions{contributions(t, set, rows, "the rows of -explain", true)}})
}

// explanations explains a number of rows, evenly chosen, for a target, or the usual one of each row if it is negative.
func explanations(ctx context.Context, t *attribution.Table, networks train.Ensemble, set *datasets.Set, target, n int) (rows []*attribution.Row, err error) {
	var p *train.Predictions
	if target < 0 {
		if p, err = networks.Predict(ctx, set, kernel.Shared()); err != nil {
			return nil, err
		}
	}
	for i := range min(n, set.Len()) {
		row, of := i*set.Len()/min(n, set.Len()), target
		if p != nil {
			of = t.Usual(p.Row(row))
		}
		x, err := t.Explain(ctx, set, row, of)
		if err != nil {
			return nil, errors.Wrapf(err, "row %d", row+1)
		}
		rows = append(rows, x)
	}
	return rows, nil
}

// writeExplanations writes a line for each row: the baseline, the contributions of the columns and the residual add up to the value.
func writeExplanations(w io.Writer, id string, t *attribution.Table, set *datasets.Set, rows []*attribution.Row) error {
	var header []string
	if set.IDs != nil {
		header = append(header, id)
	}
	header = slices.Concat(header, []string{"of", "baseline"}, t.Columns(), []string{"residual", "value"})
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }
	return program.WriteCSV(w, header, len(rows), func(i int) (record []string) {
		if set.IDs != nil {
			record = append(record, set.IDs[i])
		}
		record = append(record, t.Targets()[rows[i].Target], number(rows[i].Baseline))
		for _, v := range rows[i].Contributions {
			record = append(record, number(v))
		}
		return append(record, number(-rows[i].Residual), number(rows[i].Value))
	})
}

// printMeans writes the mean absolute contributions, the largest first.
func printMeans(out io.Writer, t *attribution.Table, rows []*attribution.Row) error {
	means, columns := attribution.Means(rows), t.Columns()
	order := make([]int, len(means))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(means[b], means[a]) })
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "column\tmean absolute contribution, %s\n", t.Scale())
	for _, i := range order {
		bar := ""
		if most := means[order[0]]; most > 0 {
			bar = strings.Repeat("=", int(math.Round(30*means[i]/most)))
		}
		fmt.Fprintf(w, "%s\t%.4g\t%s\n", columns[i], means[i], bar)
	}
	return w.Flush()
}

// contributions are those of the page: means, and single rows if asked for.
func contributions(t *attribution.Table, set *datasets.Set, rows []*attribution.Row, name string, single bool) reports.Contributions {
	c := reports.Contributions{
		Name: "What predictions depend on: " + name, Columns: t.Columns(), Mean: attribution.Means(rows),
		Note: fmt.Sprintf("Contributions %s, by integrated gradients: with the baseline, a row of means, they add up to the prediction.", t.Scale()),
	}
	if !single {
		return c
	}
	for i, r := range rows {
		name := fmt.Sprintf("row %d", i+1)
		if set.IDs != nil {
			name = set.IDs[i]
		}
		c.Rows = append(c.Rows, reports.Contribution{Name: name + ": " + t.Targets()[r.Target], Baseline: r.Baseline, Value: r.Value, Values: r.Contributions})
	}
	return c
}

// explainedRows is the number of rows of a training's page whose contributions are averaged.
const explainedRows = 100

// explainSome explains predictions for the page: for test rows, or else validation rows or rows that trained the networks.
func (e *experiment) explainSome(ctx context.Context, networks train.Ensemble, test *datasets.Set) ([]reports.Contributions, error) {
	set, name := test, "test rows"
	if set == nil {
		set, name = e.validation, "validation rows"
	}
	if set == nil {
		set, name = e.set, "all rows"
	}
	t, err := attribution.NewTable(networks, e.encoder, kernel.Shared())
	if err != nil {
		return nil, err
	}
	defer t.Close()
	rows, err := explanations(ctx, t, networks, set, -1, explainedRows)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil: // the training is worth more than this part of its page
		return []reports.Contributions{{Name: "What predictions depend on: " + name, Note: "There is no explanation: " + err.Error()}}, nil
	}
	if len(rows) < set.Len() {
		name = fmt.Sprintf("%d of the %s", len(rows), name)
	}
	return []reports.Contributions{contributions(t, set, rows, name, false)}, nil
}

// Explained implements training.Explained.
func (r *report) Explained() []reports.Contributions {
	return append(append(r.findings.page(r.Networks), r.Search.page()...), r.explained...)
}
