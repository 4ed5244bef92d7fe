package metric_test

import (
	"math"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
	"pgregory.net/rapid"
)

func result(kind metric.Kind, rows, outputs int, values, labels, weights []float64) *metric.Result {
	return &metric.Result{Predictions: metric.Predictions{Rows: rows, Outputs: outputs, Values: values}, Kind: kind, Labels: labels, Weights: weights}
}

func TestAccuracy(t *testing.T) {
	nan := math.NaN()
	for name, r := range map[string]*metric.Result{
		"classes":        result(metric.Classes, 3, 2, []float64{0.9, 0.1, 0.4, 0.6, 0.2, 0.8}, []float64{0, 1, 0}, nil),
		"missing class":  result(metric.Classes, 4, 2, []float64{0.9, 0.1, 0.4, 0.6, 0.2, 0.8, nan, nan}, []float64{0, 1, 0, nan}, nil),
		"weighted rows":  result(metric.Classes, 2, 2, []float64{0.9, 0.1, 0.2, 0.8}, []float64{0, 0}, []float64{2, 1}),
		"tasks":          result(metric.Binary, 2, 2, []float64{0.9, 0.1, 0.4, 0.6}, []float64{1, 1, 0, 0}, []float64{1, 1, 1, 0}),
		"missing label":  result(metric.Binary, 2, 2, []float64{0.9, 0.1, 0.4, 0.6}, []float64{1, 1, 0, nan}, nil),
		"distributions":  result(metric.Distributions, 3, 2, []float64{0.9, 0.1, 0.4, 0.6, 0.2, 0.8}, []float64{.6, .4, .1, .9, 1, 0}, nil),
		"weighted label": result(metric.Binary, 2, 1, []float64{0.9, 0.9}, []float64{1, 0}, []float64{0.5, 0.25}),
	} {
		if got, err := metric.Accuracy.Compute(r); err != nil || math.Abs(got-2./3) > 1e-15 {
			t.Errorf("%s: accuracy %v (%v), want 2/3", name, got, err)
		}
	}
}

// Distributions that are certain have the values of classes.
func TestCertainDistributions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawResult(t)
		if r.Kind != metric.Classes {
			return
		}
		d := *r
		d.Kind, d.Labels = metric.Distributions, make([]float64, len(r.Values))
		for i, y := range r.Labels {
			if math.IsNaN(y) {
				d.Labels[i*r.Outputs] = y
			} else {
				d.Labels[i*r.Outputs+int(y)] = 1
			}
		}
		eachMetric(t, r, &d)
	})
}

// A metric for the wrong kind of labels says what to use.
func TestWrongKind(t *testing.T) {
	for _, c := range []struct {
		m    metric.Metric
		kind metric.Kind
		want string
	}{
		{metric.Accuracy, metric.Values, "metric: accuracy is for classes, binary labels or distributions over classes, but this is a regression; use RMSE, MAE or R2"},
		{metric.LogLoss, metric.Values, "use RMSE"},
		{metric.RMSE, metric.Classes, "metric: RMSE is for regression, but this is a result with classes; use accuracy, balanced accuracy or log loss"},
		{metric.RMSE, metric.Binary, "Brier score"},
		{metric.TopK(2), metric.Binary, "ROC-AUC"},
		{metric.Accuracy, 0, "set Result.Kind"},
	} {
		r := result(c.kind, 1, 3, []float64{0, 0, 0}, []float64{0, 0, 0}, nil)
		if c.kind == metric.Classes {
			r.Labels = []float64{0}
		}
		_, err := c.m.Compute(r)
		for _, err := range []error{err, c.m.Check(r), c.m.CheckKind(c.kind)} {
			if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, metric.ErrUndefined) {
				t.Errorf("%s of %v: error %v", c.m.Name, c.kind, err)
			}
		}
	}
}

// Errors name the row and what is wrong with it.
func TestBadValues(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		m    metric.Metric
		r    *metric.Result
		want string
	}{
		"NaN score":         {metric.MeanROCAUC, result(metric.Binary, 2, 1, []float64{1, nan}, []float64{0, 1}, nil), "row 1 is NaN"},
		"no probability":    {metric.Brier, result(metric.Binary, 2, 1, []float64{1, 1.5}, []float64{0, 1}, nil), "row 1 is 1.5"},
		"class of 3":        {metric.Accuracy, result(metric.Classes, 2, 2, []float64{1, 0, 1, 0}, []float64{0, 3}, nil), "row 1 has class 3"},
		"half a class":      {metric.LogLoss, result(metric.Classes, 1, 2, []float64{1, 0}, []float64{0.5}, nil), "row 0 has class 0.5"},
		"negative class":    {metric.MCC, result(metric.Classes, 1, 2, []float64{1, 0}, []float64{-1}, nil), "row 0 has class -1"},
		"NaN of a class":    {metric.Accuracy, result(metric.Classes, 1, 2, []float64{1, nan}, []float64{0}, nil), "row 0 is NaN"},
		"negative weight":   {metric.RMSE, result(metric.Values, 2, 1, []float64{1, 1}, []float64{1, 1}, []float64{1, -1}), "row 1 has weight -1"},
		"NaN weight":        {metric.Loss, result(metric.Values, 1, 1, []float64{1}, []float64{1}, []float64{nan}), "row 0 has weight NaN"},
		"infinite weight":   {metric.MAE, result(metric.Values, 1, 1, []float64{1}, []float64{1}, []float64{inf}), "row 0 has weight +Inf"},
		"infinite label":    {metric.R2, result(metric.Values, 2, 1, []float64{1, 1}, []float64{1, inf}, nil), "row 1 has label +Inf"},
		"sum of a label":    {metric.LogLoss, result(metric.Distributions, 1, 2, []float64{1, 0}, []float64{0.5, 0.6}, nil), "row 0 sums to 1.1"},
		"few labels":        {metric.MAE, result(metric.Values, 2, 1, []float64{1, 1}, []float64{1}, nil), "1 labels"},
		"few weights":       {metric.MAE, result(metric.Values, 2, 1, []float64{1, 1}, []float64{1, 1}, []float64{1}), "1 weights"},
		"few values":        {metric.MAE, result(metric.Values, 2, 1, []float64{1}, []float64{1, 1}, nil), "1 values"},
		"overflow":          {metric.R2, result(metric.Values, 2, 1, []float64{1, 1}, []float64{1e300, -1e300}, nil), "not a number"},
		"weights overflow":  {metric.MAE, result(metric.Values, 2, 1, []float64{1, 1}, []float64{1, 1}, []float64{1e308, 1e308}), "overflows"},
		"top 2 of 2":        {metric.TopK(2), result(metric.Classes, 1, 2, []float64{1, 0}, []float64{0}, nil), "2 most probable of 2"},
		"top 0":             {metric.TopK(0), result(metric.Classes, 1, 2, []float64{1, 0}, []float64{0}, nil), "0 most probable of 2"},
		"quantile 1":        {metric.Pinball(1), result(metric.Values, 1, 1, []float64{1}, []float64{0}, nil), "quantile 1"},
		"panic of a metric": {metric.Metric{Name: "mine", Func: func(r *metric.Result) (float64, error) { return r.Values[7], nil }}, result(metric.Values, 1, 1, []float64{1}, []float64{0}, nil), "mine: panic: runtime error: index out of range [7]"},
	} {
		if v, err := c.m.Compute(c.r); err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, metric.ErrUndefined) {
			t.Errorf("%s: %v, error %v", name, v, err)
		}
	}
}

// Your own metric is tried on artificial predictions, unless it declares its needs.
func TestOwnMetric(t *testing.T) {
	r := result(metric.Classes, 3, 3, nil, []float64{0, 1, 2}, nil)
	probable := metric.Metric{Name: "probability of the class", Func: func(r *metric.Result) (float64, error) {
		sum := 0.0
		for i, y := range r.Labels {
			p, total := r.Row(i), 0.0
			for _, v := range p {
				total += v
			}
			if math.Abs(total-1) > 1e-9 {
				return 0, errors.Errorf("probabilities of row %d sum to %v", i, total)
			}
			sum += p[int(y)]
		}
		return sum / float64(r.Rows), nil
	}}
	if err := probable.Check(r); err != nil {
		t.Error(err)
	}
	never := metric.Metric{Name: "never", Func: func(*metric.Result) (float64, error) { return math.NaN(), nil }}
	if err := never.Check(r); !errors.Is(err, metric.ErrUndefined) {
		t.Errorf("NaN: error %v", err)
	}
	never.Defined = func(r *metric.Result) error {
		if r.Values != nil {
			t.Error("Defined got predictions")
		}
		return nil
	}
	if err := never.Check(r); err != nil {
		t.Error(err)
	}
	if v, err := never.Compute(result(metric.Classes, 0, 3, nil, nil, nil)); err != nil || !math.IsNaN(v) {
		t.Errorf("a metric's own NaN became %v, %v", v, err)
	}
	never.Defined = func(*metric.Result) error { panic("oh") }
	if err := never.Check(r); err == nil || !strings.Contains(err.Error(), "panic: oh") {
		t.Errorf("a panic: error %v", err)
	}
}

// Better is a strict order in which NaN is worse than any number, and no number is worse than Worst.
func TestBetter(t *testing.T) {
	value := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := value.Draw(t, "a"), value.Draw(t, "b")
		lower, higher := metric.Metric{Lower: true}, metric.Metric{}
		for _, m := range []metric.Metric{lower, higher} {
			if m.Better(a, b) && m.Better(b, a) || m.Better(a, a) || m.Better(math.NaN(), a) || m.Better(m.Worst(), a) && !math.IsNaN(a) {
				t.Fatalf("%v and %v", a, b)
			}
		}
		if !math.IsNaN(a) && !math.IsNaN(b) && lower.Better(a, b) != higher.Better(b, a) {
			t.Fatalf("directions of %v and %v", a, b)
		}
		if lower.Better(a, math.NaN()) == math.IsNaN(a) {
			t.Fatalf("%v and NaN", a)
		}
	})
}

func TestRegister(t *testing.T) {
	one := func(*metric.Result) (float64, error) { return 1, nil }
	if m, err := metric.ByName("Within-ten per cent"); err != nil || m.Name != within.Name {
		t.Errorf("%+v, %v", m, err)
	}
	for _, m := range []metric.Metric{{}, {Name: "nil"}, {Func: one}, {Name: "WITHIN ten-per-cent", Func: one}, {Name: "roc-auc", Func: one},
		{Name: "a,b", Func: one}, {Name: " a", Func: one}, {Name: "a\nb", Func: one}} {
		if err := metric.Register(m); err == nil {
			t.Errorf("%q was registered", m.Name)
		}
	}
	if _, err := metric.ByName("no such"); err == nil || !strings.Contains(err.Error(), "roc-auc, pr-auc") {
		t.Errorf("error %v", err)
	}
}

// Many classes need little memory.
func TestManyClasses(t *testing.T) {
	const classes = 200_000
	r := result(metric.Classes, 2, classes, make([]float64, 2*classes), []float64{0, 199_999}, nil)
	r.Values[0], r.Values[2*classes-1] = 1, 1
	for _, m := range []metric.Metric{metric.Accuracy, metric.BalancedAccuracy, metric.MCC, metric.F1, metric.TopK(5)} {
		if v, err := m.Compute(r); err != nil || math.Abs(v-1) > 1e-12 {
			t.Errorf("%s: %v, %v", m.Name, v, err)
		}
	}
	if _, err := r.Confusion(); err == nil {
		t.Error("a matrix of 300 GB")
	}
}
