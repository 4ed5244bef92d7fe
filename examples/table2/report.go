package main

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
	"gonum.org/v1/gonum/stat"
)

// cell is an entry of the table.
type cell struct {
	Net    string `json:"net"`
	Layers int    `json:"layers"`
	// Settings are the selected ones, and Validation their mean ROC-AUC on the validation folds.
	Settings   search.Point `json:"settings"`
	Epochs     int          `json:"epochs"`
	Validation float64      `json:"validation_roc_auc"`
	// FailedSettings counts the settings that failed on a fold, and FailedRepeats the repeats that did; their ROC-AUC counts as 0.5.
	FailedSettings int `json:"failed_settings"`
	FailedRepeats  int `json:"failed_repeats"`
	// ROCAUC and DeltaPRAUC are those of the repeats on the test compounds, and Tasks the mean ROC-AUC of each task over the repeats.
	ROCAUC     []float64 `json:"roc_auc"`
	DeltaPRAUC []float64 `json:"delta_pr_auc"`
	Tasks      []float64 `json:"tasks"`
}

// report is the result of the run, as table2.json has it.
type report struct {
	Grid     string   `json:"grid"`
	Features string   `json:"features"`
	Folds    int      `json:"folds"`
	Repeats  int      `json:"repeats"`
	Nets     []string `json:"nets"`
	Layers   []int    `json:"layers"`
	Cells    []cell   `json:"cells"`
	// Pairs compares the SNN with each other network.
	Pairs []pair `json:"pairs,omitempty"`

	published map[string]published // of the paper, by key
}

// pair is the comparison of the SNN with another network: of the same depth, or each with the depth that has the best validation ROC-AUC.
type pair struct {
	Net        string  `json:"net"`
	Layers     int     `json:"layers"` // 0 for the best depths
	SNNLayers  int     `json:"snn_layers"`
	NetLayers  int     `json:"net_layers"`
	Difference float64 `json:"difference"` // of the mean ROC-AUC, SNN minus the other
	P          float64 `json:"p"`          // two-sided, Wilcoxon, over the tasks
}

// newReport collects the repeats of the selected settings.
func newReport(e *experiment, chosen []choice, results *search.Results, table map[string]published) (*report, error) {
	r := &report{published: table, Grid: e.grid, Features: e.features, Folds: e.folds, Repeats: e.repeats, Nets: e.nets, Layers: e.layers}
	trials := map[string]search.TrialResult{}
	for _, t := range results.Trials {
		trials[t.Point.String()] = t
	}
	for _, c := range chosen {
		x := cell{Net: c.net, Layers: c.layers, Settings: c.point, Epochs: c.epochs, Validation: c.score, FailedSettings: c.failed}
		x.Tasks = make([]float64, tox21.NumTasks)
		for k := range e.repeats {
			t, ok := trials[c.repeat(k).String()]
			if !ok {
				return nil, errors.Errorf("repeat %d of %s with %d layers has not finished", k+1, c.net, c.layers)
			}
			x.add(t, e.repeats)
		}
		r.Cells = append(r.Cells, x)
	}
	var err error
	r.Pairs, err = r.compare()
	return r, err
}

// add adds a repeat of n. One that failed predicts nothing: its areas are those of chance.
func (c *cell) add(t search.TrialResult, n int) {
	if t.Failure != "" {
		c.FailedRepeats++
		c.ROCAUC, c.DeltaPRAUC = append(c.ROCAUC, 0.5), append(c.DeltaPRAUC, 0)
		for i := range c.Tasks {
			c.Tasks[i] += 0.5 / float64(n)
		}
		return
	}
	c.ROCAUC, c.DeltaPRAUC = append(c.ROCAUC, t.Values[auc]), append(c.DeltaPRAUC, t.Values[delta])
	for i, task := range tox21.Tasks() {
		c.Tasks[i] += t.Values[task] / float64(n)
	}
}

// cell returns an entry, or nil.
func (r *report) cell(net string, layers int) *cell {
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Net == net && c.Layers == layers {
			return c
		}
	}
	return nil
}

// best returns the entry of a network with the best validation ROC-AUC.
func (r *report) best(net string) (best *cell) {
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Net == net && (best == nil || c.Validation > best.Validation) {
			best = c
		}
	}
	return best
}

const reference = "snn"

// compare tests the SNN against each other network, at each depth and at the best depths.
func (r *report) compare() (all []pair, err error) {
	for _, layers := range append([]int{0}, r.Layers...) {
		for _, net := range r.Nets {
			a, b := r.cell(reference, layers), r.cell(net, layers)
			if layers == 0 {
				a, b = r.best(reference), r.best(net)
			}
			if net == reference || a == nil || b == nil {
				continue
			}
			test, err := stats.Wilcoxon{}.Paired(a.Tasks, b.Tasks)
			if err != nil {
				return nil, errors.Wrapf(err, "%s against %s", reference, net)
			}
			all = append(all, pair{
				Net: net, Layers: layers, SNNLayers: a.Layers, NetLayers: b.Layers, P: test.P, Difference: mean(a.ROCAUC) - mean(b.ROCAUC),
			})
		}
	}
	return all, nil
}

func mean(x []float64) float64 { return stat.Mean(x, nil) }

// deviation is the standard deviation of a sample, 0 of a single value.
func deviation(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	return stat.StdDev(x, nil)
}
