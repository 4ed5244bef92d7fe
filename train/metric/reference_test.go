package metric_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// referenceCase is a case of testdata/metrics.json, which testdata/metrics.py writes with scikit-learn.
type referenceCase struct {
	Kind                    string // binary, classes or regression
	Rows, Outputs           int
	Values, Labels, Weights []float64
	Want                    map[string]*float64 // by the name of the metric; null where ours is not defined
	Confusion               [][]float64         // of the classes, or of the first task
	Curves                  []*referenceCurves  // of the tasks; null for a task of one class
}

type referenceCurves struct {
	ROC         [3][]float64 // false and true positive rates, and thresholds without the first
	PR          [3][]float64 // precision, recall, thresholds
	Reliability [2][]float64 // observed and predicted, in five bins; empty with weights, which scikit-learn does not take here
}

func (c *referenceCase) result() *metric.Result {
	r := &metric.Result{
		Predictions: metric.Predictions{Rows: c.Rows, Outputs: c.Outputs, Values: c.Values},
		Kind:        map[string]metric.Kind{"binary": metric.Binary, "classes": metric.Classes, "regression": metric.Values}[c.Kind],
		Labels:      c.Labels, Weights: c.Weights,
	}
	if len(c.Weights) == 0 {
		r.Weights = nil
	}
	return r
}

func referenceCases(t *testing.T) []referenceCase {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "metrics.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []referenceCase }
	if err := json.Unmarshal(raw, &file); err != nil || len(file.Cases) == 0 {
		t.Fatalf("%d cases (%v)", len(file.Cases), err)
	}
	return file.Cases
}

// All metrics equal those of scikit-learn, with ties, weights, missing labels and classes that do not occur.
func TestScikitLearn(t *testing.T) {
	compared := map[string]int{}
	pinball := metric.Pinball(0.9)
	for k, c := range referenceCases(t) {
		for name, want := range c.Want {
			m, err := metric.ByName(name)
			if name == pinball.Name {
				m, err = pinball, nil
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Compute(c.result())
			if want == nil {
				if !errors.Is(err, metric.ErrUndefined) {
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
	for _, name := range metric.Names() {
		if m, _ := metric.ByName(name); m.Name != metric.Loss.Name && m.Defined != nil && compared[m.Name] == 0 {
			t.Errorf("%s was not compared", name)
		}
	}
}

// Confusion matrices equal those of scikit-learn.
func TestConfusionScikitLearn(t *testing.T) {
	for k, c := range referenceCases(t) {
		var got metric.Confusion
		var err error
		switch c.Kind {
		case "classes":
			got, err = c.result().Confusion()
		case "binary":
			got, err = c.result().TaskConfusion(0)
		default:
			continue
		}
		if err != nil || len(got) != len(c.Confusion) {
			t.Errorf("case %d: %v (%v), scikit-learn has %v", k, got, err, c.Confusion)
			continue
		}
		for i := range got {
			if !near(got[i], c.Confusion[i], 1e-12) {
				t.Errorf("case %d: %v, scikit-learn has %v", k, got, c.Confusion)
			}
		}
	}
}

// ROC, precision-recall and reliability curves have scikit-learn's points.
func TestCurvesScikitLearn(t *testing.T) {
	for k, c := range referenceCases(t) {
		for task, want := range c.Curves {
			r, err := c.result().Task(task)
			if err != nil {
				t.Fatal(err)
			}
			fpr, tpr, at, err := metric.ROCCurve(r.Values, r.Labels, r.Weights)
			precision, recall, cut, prErr := metric.PRCurve(r.Values, r.Labels, r.Weights)
			if want == nil {
				if !errors.Is(err, metric.ErrUndefined) || !errors.Is(prErr, metric.ErrUndefined) {
					t.Errorf("case %d, task %d of one class: errors %v and %v", k, task, err, prErr)
				}
				continue
			}
			bins, binsErr := metric.Reliability(r.Values, r.Labels, r.Weights, 5)
			if err != nil || prErr != nil || binsErr != nil {
				t.Errorf("case %d, task %d: %v, %v, %v", k, task, err, prErr, binsErr)
				continue
			}
			pairs := map[string][2][]float64{
				"fpr": {fpr, want.ROC[0]}, "tpr": {tpr, want.ROC[1]}, "thresholds of ROC": {at[1:], want.ROC[2]},
				"precision": {precision, want.PR[0]}, "recall": {recall, want.PR[1]}, "thresholds of PR": {cut, want.PR[2]},
			}
			if len(want.Reliability[0]) > 0 {
				var observed, predicted []float64
				for _, b := range bins {
					observed, predicted = append(observed, b.Observed), append(predicted, b.Predicted)
				}
				pairs["observed"], pairs["predicted"] = [2][]float64{observed, want.Reliability[0]}, [2][]float64{predicted, want.Reliability[1]}
			}
			for name, pair := range pairs {
				if !near(pair[0], pair[1], 1e-12) {
					t.Errorf("case %d, task %d, %s: %v, scikit-learn has %v", k, task, name, pair[0], pair[1])
				}
			}
		}
	}
}

// near reports whether two vectors have equal lengths and nearly equal elements.
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
