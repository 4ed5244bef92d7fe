package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// report is the result of a run, as -json writes it.
type report struct {
	*training.Summary
	Synthetic bool               `json:"synthetic"`
	Split     string             `json:"split"`
	RowsTrain int                `json:"rows_train"` // all rows of the training part, unreadable ones included
	RowsTest  int                `json:"rows_test"`
	Skipped   int                `json:"skipped"` // unreadable compounds of the training part
	MeanAUC   float64            `json:"mean_auc"`
	StdAUC    float64            `json:"std_auc"`
	Ensemble  float64            `json:"ensemble_auc"`              // of the mean of the predictions of all members
	OutOfFold float64            `json:"out_of_fold_auc,omitempty"` // over all training rows, each by the network that has not seen it
	Pool      []float64          `json:"pool,omitempty"`            // by task: the share of the mean over the tasks
	Tasks     map[string]float64 `json:"tasks"`                     // mean over the networks; a task that is not defined is left out

	// With -members: how the predictions are combined, the groups, the first of which is that of the networks, and all together.
	Combine       string             `json:"combine,omitempty"`
	Members       []memberReport     `json:"members,omitempty"`
	EnsembleTasks map[string]float64 `json:"ensemble_tasks,omitempty"`

	rows            []taskRow
	on              string
	mean, outOfFold *train.Result      // of the predictions of all members
	beside          *molecular.Members // that are no networks
	groups          []judgedGroup
}

// taskRow is a line of the printed table.
type taskRow struct {
	task                 string
	auc, std             float64
	positives, negatives int
}

func newReport(s *training.Summary, p *problem, results []*train.Result, outOfFold *train.Result) (*report, error) {
	r := &report{
		Summary: s, Synthetic: p.data.Synthetic, Split: p.split, RowsTrain: p.trainingRows(), RowsTest: len(p.judged), Tasks: map[string]float64{},
		on: p.on(), outOfFold: outOfFold,
	}
	if p.pooling != nil {
		r.Pool = p.pooling.Pool
	}
	if p.validation < 0 {
		r.Skipped = p.unreadable()
	}
	var means []float64
	for _, result := range results {
		means = append(means, meanAUC(result))
	}
	r.MeanAUC, r.StdAUC = meanStd(means)
	var err error
	if r.mean, err = metric.MeanResult(results...); err != nil {
		return nil, err
	}
	r.Ensemble = meanAUC(r.mean)
	if outOfFold != nil {
		r.OutOfFold = meanAUC(outOfFold)
	}
	for task, name := range tox21.Tasks() {
		row := taskRow{task: name}
		var aucs []float64
		for _, result := range results {
			if auc, err := result.TaskROCAUC(task); err == nil {
				aucs = append(aucs, auc)
			}
		}
		for i := range results[0].Rows {
			k := i*tox21.NumTasks + task
			switch y := results[0].Labels[k]; {
			case math.IsNaN(y) || results[0].Weights[k] == 0:
			case y > 0.5:
				row.positives++
			default:
				row.negatives++
			}
		}
		if row.auc, row.std = meanStd(aucs); len(aucs) > 0 {
			r.Tasks[name] = row.auc
		}
		r.rows = append(r.rows, row)
	}
	return r, nil
}

// Page implements training.Report. The results of a single network are on the page already.
func (r *report) Page() (results []reports.Result) {
	if len(r.groups) > 0 {
		results = r.memberPage()
	} else if r.Networks > 1 {
		results = append(results, reports.Result{Name: fmt.Sprintf("mean of %d networks, %s rows", r.Networks, r.on), Names: tox21.Tasks(), Result: r.mean})
	}
	if r.outOfFold != nil {
		results = append(results, reports.Result{Name: "training rows, each by the members that have not seen it", Names: tox21.Tasks(), Result: r.outOfFold})
	}
	return results
}

// Metadata implements training.Report.
func (r *report) Metadata() (map[string]string, error) {
	m := metadataOf(r.Split, r.Synthetic)
	text, _, err := r.beside.Pack()
	if text != "" {
		m[members.Key] = text
	}
	return m, err
}

// Arrays implements training.Arrayed: they hold the members that are no networks.
func (r *report) Arrays() (map[string]any, error) {
	_, arrays, err := r.beside.Pack()
	return arrays, err
}

// Print implements training.Report: it writes the table of results.
func (r *report) Print(out io.Writer) error {
	table := r.printNetworks
	if len(r.groups) > 0 {
		table = r.printMembers
	}
	if err := table(out); err != nil {
		return err
	}
	if r.Folds {
		fmt.Fprintf(out, "out of fold, training rows by the members that have not seen them: %.4f\n", r.OutOfFold)
	}
	note := ""
	if r.Synthetic {
		note = " (SYNTHETIC data: this says nothing about real compounds)"
	}
	if r.on == "test" && r.Split == official && !r.Synthetic && r.RowsTest == officialTest {
		fmt.Fprintln(out, published)
	}
	_, err := fmt.Fprintf(out, "%s rows, %s split, networks: %d, time: %.1f s%s\n", r.on, r.Split, r.Networks, r.Seconds, note)
	return err
}

// printNetworks writes the table of one network, or an ensemble of networks.
func (r *report) printNetworks(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "task\tROC-AUC\tstd\tpositives\tnegatives\t\n")
	for _, row := range r.rows {
		if _, ok := r.Tasks[row.task]; !ok {
			fmt.Fprintf(w, "%s\tundefined\t\t%d\t%d\t\n", row.task, row.positives, row.negatives)
			continue
		}
		fmt.Fprintf(w, "%s\t%.4f\t%s\t%d\t%d\t\n", row.task, row.auc, r.spread(row.std), row.positives, row.negatives)
	}
	fmt.Fprintf(w, "mean\t%.4f\t%s\t\t\t\n", r.MeanAUC, r.spread(r.StdAUC))
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Networks > 1 {
		fmt.Fprintf(out, "mean of the predictions of %d networks: %.4f\n", r.Networks, r.Ensemble)
	}
	return nil
}

// officialTest is the number of test compounds of the challenge, and published has results of others on them: Klambauer et al.
// 2017, Table 2 and section 4.
const (
	officialTest = 647
	published    = "published means on the same 647 compounds: SNN of the paper 0.845 (8 layers) and 0.842 (4 layers), challenge winner DeepTox 0.846"
)

// spread formats a standard deviation. A single network has none.
func (r *report) spread(std float64) string {
	if r.Networks < 2 {
		return "-"
	}
	return fmt.Sprintf("%.4f", std)
}

// meanAUC returns the mean ROC-AUC over tasks, or 0 if it is not defined.
func meanAUC(r *train.Result) float64 {
	auc, err := metric.MeanROCAUC.Compute(r)
	if err != nil {
		return 0
	}
	return auc
}

// meanStd returns the mean and the sample standard deviation, 0 for fewer than two values.
func meanStd(x []float64) (mean, std float64) {
	if len(x) == 0 {
		return 0, 0
	}
	for _, v := range x {
		mean += v / float64(len(x))
	}
	if len(x) == 1 {
		return mean, 0
	}
	for _, v := range x {
		std += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, math.Sqrt(std)
}
