package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// report is the result of a run, as -json writes it.
type report struct {
	*training.Summary
	Problem        csv.Problem `json:"problem"`
	Targets        []string    `json:"targets"`
	Classes        []string    `json:"classes,omitempty"`
	RowsTrain      int         `json:"rows_train"`
	RowsValidation int         `json:"rows_validation"`
	RowsTest       int         `json:"rows_test"`
	// Results are metrics by rows (test, validation, out of fold, and the baseline on the first of them) and name, means over several
	// targets; ByTarget are those on the first of the rows. One that is not defined is left out.
	Results  map[string]values            `json:"results"`
	ByTarget map[string]map[string]values `json:"by_target,omitempty"`

	Calibration *calibration `json:"calibration,omitempty"`
	Coverage    *coverage    `json:"coverage,omitempty"`
	findings

	// Search is the result of -search.
	Search *found `json:"search,omitempty"`
	// Members are the kinds of members beside the networks.
	Members []memberReport `json:"members,omitempty"`

	metrics     []metric.Metric
	members     *members.Members
	explained   []reports.Contributions
	conformal   *conformal // nil without rows that did not train the networks
	evaluations []evaluation
}

type values map[string]float64

// evaluation is the result on some rows.
type evaluation struct {
	name   string
	result *train.Result
}

// observed returns the number of rows that have a label of a target.
func (e evaluation) observed(target int) (n int) {
	for k, y := range e.result.Labels {
		if k%e.result.Outputs == target && !math.IsNaN(y) && (e.result.Weights == nil || e.result.Weights[k] > 0) {
			n++
		}
	}
	return n
}

func newReport(s *training.Summary, p *problem) *report {
	return &report{
		Summary: s, Problem: p.encoder.Problem(), Targets: p.set.Tasks, Classes: p.set.Classes,
		RowsTrain: len(p.fit), RowsValidation: len(p.validation), RowsTest: len(p.test),
		Results: map[string]values{}, metrics: metrics(p.encoder.Problem()),
	}
}

// Metadata implements training.Report: the results are saved with the networks.
func (r *report) Metadata() (map[string]string, error) {
	text, err := json.Marshal(r.Results)
	all := map[string]string{"results": string(text)}
	if err == nil && r.members != nil {
		all[members.Key], _, err = r.members.Pack()
	}
	if err == nil && r.Search != nil {
		text, err = json.Marshal(r.Search)
		all[searchKey] = string(text)
	}
	if err == nil && r.conformal != nil {
		text, err = json.Marshal(r.conformal)
		all[conformalKey] = string(text)
	}
	return all, errors.WithStack(err)
}

// Page implements training.Report. The baseline needs no curves.
func (r *report) Page() (results []reports.Result) {
	names := r.Classes
	if names == nil {
		names = r.Targets
	}
	for _, e := range r.evaluations {
		if e.name != "baseline" {
			results = append(results, reports.Result{Name: r.rowsName(e.name), Names: names, Result: e.result})
		}
	}
	if c := r.Calibration; c != nil {
		results = append(results, reports.Result{Name: r.rowsName(c.Rows) + ", before calibration", Names: names, Result: c.before})
	}
	return results
}

// rowsName says whose predictions a result has, and for which rows.
func (r *report) rowsName(name string) string {
	switch {
	case name == "out of fold":
		return "training rows, each by the network that has not seen it"
	case r.isRival(name):
		return name + ", for comparison, " + r.evaluations[0].name + " rows"
	case r.Networks > 1:
		return fmt.Sprintf("mean of %d networks, %s rows", r.Networks, name)
	}
	return name + " rows"
}

// isRival reports whether a result is that of another method.
func (r *report) isRival(name string) bool {
	return slices.ContainsFunc(r.Comparisons, func(c comparison) bool { return c.With == name })
}

func (r *report) add(name string, result *train.Result) {
	r.evaluations = append(r.evaluations, evaluation{name, result})
}

// compute computes the metrics.
func (r *report) compute() (err error) {
	for _, e := range r.evaluations {
		if r.Results[e.name], err = r.valuesOf(e.result); err != nil {
			return err
		}
	}
	if c := r.Calibration; c != nil {
		c.compare(r.Results[c.Rows])
	}
	if len(r.Targets) < 2 || len(r.evaluations) == 0 {
		return nil
	}
	r.ByTarget = map[string]map[string]values{}
	for _, e := range []evaluation{r.evaluations[0], r.evaluations[len(r.evaluations)-1]} {
		r.ByTarget[e.name] = map[string]values{}
		for t, name := range r.Targets {
			one, err := e.result.Task(t)
			if err != nil {
				return err
			}
			if r.ByTarget[e.name][name], err = r.valuesOf(one); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *report) valuesOf(result *train.Result) (values, error) {
	v := values{}
	for _, m := range r.metrics {
		x, err := valueOf(m, result)
		if err != nil {
			return nil, err
		}
		if !math.IsNaN(x) {
			v[m.Name] = x
		}
	}
	return v, nil
}

// Print implements training.Report: it writes the tables of results.
func (r *report) Print(out io.Writer) error {
	if len(r.evaluations) == 0 {
		_, err := fmt.Fprintf(out, "\nno rows to judge on; time: %.1f s\n", r.Seconds)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w)
	if r.ByTarget != nil {
		r.printTargets(w)
	}
	what := "metric"
	if len(r.Targets) > 1 {
		what = "mean over the targets"
	}
	fmt.Fprintf(w, "%s\t", what)
	for _, e := range r.evaluations {
		fmt.Fprintf(w, "%s\t", e.name)
	}
	fmt.Fprintln(w)
	for _, m := range r.metrics {
		fmt.Fprintf(w, "%s\t", m.Name)
		for _, e := range r.evaluations {
			fmt.Fprintf(w, "%s\t", r.Results[e.name].text(m.Name))
		}
		fmt.Fprintln(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	r.printCalibration(out)
	r.printMembers(out)
	if r.Search != nil {
		fmt.Fprintln(out, "search: "+r.Search.sentence())
	}
	_, err := fmt.Fprintf(out, "baseline: %s, on the %s rows; networks: %d, time: %.1f s\n", r.baselineText(), r.evaluations[0].name, r.Networks, r.Seconds)
	r.findings.print(out, r.Networks)
	return err
}

// printTargets writes a line for each of several targets.
func (r *report) printTargets(w io.Writer) {
	on, base := r.evaluations[0], r.evaluations[len(r.evaluations)-1]
	fmt.Fprintf(w, "%s rows\t", on.name)
	for _, m := range r.metrics {
		fmt.Fprintf(w, "%s\t", m.Name)
	}
	compared := r.metrics[0].Name // with the baseline
	if r.Problem == csv.Binary {
		compared = metric.LogLoss.Name
	}
	fmt.Fprintf(w, "baseline's %s\trows\t\n", compared)
	for t, name := range r.Targets {
		fmt.Fprintf(w, "%s\t", name)
		for _, m := range r.metrics {
			fmt.Fprintf(w, "%s\t", r.ByTarget[on.name][name].text(m.Name))
		}
		fmt.Fprintf(w, "%s\t%d\t\n", r.ByTarget[base.name][name].text(compared), on.observed(t))
	}
	fmt.Fprintln(w)
}

func (r *report) baselineText() string {
	switch r.Problem {
	case csv.Classes:
		return "the most frequent class, with the classes' shares as probabilities"
	case csv.Binary:
		return "each target's share of positives"
	}
	return "the mean"
}

// text is a value for the table.
func (v values) text(name string) string {
	x, ok := v[name]
	switch {
	case !ok:
		return "undefined"
	case math.Abs(x) >= 1e4 && math.Abs(x) < 1e9:
		return fmt.Sprintf("%.0f", x)
	case math.Abs(x) >= 1e15 || x != 0 && math.Abs(x) < 1e-9 || math.IsInf(x, 0):
		return fmt.Sprintf("%.4g", x)
	case math.Abs(x) >= 1e9 || x != 0 && math.Abs(x) < 1e-3:
		short, err := strconv.ParseFloat(fmt.Sprintf("%.4g", x), 64) // rounded to four digits
		if err != nil {
			return fmt.Sprintf("%.4g", x)
		}
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return fmt.Sprintf("%.4f", x)
}
