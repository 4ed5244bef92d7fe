package train_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
)

// metricsCase is a case of testdata/metrics.json, which testdata/metrics.py writes with scikit-learn.
type metricsCase struct {
	Kind                    string // tasks, classes or regression
	Rows, Outputs           int
	Values, Labels, Weights []float64
	Want                    map[string]*float64 // by the name of the metric; null where ours is not defined
	Confusion               [][]int             // of the classes, or of the first task
	Curves                  []*metricsCurves    // of the tasks; null for a task of one class
}

type metricsCurves struct {
	ROC         [3][]float64 // false and true positive rates, and thresholds without the first
	PR          [3][]float64 // precision, recall, thresholds
	Reliability [2][]float64 // observed and predicted, in five bins
}

func (c *metricsCase) result() *train.Result {
	return &train.Result{
		Predictions: train.Predictions{Rows: c.Rows, Outputs: c.Outputs, Values: c.Values},
		Classes:     c.Kind == "classes", Labels: c.Labels, Weights: c.Weights,
	}
}

func metricsCases(t *testing.T) []metricsCase {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "metrics.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []metricsCase }
	if err := json.Unmarshal(raw, &file); err != nil || len(file.Cases) == 0 {
		t.Fatalf("%d cases (%v)", len(file.Cases), err)
	}
	return file.Cases
}

// All metrics equal those of scikit-learn, with ties, missing labels and classes that do not occur.
func TestMetricsScikitLearn(t *testing.T) {
	compared := map[string]int{}
	for k, c := range metricsCases(t) {
		for name, want := range c.Want {
			m, err := train.MetricByName(name)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Of(c.result())
			if want == nil {
				if !errors.Is(err, train.ErrUndefined) && !errors.Is(err, train.ErrOneClass) {
					t.Errorf("case %d, %s: %v (%v), want an error that it is not defined", k, name, got, err)
				}
				continue
			}
			if err != nil || math.Abs(got-*want) > 1e-12 {
				t.Errorf("case %d, %s: %.17g (%v), scikit-learn has %.17g", k, name, got, err, *want)
			}
			compared[m.Name]++
		}
	}
	for _, name := range train.Metrics() {
		if m, _ := train.MetricByName(name); m.Name != train.Loss.Name && compared[m.Name] == 0 {
			t.Errorf("%s was not compared", name)
		}
	}
}

// Confusion matrices equal those of scikit-learn.
func TestConfusionScikitLearn(t *testing.T) {
	for k, c := range metricsCases(t) {
		var got train.Confusion
		var err error
		switch c.Kind {
		case "classes":
			got, err = c.result().Confusion()
		case "tasks":
			got, err = c.result().TaskConfusion(0)
		default:
			continue
		}
		if err != nil || !reflect.DeepEqual([][]int(got), c.Confusion) {
			t.Errorf("case %d: %v (%v), scikit-learn has %v", k, got, err, c.Confusion)
		}
	}
}

// ROC, precision-recall and reliability curves have scikit-learn's points.
func TestCurvesScikitLearn(t *testing.T) {
	for k, c := range metricsCases(t) {
		for task, want := range c.Curves {
			scores, labels := c.result().Task(task)
			fpr, tpr, at, err := train.ROCCurve(scores, labels)
			precision, recall, cut, prErr := train.PRCurve(scores, labels)
			if want == nil {
				if !errors.Is(err, train.ErrOneClass) || !errors.Is(prErr, train.ErrOneClass) {
					t.Errorf("case %d, task %d of one class: errors %v and %v", k, task, err, prErr)
				}
				continue
			}
			bins, binsErr := train.Reliability(scores, labels, 5)
			if err != nil || prErr != nil || binsErr != nil {
				t.Errorf("case %d, task %d: %v, %v, %v", k, task, err, prErr, binsErr)
				continue
			}
			var observed, predicted []float64
			for _, b := range bins {
				observed, predicted = append(observed, b.Observed), append(predicted, b.Predicted)
			}
			for name, pair := range map[string][2][]float64{
				"fpr": {fpr, want.ROC[0]}, "tpr": {tpr, want.ROC[1]}, "thresholds of ROC": {at[1:], want.ROC[2]},
				"precision": {precision, want.PR[0]}, "recall": {recall, want.PR[1]}, "thresholds of PR": {cut, want.PR[2]},
				"observed": {observed, want.Reliability[0]}, "predicted": {predicted, want.Reliability[1]},
			} {
				if !near(pair[0], pair[1], 1e-12) {
					t.Errorf("case %d, task %d, %s: %v, scikit-learn has %v", k, task, name, pair[0], pair[1])
				}
			}
		}
	}
}

// near says that two vectors have equal lengths and nearly equal elements.
func near(a, b []float64, tolerance float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= tolerance) {
			return false
		}
	}
	return true
}
