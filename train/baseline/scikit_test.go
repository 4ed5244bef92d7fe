package baseline_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// scikitCase is a data set and what scikit-learn predicts; testdata/cases.py has written it.
type scikitCase struct {
	Columns, Classes int
	Train, Test      []float64
	Labels           []int
	TestLabels       []int `json:"test_labels"`
	Methods          []scikitMethod
	Forest, Extra    []float64 // accuracies of ten seeds
}

type scikitMethod struct {
	Name     string
	Settings struct {
		K, Depth, Leaf, Split int
		C, Gamma              float64
	}
	Predicted     []int
	Probabilities []float64
}

func (m scikitMethod) method() baseline.Method {
	s := m.Settings
	switch m.Name {
	case "neighbours":
		return baseline.Neighbours{K: s.K}
	case "bayes":
		return baseline.NaiveBayes{}
	case "logistic":
		return baseline.Logistic{C: s.C, Tolerance: 1e-7}
	case "tree":
		return baseline.Tree{MaxDepth: s.Depth, MinLeaf: s.Leaf, MinSplit: s.Split}
	case "svm":
		return baseline.SVM{C: s.C, Gamma: s.Gamma, Tolerance: 1e-6}
	}
	return nil
}

func readCases(t testing.TB) []scikitCase {
	t.Helper()
	f, err := os.Open("testdata/scikit.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []scikitCase }
	if err := json.NewDecoder(z).Decode(&file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 10 {
		t.Fatalf("%d cases", len(file.Cases))
	}
	return file.Cases
}

func (c scikitCase) matrix(values []float64) baseline.Matrix {
	return baseline.Matrix{Rows: len(values) / c.Columns, Columns: c.Columns, Values: values}
}

// Every method predicts what scikit-learn does.
func TestScikit(t *testing.T) {
	for n, c := range readCases(t) {
		for _, m := range c.Methods {
			classifier, err := m.method().Fit(context.Background(), c.matrix(c.Train), c.Labels, c.Classes)
			if err != nil {
				t.Errorf("case %d, %s %+v: %v", n, m.Name, m.Settings, err)
				continue
			}
			got, err := baseline.Predict(classifier, c.matrix(c.Test))
			if err != nil {
				t.Errorf("case %d, %s: %v", n, m.Name, err)
				continue
			}
			differ := 0
			for i, k := range got {
				if k != m.Predicted[i] {
					differ++
				}
			}
			if differ > 0 {
				t.Errorf("case %d, %s %+v: %d of %d predictions differ", n, m.Name, m.Settings, differ, len(got))
			}
			if m.Probabilities == nil {
				continue
			}
			scores, err := classifier.Scores(c.matrix(c.Test))
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range m.Probabilities {
				if math.Abs(scores[i]-p) > 1e-6 {
					t.Errorf("case %d, %s %+v: score %d is %v, want %v", n, m.Name, m.Settings, i, scores[i], p)
					break
				}
			}
		}
	}
}

// The mean accuracy of forests of ten seeds is scikit-learn's to within 0.02. Its standard error is 0.009 on the smallest set.
func TestScikitForest(t *testing.T) {
	for n, c := range readCases(t) {
		compareAccuracy(t, n, c, c.Forest, func(seed uint64) baseline.Method { return baseline.Forest{Seed: 20 + seed} })
		compareAccuracy(t, n, c, c.Extra, func(seed uint64) baseline.Method { return baseline.ExtraTrees{Seed: seed} })
	}
}

func compareAccuracy(t *testing.T, n int, c scikitCase, accuracies []float64, method func(seed uint64) baseline.Method) {
	t.Helper()
	if len(accuracies) == 0 {
		return
	}
	ours, theirs := 0.0, 0.0
	for seed, accuracy := range accuracies {
		got, err := baseline.Predict(fit(t, method(uint64(seed)), c.matrix(c.Train), c.Labels, c.Classes), c.matrix(c.Test))
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range got {
			if k == c.TestLabels[i] {
				ours += 1 / float64(len(got)*len(accuracies))
			}
		}
		theirs += accuracy / float64(len(accuracies))
	}
	t.Logf("case %d, %s: %.3f, scikit-learn %.3f", n, method(0).Name(), ours, theirs)
	if math.Abs(ours-theirs) > 0.02 {
		t.Errorf("case %d, %s: mean accuracy %.3f, scikit-learn's is %.3f", n, method(0).Name(), ours, theirs)
	}
}
