package metric_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/metric"
)

// hostile are results whose parts do not fit together, or are absurd.
func hostile() []*metric.Result {
	const huge = math.MaxInt / 8
	out := []*metric.Result{nil, {}}
	for kind := metric.Kind(-1); kind < 6; kind++ {
		for _, n := range [][2]int{{0, 0}, {1, 1}, {-1, 1}, {1, -1}, {huge, huge}, {huge, 0}, {0, huge}, {math.MaxInt / 4, math.MaxInt / 4}, {huge, 1}, {1, huge}, {0, 5}} {
			out = append(out, result(kind, n[0], n[1], nil, nil, nil), result(kind, n[0], n[1], []float64{1}, []float64{0}, []float64{1}),
				result(kind, n[0], n[1], []float64{math.NaN()}, []float64{math.NaN()}, nil))
		}
	}
	cycle := result(metric.Values, 1, 1, []float64{1}, []float64{0}, nil)
	cycle.Parts, cycle.Named = []metric.Part{{Name: "x", Result: cycle}}, []metric.NamedPredictions{{Name: "x", Predictions: &cycle.Predictions}}
	for _, parts := range [][]metric.Part{{}, {{}}, {{Name: "x", Weight: math.NaN(), Result: &metric.Result{}}}, {{Name: "x", Result: result(metric.Values, 1, 1, []float64{1}, []float64{0}, nil)}},
		{{Name: "x", Weight: 1, Result: result(metric.Values, 1, 1, nil, nil, nil)}}, {{Result: result(metric.Binary, 1, 1, []float64{1}, []float64{0}, nil)}}} {
		r := result(metric.Values, 1, 1, []float64{1}, []float64{0}, nil)
		r.Parts, r.Named = parts, []metric.NamedPredictions{{}, {Name: "x"}}
		out = append(out, r)
	}
	return append(out, cycle)
}

// calls calls every exported function and method with the given result, index and slice.
func calls() map[string]func(r *metric.Result, n int, x []float64) {
	all := []metric.Metric{{}, {Func: func(r *metric.Result) (float64, error) { return r.Values[0], nil }}, metric.Loss, metric.Pinball(math.NaN()), metric.TopK(math.MaxInt / 8)}
	for _, name := range metric.Names() {
		m, _ := metric.ByName(name)
		all = append(all, m)
	}
	confusions := func(x []float64) []metric.Confusion { return []metric.Confusion{nil, {}, {x}, {x, x}, {x, nil}} }
	return map[string]func(r *metric.Result, n int, x []float64){
		"Check": func(r *metric.Result, n int, x []float64) {
			_ = r.Check()
			each(all, func(m metric.Metric) { _ = m.Check(r) })
		},
		"Compute": func(r *metric.Result, n int, x []float64) { each(all, func(m metric.Metric) { _, _ = m.Compute(r) }) },
		"CheckKind": func(r *metric.Result, n int, x []float64) {
			each(all, func(m metric.Metric) { _ = m.CheckKind(metric.Kind(n)) })
		},
		"For": func(r *metric.Result, n int, x []float64) {
			each(all, func(m metric.Metric) {
				_, _ = m.For("x").Compute(r)
				_ = m.For("x").Check(r)
				_, _ = m.For("").For("y").Compute(r)
			})
		},
		"Output": func(r *metric.Result, n int, x []float64) {
			r.Output("x").Output("x")
			predictions(r).Output("x").Output("")
		},
		"Better": func(r *metric.Result, n int, x []float64) {
			each(all, func(m metric.Metric) { m.Better(math.NaN(), float64(n)) })
		},
		"Worst":         func(r *metric.Result, n int, x []float64) { each(all, func(m metric.Metric) { m.Worst() }) },
		"String":        func(r *metric.Result, n int, x []float64) { _ = metric.Kind(n).String() },
		"Row":           func(r *metric.Result, n int, x []float64) { _ = predictions(r).Row(n) },
		"TotalWeight":   func(r *metric.Result, n int, x []float64) { r.TotalWeight() },
		"Tasks":         func(r *metric.Result, n int, x []float64) { r.Tasks() },
		"Task":          func(r *metric.Result, n int, x []float64) { _, _ = r.Task(n) },
		"TaskROCAUC":    func(r *metric.Result, n int, x []float64) { _, _ = r.TaskROCAUC(n) },
		"TaskConfusion": func(r *metric.Result, n int, x []float64) { _, _ = r.TaskConfusion(n) },
		"Confusion":     func(r *metric.Result, n int, x []float64) { _, _ = r.Confusion() },
		"Confidence":    func(r *metric.Result, n int, x []float64) { _, _ = r.Confidence() },
		"Append": func(r *metric.Result, n int, x []float64) {
			_ = new(metric.Result).Append(r)
			if r != nil {
				c := *r
				r = &c
			}
			_ = r.Append(r)
			_ = r.Append(&metric.Result{})
		},
		"MeanResult": func(r *metric.Result, n int, x []float64) { _, _ = metric.MeanResult(r, r, nil) },
		"MeanPredictions": func(r *metric.Result, n int, x []float64) {
			_, _ = metric.MeanPredictions(predictions(r), nil)
			_, _ = metric.MeanPredictions(predictions(r), predictions(r))
		},
		"ROCAUC": func(r *metric.Result, n int, x []float64) {
			_, _ = metric.ROCAUC(x, x, nil)
			_, _ = metric.ROCAUC(x, nil, x)
		},
		"PRAUC": func(r *metric.Result, n int, x []float64) {
			_, _ = metric.PRAUC(x, x, x)
			_, _ = metric.PRAUC(nil, x, x)
		},
		"ROCCurve":    func(r *metric.Result, n int, x []float64) { _, _, _, _ = metric.ROCCurve(x, x, x) },
		"PRCurve":     func(r *metric.Result, n int, x []float64) { _, _, _, _ = metric.PRCurve(x, x, x) },
		"Reliability": func(r *metric.Result, n int, x []float64) { _, _ = metric.Reliability(x, x, x, n) },
		"Regression":  func(r *metric.Result, n int, x []float64) { _, _ = metric.Regression(x, x, x) },
		"TopK":        func(r *metric.Result, n int, x []float64) { _, _ = metric.TopK(n).Compute(r) },
		"Pinball":     func(r *metric.Result, n int, x []float64) { _, _ = metric.Pinball(float64(n)).Compute(r) },
		"Names":       func(r *metric.Result, n int, x []float64) { metric.Names() },
		"ByName":      func(r *metric.Result, n int, x []float64) { _, _ = metric.ByName("") },
		"Register":    func(r *metric.Result, n int, x []float64) { _ = metric.Register(metric.Metric{}) },
		"BalancedAccuracy": func(r *metric.Result, n int, x []float64) {
			each(confusions(x), func(c metric.Confusion) { _, _ = c.BalancedAccuracy() })
		},
		"MCC": func(r *metric.Result, n int, x []float64) {
			each(confusions(x), func(c metric.Confusion) { _, _ = c.MCC() })
		},
		"Recalls": func(r *metric.Result, n int, x []float64) {
			each(confusions(x), func(c metric.Confusion) { c.Recalls() })
		},
	}
}

func each[T any](all []T, f func(T)) {
	for _, x := range all {
		f(x)
	}
}

func predictions(r *metric.Result) *metric.Predictions {
	if r == nil {
		return nil
	}
	return &r.Predictions
}

// Nothing panics or hangs on nil, zero values, absurd sizes and lengths that disagree.
func TestNoPanic(t *testing.T) {
	numbers := []int{0, -1, 1, 7, math.MaxInt / 8, math.MinInt}
	slices := [][]float64{nil, {}, {math.NaN()}, {0, 1}, {1, math.Inf(1)}, {-1, 0.5}}
	results := hostile()
	for name, call := range calls() {
		try := func(r *metric.Result, n int, x []float64) {
			defer func() {
				if p := recover(); p != nil {
					t.Fatalf("%s(%+v, %d, %v): panic: %v", name, r, n, x, p)
				}
			}()
			call(r, n, x)
		}
		for _, n := range numbers { // no function reads a result and a slice
			each(results, func(r *metric.Result) { try(r, n, nil) })
			each(slices, func(x []float64) { try(nil, n, x) })
		}
	}
}

// The calls are those of all exported functions and methods.
func TestNoPanicIsComplete(t *testing.T) {
	names, _ := filepath.Glob("*.go")
	tested, found := calls(), 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() {
				found++
				if tested[f.Name.Name] == nil {
					t.Errorf("%s is not called with bad arguments", f.Name.Name)
				}
			}
		}
	}
	if found < len(tested) {
		t.Errorf("%d functions, %d calls", found, len(tested))
	}
}

// Results with no reasonable size are errors, not zeros.
func TestHostileResultsAreErrors(t *testing.T) {
	for _, r := range hostile() {
		for _, m := range []metric.Metric{metric.Accuracy, metric.RMSE, metric.Loss, metric.MeanROCAUC} {
			v, err := m.Compute(r)
			sound := r != nil && r.Rows == 1 && r.Outputs == 1 && len(r.Values) == 1 && !math.IsNaN(r.Labels[0])
			if err == nil && !sound {
				t.Errorf("%s of %+v is %v", m.Name, r, v)
			}
		}
	}
}
