package main

import (
	"io"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// paperAUC is Table 3 of the paper. Its text has 0.949 for C4.5.
var paperAUC = map[string]float64{
	"snn": 0.9803, "msrainit": 0.9791, "weightnorm": 0.9786, "highway": 0.9766, "layernorm": 0.9762, "batchnorm": 0.9760, "resnet": 0.9753,
	"naive-bayes": 0.976, "c4.5": 0.946, "svm": 0.929,
}

// row is the result of a network or method. Values that there are not are nil.
type row struct {
	Name string `json:"name"`
	// AUC has the ROC-AUC on the test rows of each fold, Mean and SD are its mean and standard deviation.
	AUC  []float64 `json:"auc"`
	Mean float64   `json:"mean"`
	SD   *float64  `json:"sd,omitempty"` // nil for a single fold
	// Labels is the mean ROC-AUC if predicted labels are ranked.
	Labels *float64 `json:"auc_of_labels,omitempty"`
	// P is the p-value of Wilcoxon's two-sided test of AUC against the SNN's.
	P     *float64 `json:"p_against_snn,omitempty"`
	Paper float64  `json:"paper,omitempty"`
}

// newRow summarizes the folds of a network or method.
func newRow(name string, results *search.NestedResults) (row, error) {
	r := row{Name: name, Paper: paperAUC[name]}
	var err error
	if r.AUC, err = results.Values(testAUC); err != nil {
		return r, err
	}
	summary, err := stats.Describe(r.AUC)
	if err != nil {
		return r, err
	}
	r.Mean = summary.Mean
	if summary.N > 1 {
		r.SD = &summary.SD
	}
	if labels, err := results.Values(labelsAUC); err == nil {
		ofLabels, err := stats.Describe(labels)
		if err != nil {
			return r, err
		}
		r.Labels = &ofLabels.Mean
	}
	return r, nil
}

// compareWithSNN sets the p-values, if the SNN is among the rows and there are enough folds.
func compareWithSNN(rows []row) error {
	for _, snn := range rows {
		if snn.Name != "snn" || len(snn.AUC) < 2 {
			continue
		}
		for i, r := range rows {
			if r.Name == snn.Name {
				continue
			}
			test, err := stats.Wilcoxon{}.Paired(snn.AUC, r.AUC)
			if errors.Is(err, stats.ErrNoDifference) {
				continue
			}
			if err != nil {
				return errors.Wrapf(err, "%s against snn", r.Name)
			}
			rows[i].P = &test.P
		}
	}
	return nil
}

// tableOf returns the rows as a table beside the paper's.
func tableOf(rows []row) *stats.Table {
	t := &stats.Table{Columns: []stats.Column{
		{Name: "network or method"}, {Name: "mean ROC-AUC", Format: "%.4f"}, {Name: "standard deviation", Format: "%.4f"}, {Name: "folds"},
		{Name: "p against snn", Format: "%.3f"}, {Name: "ROC-AUC of labels", Format: "%.4f"}, {Name: "paper", Format: "%.4g"},
	}}
	for _, r := range rows {
		var sd, p, labels, paper any
		if r.SD != nil {
			sd = *r.SD
		}
		if r.P != nil {
			p = *r.P
		}
		if r.Labels != nil {
			labels = *r.Labels
		}
		if r.Paper != 0 {
			paper = r.Paper
		}
		t.Add(r.Name, r.Mean, sd, len(r.AUC), p, labels, paper)
	}
	return t
}

// write prints the table, and writes it to the folder -out as Markdown and JSON.
func write(o options, rows []row, stdout io.Writer) error {
	if err := compareWithSNN(rows); err != nil {
		return err
	}
	table := tableOf(rows)
	if err := table.Markdown(stdout); err != nil || o.Out == "" {
		return err
	}
	if err := output.Write(filepath.Join(o.Out, "table.md"), table.Markdown); err != nil {
		return err
	}
	return program.WriteJSON(filepath.Join(o.Out, "table.json"), rows)
}
