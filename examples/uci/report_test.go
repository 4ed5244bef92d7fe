package main

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
	"github.com/selfnorm/selfnorm/train/stats"
)

// trialOf is a finished trial of a network; a negative score means a failure.
func trialOf(net string, fold, layers int, rate, score, accuracy float64) search.TrialResult {
	t := search.TrialResult{
		Point:  search.Point{}.With("task", "SYNTHETIC").With("fold", fold).With("net", net).With("layers", layers).With("rate", rate).With("dropout", 0.0),
		Metric: metric.Accuracy.Name, Curve: []float64{score}, Values: search.Values{testAccuracy: accuracy},
	}
	if score < 0 {
		t.Curve, t.Values, t.Failure = nil, nil, "it fails"
	}
	return t
}

// some are the trials of two networks on two folds: of snn both depths have the same score, and resnet fails on fold 1.
func some(t *testing.T) (*experiment, *search.Results) {
	return synthetic(t, []string{"snn", "resnet"}, nil, 2), &search.Results{Rule: search.PaperRule, Trials: []search.TrialResult{
		trialOf("snn", 0, 2, 0.1, 0.5, 0.25), trialOf("snn", 0, 4, 0.1, 0.5, 0.75), trialOf("snn", 1, 2, 0.1, 0.75, 0.5), trialOf("snn", 1, 4, 0.1, 0.5, 0.25),
		trialOf("resnet", 0, 2, 0.1, 0.5, 0.25), trialOf("resnet", 0, 4, 0.1, -1, 0), trialOf("resnet", 1, 2, 0.1, -1, 0),
	}}
}

// Each way to select gives its accuracy.
func TestJudges(t *testing.T) {
	e, results := some(t)
	c, err := e.cells(results)
	if err != nil {
		t.Fatal(err)
	}
	for i, judge := range []judge{selected, shallow, average, greatest, among("layers", 2)} {
		want := [][3]float64{{0.75, 0.5, 0.25}, {0.25, 0.5, 0.25}, {0.5, 0.375, 0.25}, {0.75, 0.5, 0.25}, {0.25, 0.5, 0.25}}[i]
		for k, key := range []string{cellKey("SYNTHETIC", 0, "snn"), cellKey("SYNTHETIC", 1, "snn"), cellKey("SYNTHETIC", 0, "resnet")} {
			if got := judge(c[key]); got != want[k] {
				t.Errorf("judge %d of %s: %v, want %v", i, key, got, want[k])
			}
		}
		if got := judge(c[cellKey("SYNTHETIC", 1, "resnet")]); !math.IsNaN(got) {
			t.Errorf("judge %d of failed trials: %v, want NaN", i, got)
		}
	}
	results.Trials = results.Trials[:6]
	if _, err := e.cells(results); err == nil || !strings.Contains(err.Error(), "resnet on fold 1 of SYNTHETIC") {
		t.Errorf("error %v", err)
	}
}

// A network that fails on a fold has no accuracy for the task; a report does not fail because of it.
func TestFailedCell(t *testing.T) {
	e, results := some(t)
	c, err := e.cells(results)
	if err != nil {
		t.Fatal(err)
	}
	scores := e.scores(c, e.nets, selected)
	if got := scores.Values[0]; got[0] != 0.625 || !math.IsNaN(got[1]) {
		t.Errorf("scores %v", got)
	}
	d := e.chosenDepths(c)
	if d.counts[0][0] != 1 || d.counts[0][1] != 1 || d.counts[1][0] != 1 || d.counts[1][1] != 0 || d.mean(0) != 3 || d.byName()["snn"]["4"] != 1 {
		t.Errorf("depths %+v", d)
	}
	if depths := e.depths(c); depths.cases != 0 {
		t.Errorf("%d tasks and folds with all depths, want none", depths.cases)
	}
}

// Our accuracies beside the paper's are on the tasks that it has, and rounded in the same way.
func TestMix(t *testing.T) {
	p := &paperTable{nets: []string{"snn", "resnet"}, values: map[string][]float64{"a": {0.5, 0.25}, "b": {0.5, math.NaN()}}}
	ours := &stats.Scores{Methods: []string{"snn", "resnet"}, DataSets: []string{"a", "b", "c"}, Values: [][]float64{{1.0 / 3, 1}, {1, 1}, {1, 1}}}
	got := p.mix(ours, func(net string) bool { return net == "snn" })
	if len(got.DataSets) != 1 || got.DataSets[0] != "a" || got.Values[0][0] != 0.3333 || got.Values[0][1] != 0.25 {
		t.Errorf("%+v", got)
	}
}

// The paper's ranks are those of its tables.
func TestPaperRanks(t *testing.T) {
	if os.Getenv("SELFNORM_DATA") == "" {
		oracle.Missing(t, "SELFNORM_DATA is not set")
	}
	records, err := csv.NewReader(oracle.Open(t, "paper/uci_method_ranks.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]string{
		"Nearest Neighbour": "knn", "Bayesian": "naivebayes", "LMR": "logistic", "DecisionTree": "tree", "RandomForest": "forest", "SVM": "svm",
	}
	found := 0
	for _, record := range records[1:] {
		name, ok := groups[record[1]]
		if !ok {
			name = strings.ToLower(record[1])
		}
		ranks, ok := paperRanks[name]
		if !ok {
			continue
		}
		found++
		got := ranks.large
		if strings.HasPrefix(record[0], "fewer") {
			got = ranks.small
		}
		if want, err := strconv.ParseFloat(record[3], 64); err != nil || got != want {
			t.Errorf("%s, %s: rank %v, want %s", name, record[0], got, record[3])
		}
	}
	if found != 2*len(paperRanks) {
		t.Errorf("%d ranks of the paper, want %d", found, 2*len(paperRanks))
	}
}
