package baseline_test

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// bags returns rows of a few of 40 identifiers, and labels of three tasks, some of which are missing.
func bags(seed uint64, rows int) (baseline.Bags, []float32) {
	r := rand.New(rand.NewPCG(seed, 3))
	var b baseline.Bags
	var labels []float32
	for range rows {
		b.Append(func(yield func(uint32, int) bool) {
			for id := range uint32(40) {
				yield(id*0x06000000, max(0, r.IntN(8)-5))
			}
		})
		labels = append(labels, float32(r.IntN(2)), float32(r.IntN(2)), float32(math.NaN()))
		if r.IntN(3) == 0 {
			labels[len(labels)-2] = float32(math.NaN())
		}
	}
	return b, labels
}

// dense is a row with a count for each of the identifiers of bags.
func dense(b baseline.Bags, i int) (x [40]float64) {
	for k := b.Start[i]; k < b.Start[i+1]; k++ {
		x[b.ID[k]/0x06000000] = float64(b.N[k])
	}
	return x
}

// The scores are those of the definition, for any number of threads, and have the same bits after Pack and UnpackSimilar.
func TestTanimoto(t *testing.T) {
	train, labels := bags(1, 60)
	test, _ := bags(2, 25)
	m := baseline.Tanimoto{K: 7, Power: 2, Prior: 0.5}
	s, err := m.Fit(train, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Scores(context.Background(), test, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range test.Rows() {
		for task := range 3 {
			if want := defined(m, train, labels, dense(test, i), task); math.Abs(got[3*i+task]-want) > 1e-12 {
				t.Errorf("row %d, task %d: %v, want %v", i, task, got[3*i+task], want)
			}
		}
	}
	if more, err := s.Scores(context.Background(), test, 4); err != nil || !slices.Equal(more, got) {
		t.Errorf("four threads give other scores (%v)", err)
	}
	back, err := baseline.UnpackSimilar(s.Pack())
	if err != nil {
		t.Fatal(err)
	}
	if more, err := back.Scores(context.Background(), test, 2); err != nil || !slices.Equal(more, got) || back.Tasks() != 3 {
		t.Errorf("other scores after UnpackSimilar (%v)", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Scores(ctx, test, 1); err == nil {
		t.Error("no error after the end of the context")
	}
}

// defined is the score by the definition.
func defined(m baseline.Tanimoto, train baseline.Bags, labels []float32, x [40]float64, task int) float64 {
	type near struct{ s, y float64 }
	var all []near
	ones, known := 0.0, 0.0
	for i := range train.Rows() {
		y := float64(labels[3*i+task])
		if y != y {
			continue
		}
		ones, known = ones+y, known+1
		least, most := 0.0, 0.0
		for k, v := range dense(train, i) {
			least, most = least+min(v, x[k]), most+max(v, x[k])
		}
		if least > 0 {
			all = append(all, near{least / most, y})
		}
	}
	rate := 0.5
	if known > 0 {
		rate = ones / known
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(b.s, a.s) })
	sum, weight := m.Prior*rate, m.Prior
	for _, n := range all[:min(m.K, len(all))] {
		sum, weight = sum+math.Pow(n.s, m.Power)*n.y, weight+math.Pow(n.s, m.Power)
	}
	return sum / weight
}

func TestTanimotoErrors(t *testing.T) {
	train, labels := bags(1, 10)
	for want, f := range map[string]func() error{
		"labels of 3 tasks": func() error { _, err := baseline.Tanimoto{}.Fit(train, labels[3:], 3); return err },
		"has the label 2":   func() error { _, err := baseline.Tanimoto{}.Fit(train, slices.Repeat([]float32{2}, 10), 1); return err },
		"K -1":              func() error { _, err := baseline.Tanimoto{K: -1}.Fit(train, labels, 3); return err },
		"Power NaN":         func() error { _, err := baseline.Tanimoto{Power: math.NaN()}.Fit(train, labels, 3); return err },
		"out of order": func() error {
			_, err := baseline.Tanimoto{}.Fit(baseline.Bags{Start: []int{0, 2}, ID: []uint32{2, 1}, N: []uint16{1, 1}}, labels[:3], 3)
			return err
		},
		"runs from": func() error {
			_, err := baseline.Tanimoto{}.Fit(baseline.Bags{Start: []int{0, 2, 1}, ID: []uint32{1}, N: []uint16{1}}, labels[:6], 3)
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// Whatever the arrays hold, UnpackSimilar gives an error or a classifier that scores.
func FuzzUnpackSimilar(f *testing.F) {
	train, labels := bags(1, 10)
	s, err := baseline.Tanimoto{}.Fit(train, labels, 3)
	if err != nil {
		f.Fatal(err)
	}
	for i := range uint16(7) {
		f.Add(i, uint16(i), uint8(i), []byte{1, 2, 3, 4})
	}
	f.Fuzz(func(t *testing.T, array, at uint16, value uint8, more []byte) {
		a := maps.Clone(s.Pack())
		name := slices.Sorted(maps.Keys(a))[int(array)%len(a)]
		a[name] = changed(a[name], int(at), value, more)
		c, err := baseline.UnpackSimilar(a)
		if err != nil {
			return
		}
		if scores, err := c.Scores(context.Background(), train, 1); err != nil || len(scores) != 10*c.Tasks() {
			t.Errorf("%d scores, %v", len(scores), err)
		}
	})
}
