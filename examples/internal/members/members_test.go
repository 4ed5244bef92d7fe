package members

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

const classes, columns = 3, 4

// example returns a set of classes that depend on its features, its folds, and predictions of made-up networks out of fold.
func example(t *testing.T) (*datasets.Set, []train.Fold, *train.Result) {
	t.Helper()
	const rows = 90
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float32, rows*columns), make([]float32, rows)
	for i := range rows {
		for c := range columns {
			x[i*columns+c] = float32(r.NormFloat64())
		}
		if y[i] = 0; x[i*columns] > 0.4 {
			y[i] = 1
		} else if x[i*columns+1] > 0 {
			y[i] = 2
		}
	}
	features, err := datasets.NewDense(rows, columns, x)
	if err != nil {
		t.Fatal(err)
	}
	set := &datasets.Set{Name: "made up", Features: features, FeatureNames: []string{"a", "b", "c", "d"}, Tasks: []string{"y"}, Classes: []string{"u", "v", "w"}, Labels: y}
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	folds, err := datasets.KFold(all, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	out := &train.Result{Predictions: train.Predictions{Rows: rows, Outputs: classes}, Kind: metric.Classes}
	for _, f := range folds {
		for _, row := range f.Held {
			p := []float64{0.25, 0.25, 0.25}
			p[set.Class(row)] = 0.5
			out.Values, out.Labels = append(out.Values, p...), append(out.Labels, float64(set.Class(row)))
		}
	}
	return set, folds, out
}

// Members that were saved and read predict the same bits, for a matrix as for rows, and are the same for any number of threads.
func TestMembers(t *testing.T) {
	ctx := context.Background()
	kinds, err := Parse("forest:30,extratrees:30")
	if err != nil {
		t.Fatal(err)
	}
	var first []float64
	for _, threads := range []int{1, 3} {
		set, folds, out := example(t)
		before := logLoss(out.Values, out.Labels, nil, classes)
		m, losses, err := Fit(ctx, kinds, set, folds, out, 7, threads)
		if err != nil {
			t.Fatal(err)
		}
		if len(losses) != 3 || losses[0] != before || out.Loss >= before || len(m.Weights) != 3 {
			t.Errorf("log losses %v with weights %v, all together %v", losses, m.Weights, out.Loss)
		}
		text, arrays, err := m.Pack()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Unpack(text, arrays, columns, classes)
		if err != nil {
			t.Fatal(err)
		}
		values := slices.Repeat([]float64{0.2, 0.3, 0.5}, set.Len())
		p := &train.Predictions{Rows: set.Len(), Outputs: classes, Values: slices.Clone(values)}
		if err := m.Combine(ctx, p, set.Features); err != nil {
			t.Fatal(err)
		}
		x := make([]float32, set.Len()*columns)
		for i := range set.Len() {
			if err := set.Features.Gather(x[i*columns:], columns, []int{i}); err != nil {
				t.Fatal(err)
			}
		}
		if err := back.CombineRows(values, x); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(values, p.Values) || first != nil && !slices.Equal(values, first) {
			t.Errorf("%d threads: predictions differ", threads)
		}
		first = values
		for i := range set.Len() {
			if row := p.Row(i); math.Abs(row[0]+row[1]+row[2]-1) > 1e-12 {
				t.Errorf("row %d: %v", i, row)
			}
		}
	}
}

// Weights lower the log loss of the rows that chose them, ignore a kind that is worse than nothing, and stay near the usual ones for few rows.
func TestWeigh(t *testing.T) {
	const rows = 3000
	r := rand.New(rand.NewPCG(3, 4))
	good, noise, labels := make([]float64, 0, 2*rows), make([]float64, 0, 2*rows), make([]float64, rows)
	for i := range labels {
		z := 2 * r.NormFloat64()
		p := 1 / (1 + math.Exp(-z))
		if r.Float64() < p {
			labels[i] = 1
		}
		good = append(good, 1-p, p)
		q := r.Float64()
		noise = append(noise, 1-q, q)
	}
	w, err := Weigh([][]float64{good, noise}, labels, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(w[0]-1) > 0.1 || w[1] > 0.05 {
		t.Errorf("weights %v, want about 1 and 0", w)
	}
	if few, err := Weigh([][]float64{good[:2], noise[:2]}, labels[:1], nil, 2); err != nil || math.Abs(few[0]-0.5) > 0.25 || math.Abs(few[1]-0.5) > 0.25 {
		t.Errorf("one row gives the weights %v, %v", few, err)
	}
	missing, ignored := slices.Clone(labels), make([]float64, rows)
	for i := range missing {
		if ignored[i] = 1; i%2 == 1 {
			missing[i], ignored[i] = math.NaN(), 0
		}
	}
	a, err := Weigh([][]float64{good, noise}, missing, nil, 2)
	b, err2 := Weigh([][]float64{good, noise}, labels, ignored, 2)
	if err != nil || err2 != nil || !slices.Equal(a, b) {
		t.Errorf("rows without a label give %v, rows without weight %v (%v, %v)", a, b, err, err2)
	}
}

// One kind with the weight 1 is unchanged but for the floor, and the order of the kinds does not matter.
func TestPool(t *testing.T) {
	p, q := []float64{0.7, 0.2, 0.1, 0, 0, 1}, []float64{0.1, 0.1, 0.8, 0.3, 0.3, 0.4}
	alone, err := Pool([][]float64{p}, []float64{1}, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p {
		if math.Abs(alone[i]-p[i]) > 3*floor {
			t.Errorf("%v becomes %v", p, alone)
		}
	}
	a, err := Pool([][]float64{p, q}, []float64{0.3, 0.6}, 3)
	b, err2 := Pool([][]float64{q, p}, []float64{0.6, 0.3}, 3)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-12 {
			t.Errorf("%v and %v", a, b)
		}
	}
}

// No members change nothing and save nothing.
func TestNoMembers(t *testing.T) {
	var m *Members
	set, _, out := example(t)
	old := slices.Clone(out.Values)
	if err := m.Evaluate(context.Background(), out, set.Features); err != nil || !slices.Equal(out.Values, old) || m.CombineRows(old, nil) != nil {
		t.Errorf("no members change predictions (%v)", err)
	}
	if text, arrays, err := m.Pack(); text != "" || arrays != nil || err != nil {
		t.Errorf("no members are saved as %q, %v, %v", text, arrays, err)
	}
	if m, err := Unpack("", nil, 1, 2); m != nil || err != nil {
		t.Errorf("nothing is read as %v, %v", m, err)
	}
}

// Parts that do not fit together give an error that names the fault.
func TestErrors(t *testing.T) {
	ctx := context.Background()
	set, folds, out := example(t)
	kinds, _ := Parse("forest:6")
	m, _, err := Fit(ctx, kinds, set, folds, out, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	text, arrays, _ := m.Pack()
	change := func(f func(f *file)) string {
		var x file
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Fatal(err)
		}
		f(&x)
		raw, _ := json.Marshal(x)
		return string(raw)
	}
	unpack := func(text string, columns, classes int) error {
		_, err := Unpack(text, arrays, columns, classes)
		return err
	}
	second := func(_ any, err error) error { return err }
	one := [][]float64{{0.5, 0.5}}
	for want, err := range map[string]error{
		"unexpected end":           unpack(`{"kinds":`, columns, classes),
		"0 kinds":                  unpack(`{}`, columns, classes),
		"of the kind \"wood\"":     unpack(change(func(f *file) { f.Kinds[0].Name = "wood" }), columns, classes),
		"-1 models":                unpack(change(func(f *file) { f.Kinds[0].Models = -1 }), columns, classes),
		"belongs to no member":     unpack(change(func(f *file) { f.Kinds[0].Models = 2 }), columns, classes),
		"the weight -1":            unpack(change(func(f *file) { f.Weights[0] = -1 }), columns, classes),
		"forest/1/":                unpack(text, columns+1, classes),
		"3 classes, want 2":        unpack(text, columns, 2),
		"want forest":              second(Parse("forrest")),
		"want 1 to":                second(Parse("forest:0")),
		"\"forest,forest\"":        second(Parse("forest,forest")),
		"no folds":                 func() error { _, _, err := Fit(ctx, kinds, set, nil, out, 1, 1); return err }(),
		"90 rows of 4 columns":     m.Combine(ctx, &train.Predictions{Rows: 3, Outputs: 3, Values: make([]float64, 9)}, set.Features),
		"1 features":               m.CombineRows(make([]float64, 3), make([]float32, 1)),
		"2 weights":                second(Pool(one, []float64{1, 2}, 2)),
		"for 3 classes":            second(Pool(one, []float64{1}, 3)),
		"the weight NaN":           second(Pool(one, []float64{math.NaN()}, 2)),
		"0 labels":                 second(Weigh(one, nil, nil, 2)),
		"the label 7":              second(Weigh(one, []float64{7}, nil, 2)),
		"there are no kinds":       second(Weigh(nil, nil, nil, 2)),
		"there is no kind \"ash\"": second(Kind{Name: "ash"}.fit(ctx, nil, nil, nil, 2, 1, 1, 1)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
