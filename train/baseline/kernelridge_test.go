package baseline_test

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// described returns rows with bags of two kinds and three values, some of which are equal, and labels of four tasks, in the last of which all
// labels are 1 and some are missing.
func described(seed uint64, rows int) (d baseline.Described, labels []float32) {
	r := rand.New(rand.NewPCG(seed, 4))
	a, more := bags(seed, rows)
	b, _ := bags(seed+100, rows)
	d = baseline.Described{Bags: []baseline.Bags{a, b}, Values: baseline.Matrix{Rows: rows, Columns: 3}}
	for i := range rows {
		for range 3 {
			d.Values.Values = append(d.Values.Values, r.NormFloat64())
		}
		labels = append(labels, more[3*i:3*i+3]...)
		labels = append(labels, 1)
	}
	return d, labels
}

// twice returns the rows twice.
func twice(d baseline.Described) baseline.Described {
	var t baseline.Described
	for _, b := range d.Bags {
		var c baseline.Bags
		for i := range 2 * b.Rows() {
			i %= b.Rows()
			c.Append(func(yield func(uint32, int) bool) {
				for k := b.Start[i]; k < b.Start[i+1]; k++ {
					yield(b.ID[k], int(b.N[k]))
				}
			})
		}
		t.Bags = append(t.Bags, c)
	}
	t.Values = baseline.Matrix{Rows: 2 * d.Values.Rows, Columns: d.Values.Columns, Values: slices.Repeat(d.Values.Values, 2)}
	return t
}

// similar is the kernel by its definition, with Gamma over the median as gamma.
func similar(a baseline.Described, i int, b baseline.Described, j int, gamma float64) float64 {
	sum := 0.0
	for kind := range a.Bags {
		least, most := 0.0, 0.0
		x, y := dense(a.Bags[kind], i), dense(b.Bags[kind], j)
		for k, v := range x {
			least, most = least+min(v, y[k]), most+max(v, y[k])
		}
		if least > 0 {
			sum += least / most
		}
	}
	d := 0.0
	for k, v := range a.Values.Row(i) {
		d += (v - b.Values.Row(j)[k]) * (v - b.Values.Row(j)[k])
	}
	return (sum + math.Exp(-gamma*d)) / float64(len(a.Bags)+1)
}

// The weights solve the equations of the method: on a training row with a label, the residual (y - r) - v g is Lambda times the weight; so g on other
// rows is the kernel's combination of these residuals. Rows that occur twice count twice. The result has the same bits for any number of threads, and
// after Pack and UnpackRidged.
func TestKernelRidge(t *testing.T) {
	const lambda = 0.5
	ctx := context.Background()
	train, labels := described(1, 40)
	train, labels = twice(train), slices.Repeat(labels, 2)
	test, _ := described(2, 15)
	c, err := baseline.KernelRidge{Lambda: lambda, Gamma: 1}.Fit(ctx, train, labels, 4)
	if err != nil {
		t.Fatal(err)
	}
	on := func(d baseline.Described, threads int) []float64 {
		s, err := c.Scores(ctx, d, threads)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	fitted, got := on(train, 1), on(test, 1)
	gamma := c.Pack()["settings"].([]float64)[0]
	for task := range 2 {
		rate, known := 0.0, 0.0
		for i := range 80 {
			if y := float64(labels[4*i+task]); y == y {
				rate, known = rate+y, known+1
			}
		}
		rate /= known
		value := func(score float64) float64 {
			return math.Log(score) - math.Log1p(-score) - math.Log(rate) + math.Log1p(-rate)
		}
		for i := range 15 {
			want := 0.0
			for j := range 80 {
				if y := float64(labels[4*j+task]); y == y {
					want += (y - rate - rate*(1-rate)*value(fitted[4*j+task])) / lambda * similar(test, i, train, j, gamma)
				}
			}
			if g := value(got[4*i+task]); math.Abs(g-want) > 1e-4 {
				t.Errorf("row %d, task %d: %v, want %v", i, task, g, want)
			}
		}
	}
	for i := range 15 {
		if got[4*i+2] != 0.5 || math.Abs(got[4*i+3]-0.9999) > 1e-9 {
			t.Errorf("row %d: %v without labels, %v with labels 1 only", i, got[4*i+2], got[4*i+3])
		}
	}
	again, err := baseline.KernelRidge{Lambda: lambda, Gamma: 1, Threads: 3}.Fit(ctx, train, labels, 4)
	if err != nil {
		t.Fatal(err)
	}
	back, err := baseline.UnpackRidged(again.Pack())
	if err != nil {
		t.Fatal(err)
	}
	if more, err := back.Scores(ctx, test, 2); err != nil || !slices.Equal(more, got) || back.Tasks() != 4 {
		t.Errorf("other scores with three threads, after UnpackRidged (%v)", err)
	}
	if kinds, columns := back.Inputs(); kinds != 2 || columns != 3 {
		t.Errorf("%d kinds and %d columns", kinds, columns)
	}
}

// Bags alone, and values alone.
func TestKernelRidgeParts(t *testing.T) {
	ctx := context.Background()
	d, labels := described(3, 30)
	for _, part := range []baseline.Described{{Bags: d.Bags[:1]}, {Values: d.Values}} {
		c, err := baseline.KernelRidge{Lambda: 1e-3}.Fit(ctx, part, labels, 4)
		if err != nil {
			t.Fatal(err)
		}
		scores, err := c.Scores(ctx, part, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			if y := labels[4*i]; (y == 1) != (scores[4*i] > 0.5) {
				t.Errorf("row %d with the label %v has the score %v, though the penalty is small", i, y, scores[4*i])
			}
		}
	}
}

func TestKernelRidgeErrors(t *testing.T) {
	ctx := context.Background()
	d, labels := described(1, 10)
	odd := d
	odd.Values.Rows = 9
	for want, f := range map[string]func() error{
		"labels of 4 tasks": func() error { _, err := baseline.KernelRidge{}.Fit(ctx, d, labels[4:], 4); return err },
		"has the label 2": func() error {
			_, err := baseline.KernelRidge{}.Fit(ctx, d, slices.Repeat([]float32{2}, 10), 1)
			return err
		},
		"Lambda -1":        func() error { _, err := baseline.KernelRidge{Lambda: -1}.Fit(ctx, d, labels, 4); return err },
		"Gamma NaN":        func() error { _, err := baseline.KernelRidge{Gamma: math.NaN()}.Fit(ctx, d, labels, 4); return err },
		"9 rows of values": func() error { _, err := baseline.KernelRidge{}.Fit(ctx, odd, labels, 4); return err },
		"without bags":     func() error { _, err := baseline.KernelRidge{}.Fit(ctx, baseline.Described{}, labels, 4); return err },
		"0 kinds of bags": func() error {
			c, err := baseline.KernelRidge{}.Fit(ctx, d, labels, 4)
			if err == nil {
				_, err = c.Scores(ctx, baseline.Described{Values: d.Values}, 1)
			}
			return err
		},
		"canceled": func() error {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			_, err := baseline.KernelRidge{}.Fit(ctx, d, labels, 4)
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// Whatever the arrays hold, UnpackRidged gives an error or a classifier that scores.
func FuzzUnpackRidged(f *testing.F) {
	d, labels := described(1, 6)
	c, err := baseline.KernelRidge{}.Fit(context.Background(), d, labels, 4)
	if err != nil {
		f.Fatal(err)
	}
	for i := range uint16(13) {
		f.Add(i, uint16(i), uint8(i), []byte{1, 2, 3, 4})
	}
	f.Fuzz(func(t *testing.T, array, at uint16, value uint8, more []byte) {
		a := maps.Clone(c.Pack())
		name := slices.Sorted(maps.Keys(a))[int(array)%len(a)]
		a[name] = changed(a[name], int(at), value, more)
		c, err := baseline.UnpackRidged(a)
		if err != nil {
			return
		}
		if kinds, columns := c.Inputs(); kinds != 2 || columns != 3 {
			return
		}
		if scores, err := c.Scores(context.Background(), d, 1); err != nil || len(scores) != 6*c.Tasks() {
			t.Errorf("%d scores, %v", len(scores), err)
		}
	})
}
