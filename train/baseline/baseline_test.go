package baseline_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/baseline"
)

func methods() []baseline.Method {
	return []baseline.Method{baseline.Neighbours{}, baseline.NaiveBayes{}, baseline.Logistic{}, baseline.Tree{}, baseline.C45(), baseline.Forest{Trees: 5}, baseline.ExtraTrees{Trees: 5}, baseline.SVM{}}
}

func fit(t *testing.T, m baseline.Method, x baseline.Matrix, labels []int, classes int) baseline.Classifier {
	t.Helper()
	c, err := m.Fit(context.Background(), x, labels, classes)
	if err != nil {
		t.Fatalf("%s: %v", m.Name(), err)
	}
	return c
}

// Every method beats chance by far where the classes differ, its scores are positive, and all but votes sum to 1.
func TestLearns(t *testing.T) {
	x, labels := blobs(3, 600, 4, 3)
	test, want := blobs(4, 300, 4, 3)
	for _, m := range methods() {
		c := fit(t, m, x, labels, 3)
		scores, err := c.Scores(test)
		if err != nil {
			t.Fatal(err)
		}
		got, err := baseline.Predict(c, test)
		if err != nil {
			t.Fatal(err)
		}
		right := 0
		for i, k := range got {
			sum := 0.0
			for _, s := range scores[i*3 : i*3+3] {
				sum += s
				if !(s >= 0) {
					t.Errorf("%s: row %d has the score %v", m.Name(), i, s)
				}
			}
			votes := m.Name() == baseline.SVM{}.Name()
			if wantSum := map[bool]float64{true: 3, false: 1}[votes]; math.Abs(sum-wantSum) > 1e-9 {
				t.Errorf("%s: the scores of row %d sum to %v", m.Name(), i, sum)
			}
			if k == want[i] {
				right++
			}
		}
		if right < 165 {
			t.Errorf("%s: %d of 300 right", m.Name(), right)
		}
	}
}

// One row, one class, a class without rows, constant and repeated columns.
func TestEdges(t *testing.T) {
	for _, m := range methods() {
		x := baseline.Matrix{Rows: 4, Columns: 2, Values: []float64{0, 1, 1, 1, 2, 1, 3, 1}}
		c := fit(t, m, x, []int{2, 2, 0, 0}, 4)
		if got, err := baseline.Predict(c, x); err != nil || slices.Contains(got, 1) || slices.Contains(got, 3) {
			t.Errorf("%s: %v %v, want no class without rows", m.Name(), got, err)
		}
		if got, err := baseline.Predict(fit(t, m, x, []int{1, 1, 1, 1}, 2), x); err != nil || !slices.Equal(got, []int{1, 1, 1, 1}) {
			t.Errorf("%s: one class gives %v, %v", m.Name(), got, err)
		}
		if got, err := baseline.Predict(c, baseline.Matrix{Columns: 2}); err != nil || len(got) != 0 {
			t.Errorf("%s: no rows give %v, %v", m.Name(), got, err)
		}
	}
}

func TestErrors(t *testing.T) {
	good := baseline.Matrix{Rows: 2, Columns: 1, Values: []float64{0, 1}}
	for _, m := range methods() {
		for want, f := range map[string]func() error{
			"row 1, column 0 is NaN": func() error {
				_, err := m.Fit(context.Background(), baseline.Matrix{Rows: 2, Columns: 1, Values: []float64{0, math.NaN()}}, []int{0, 1}, 2)
				return err
			},
			"no matrix": func() error {
				_, err := m.Fit(context.Background(), baseline.Matrix{Rows: 2}, []int{0, 1}, 2)
				return err
			},
			"no rows":     func() error { _, err := m.Fit(context.Background(), baseline.Matrix{Columns: 1}, nil, 2); return err },
			"1 labels":    func() error { _, err := m.Fit(context.Background(), good, []int{0}, 2); return err },
			"the class 2": func() error { _, err := m.Fit(context.Background(), good, []int{0, 2}, 2); return err },
			"0 classes":   func() error { _, err := m.Fit(context.Background(), good, []int{0, 0}, 0); return err },
			"trained on 1": func() error {
				_, err := fit(t, m, good, []int{0, 1}, 2).Scores(baseline.Matrix{Columns: 3})
				return err
			},
			"column 0 is +Inf": func() error {
				_, err := fit(t, m, good, []int{0, 1}, 2).Scores(baseline.Matrix{Rows: 1, Columns: 1, Values: []float64{math.Inf(1)}})
				return err
			},
		} {
			if err := f(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), m.Name()) {
				t.Errorf("%s: error %v, want one that says %q", m.Name(), err, want)
			}
		}
	}
	for _, m := range []baseline.Method{
		baseline.Neighbours{K: -1}, baseline.NaiveBayes{Smoothing: math.NaN()}, baseline.Logistic{C: -1}, baseline.Logistic{Tolerance: math.Inf(1)},
		baseline.Logistic{Iterations: -1}, baseline.Tree{MaxDepth: -1}, baseline.Tree{Criterion: 9}, baseline.Tree{Confidence: 0.5},
		baseline.SVM{Iterations: -1},
		baseline.Forest{Trees: -1}, baseline.Forest{Threads: -1}, baseline.Forest{Tree: baseline.Tree{MinLeaf: -1}}, baseline.ExtraTrees{Features: -1},
		baseline.Tree{ClassWeights: []float64{1}}, baseline.Tree{ClassWeights: []float64{1, -1}}, baseline.Tree{ClassWeights: []float64{1, 1}, Balanced: true}, baseline.SVM{Gamma: -1}, baseline.SVM{C: math.NaN()},
	} {
		if _, err := m.Fit(context.Background(), good, []int{0, 1}, 2); err == nil || !strings.HasPrefix(err.Error(), "baseline: ") {
			t.Errorf("%#v: error %v", m, err)
		}
	}
	if _, err := (baseline.NaiveBayes{}).Fit(context.Background(), baseline.Matrix{Rows: 2, Columns: 1, Values: []float64{1, 1}}, []int{0, 1}, 2); err == nil {
		t.Error("naive Bayes takes constant features")
	}
	if _, err := baseline.Predict(nil, good); err == nil {
		t.Error("no classifier predicts")
	}
}

// Training stops when its context is cancelled.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x, labels := blobs(1, 100, 3, 2)
	for _, m := range []baseline.Method{baseline.Logistic{}, baseline.Tree{}, baseline.Forest{}, baseline.ExtraTrees{}, baseline.SVM{}} {
		if _, err := m.Fit(ctx, x, labels, 2); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", m.Name(), err)
		}
	}
}

// A support vector machine that needs more steps than it may take is an error; with enough of them the bound changes nothing.
func TestSVMIterations(t *testing.T) {
	x, labels := blobs(1, 100, 3, 2)
	if _, err := (baseline.SVM{Iterations: 3}).Fit(context.Background(), x, labels, 2); err == nil || !strings.Contains(err.Error(), "3 steps") {
		t.Errorf("error %v", err)
	}
	want, err1 := fit(t, baseline.SVM{}, x, labels, 2).Scores(x)
	got, err2 := fit(t, baseline.SVM{Iterations: 1000}, x, labels, 2).Scores(x)
	if err1 != nil || err2 != nil || !slices.Equal(want, got) {
		t.Errorf("the bound changes the scores (%v, %v)", err1, err2)
	}
}

// A forest does not depend on the number of threads, but on its seed.
// Forests do not depend on the number of threads, but on their seed.
func TestForestThreads(t *testing.T) {
	x, labels := blobs(1, 200, 5, 3)
	for _, method := range []func(seed uint64, threads int) baseline.Method{
		func(seed uint64, threads int) baseline.Method {
			return baseline.Forest{Trees: 11, Seed: seed, Threads: threads}
		},
		func(seed uint64, threads int) baseline.Method {
			return baseline.ExtraTrees{Trees: 11, Seed: seed, Threads: threads, Tree: baseline.Tree{MaxDepth: 3}}
		},
	} {
		scores := func(seed uint64, threads int) []float64 {
			s, err := fit(t, method(seed, threads), x, labels, 3).Scores(x)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		one, name := scores(1, 1), method(0, 1).Name()
		if !slices.Equal(one, scores(1, 4)) {
			t.Errorf("%s: four threads give other scores than one", name)
		}
		if slices.Equal(one, scores(2, 1)) {
			t.Errorf("%s: another seed gives the same scores", name)
		}
	}
}
