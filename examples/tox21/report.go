package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/train"
)

// report is the result of a run, as -json writes it.
type report struct {
	Data      string             `json:"data"`
	Synthetic bool               `json:"synthetic"`
	Net       string             `json:"net"`
	Layers    int                `json:"layers"`
	Units     int                `json:"units"`
	Seed      uint64             `json:"seed"`
	Networks  int                `json:"networks"`   // trained with the seeds seed, seed+1, ...
	Folds     bool               `json:"folds"`      // each without another of the official folds
	RowsTrain int                `json:"rows_train"` // all rows of the training part, unreadable ones included
	RowsTest  int                `json:"rows_test"`
	Skipped   int                `json:"skipped"` // unreadable compounds of the training part
	MeanAUC   float64            `json:"mean_auc"`
	StdAUC    float64            `json:"std_auc"`
	Ensemble  float64            `json:"ensemble_auc"`              // of the mean of the networks' predictions
	OutOfFold float64            `json:"out_of_fold_auc,omitempty"` // over all training rows, each by the network that has not seen it
	Tasks     map[string]float64 `json:"tasks"`                     // mean over the networks; a task that is not defined is left out
	Seconds   float64            `json:"seconds"`
	Params    int                `json:"params"`

	rows []taskRow
	on   string
	mean *train.Result // of the networks' predictions
}

// taskRow is a line of the printed table.
type taskRow struct {
	task                string
	auc, std            float64
	positives, negative int
}

func newReport(o options, e *experiment, results []*train.Result, outOfFold *train.Result) (*report, error) {
	r := &report{
		Data: e.data.Notes, Synthetic: e.data.Synthetic, Net: o.Net, Layers: o.Hidden.Layers, Units: o.Hidden.Units, Seed: o.Seed,
		Networks: len(results), Folds: o.Members.Folds, RowsTrain: e.trainingRows(o), RowsTest: len(e.judge), Tasks: map[string]float64{}, on: "validation",
	}
	if o.validation < 0 {
		r.on, r.Skipped = "test", e.unreadable()
	}
	var means []float64
	for _, result := range results {
		means = append(means, meanAUC(result))
	}
	r.MeanAUC, r.StdAUC = meanStd(means)
	var err error
	if r.mean, err = train.MeanResult(results...); err != nil {
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
		_, labels := results[0].Task(task)
		for _, y := range labels {
			if y > 0.5 {
				row.positives++
			} else {
				row.negative++
			}
		}
		if row.auc, row.std = meanStd(aucs); len(aucs) > 0 {
			r.Tasks[name] = row.auc
		}
		r.rows = append(r.rows, row)
	}
	return r, nil
}

// print writes the table of results.
func (r *report) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "task\tROC-AUC\tstd\tpositives\tnegatives\t\n")
	for _, row := range r.rows {
		if _, ok := r.Tasks[row.task]; !ok {
			fmt.Fprintf(w, "%s\tundefined\t\t%d\t%d\t\n", row.task, row.positives, row.negative)
			continue
		}
		fmt.Fprintf(w, "%s\t%.4f\t%s\t%d\t%d\t\n", row.task, row.auc, r.spread(row.std), row.positives, row.negative)
	}
	fmt.Fprintf(w, "mean\t%.4f\t%s\t\t\t\n", r.MeanAUC, r.spread(r.StdAUC))
	w.Flush()
	if r.Networks > 1 {
		fmt.Fprintf(out, "mean of the predictions of %d networks: %.4f\n", r.Networks, r.Ensemble)
	}
	if r.Folds {
		fmt.Fprintf(out, "out of fold, training rows by the network that has not seen them: %.4f\n", r.OutOfFold)
	}
	note := ""
	if r.Synthetic {
		note = " (SYNTHETIC data: this says nothing about real compounds)"
	}
	if r.on == "test" && !r.Synthetic && r.RowsTest == officialTest {
		fmt.Fprintln(out, published)
	}
	fmt.Fprintf(out, "%s rows, networks: %d, time: %.1f s%s\n", r.on, r.Networks, r.Seconds, note)
}

// officialTest is the number of test compounds of the challenge, and published has results of others on them: Klambauer et al.
// 2017, Table 2 and section 4.
const (
	officialTest = 647
	published    = "published means on the same 647 compounds: SNN of the paper 0.845 (8 layers) and 0.842 (4 layers), challenge winner DeepTox 0.846"
)

// spread is a standard deviation for the table, or nothing if there is one network only.
func (r *report) spread(std float64) string {
	if r.Networks < 2 {
		return "-"
	}
	return fmt.Sprintf("%.4f", std)
}

// meanAUC is the mean ROC-AUC over tasks, or 0 if it is not defined.
func meanAUC(r *train.Result) float64 {
	auc, err := train.MeanROCAUC.Of(r)
	if err != nil {
		return 0
	}
	return auc
}

// meanStd is the mean and the sample standard deviation, 0 for fewer than two values.
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
