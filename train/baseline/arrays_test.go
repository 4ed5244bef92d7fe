package baseline_test

import (
	"context"
	"encoding/binary"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// A classifier that was packed and unpacked gives the same bits, on features in float64 and in float32.
func TestPack(t *testing.T) {
	x, labels := blobs(5, 120, 4, 3)
	test, _ := blobs(6, 60, 4, 3)
	single := baseline.Matrix{Rows: x.Rows, Columns: x.Columns}
	for _, v := range x.Values {
		single.Values = append(single.Values, float64(float32(v)))
	}
	for _, m := range methods() {
		for _, train := range []baseline.Matrix{x, single} {
			for _, classes := range []int{3, 4} {
				c := fit(t, m, train, labels, classes)
				a, err := baseline.Pack(c)
				if err != nil {
					t.Fatal(err)
				}
				back, err := baseline.Unpack(a)
				if err != nil {
					t.Fatalf("%s: %v", m.Name(), err)
				}
				same(t, m.Name(), c, back, test)
			}
		}
	}
}

func same(t *testing.T, name string, a, b baseline.Classifier, x baseline.Matrix) {
	t.Helper()
	want, err := a.Scores(x)
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.Scores(x)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: other scores after Unpack (%v)", name, err)
	}
}

// grid is a source of float32 values.
type grid struct{ baseline.Matrix }

func (g grid) Dims() (int, int) { return g.Rows, g.Columns }

func (g grid) Gather(dst []float32, stride int, rows []int) error {
	for i, r := range rows {
		for j, v := range g.Row(r) {
			dst[i*stride+j] = float32(v)
		}
	}
	return nil
}

// counts returns rows of counts that are mostly 0, and two columns of real numbers.
func counts(seed uint64, rows int) (baseline.Matrix, []int) {
	r := rand.New(rand.NewPCG(seed, 2))
	x := baseline.Matrix{Rows: rows, Columns: 30}
	labels := make([]int, rows)
	for i := range labels {
		labels[i] = r.IntN(2)
		for j := range x.Columns {
			v := float64(max(0, r.IntN(12)-9))
			if j < 3 && labels[i] == 1 && r.IntN(2) == 0 {
				v++
			}
			if j >= 28 {
				v = float64(float32(r.NormFloat64()))
			}
			x.Values = append(x.Values, v)
		}
	}
	return x, labels
}

// Training on some rows of a table, read from a source, is training on the matrix of these rows, for any number of threads.
func TestTable(t *testing.T) {
	x, labels := counts(1, 400)
	rows, some := []int{}, baseline.Matrix{Columns: x.Columns}
	var of []int
	for i := 0; i < x.Rows; i += 2 {
		rows, of = append(rows, i), append(of, labels[i])
		some.Values, some.Rows = append(some.Values, x.Row(i)...), some.Rows+1
	}
	table, err := baseline.NewTable(context.Background(), grid{x}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if n, c := table.Dims(); n != x.Rows || c != x.Columns {
		t.Errorf("table of %d x %d", n, c)
	}
	test, _ := counts(2, 100)
	got, err := baseline.NewMatrix(grid{test}, []int{0, 1, 99})
	if err != nil || got.Rows != 3 || !slices.Equal(got.Row(2), test.Row(99)) {
		t.Errorf("matrix %v %v", got.Row(2), err)
	}
	for _, m := range []interface {
		baseline.Method
		FitTable(context.Context, *baseline.Table, []int, []int, int) (baseline.Classifier, error)
	}{baseline.Tree{MinLeaf: 3}, baseline.C45(), baseline.Forest{Trees: 9, Threads: 3}, baseline.Forest{Trees: 5, Tree: baseline.Tree{Balanced: true}}} {
		a, err := m.FitTable(context.Background(), table, rows, of, 2)
		if err != nil {
			t.Fatal(err)
		}
		b := fit(t, m, some, of, 2)
		same(t, m.Name()+" on a table", a, b, test)
	}
	for _, bad := range [][]int{{0, 0}, {-1, 0}, {0, 400}} {
		if _, err := (baseline.Tree{}).FitTable(context.Background(), table, bad, []int{0, 1}, 2); err == nil {
			t.Errorf("rows %v are accepted", bad)
		}
	}
}

// Arrays that are no classifier are refused with the reason.
func TestUnpackErrors(t *testing.T) {
	x, labels := blobs(5, 40, 2, 2)
	arrays := func(m baseline.Method) baseline.Arrays {
		a, err := baseline.Pack(fit(t, m, x, labels, 2))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, test := range []struct {
		m      baseline.Method
		name   string
		array  any
		reason string
	}{
		{baseline.Tree{}, "method", []uint8("oracle"), "unknown method"},
		{baseline.Tree{}, "method", nil, "method is <nil>"},
		{baseline.Tree{}, "more", []uint8{1}, "means nothing"},
		{baseline.Tree{}, "sizes", []uint8{2}, "1 sizes, want 2"},
		{baseline.Tree{}, "sizes", []uint8{0, 2}, "a size is 0"},
		{baseline.Tree{}, "sizes", []int32{1 << 30, 2}, "columns"},
		{baseline.Tree{}, "column", []uint8{3, 0, 0}, "want 0 to 2"},
		{baseline.Tree{}, "column", []int32{-1, 0, 0}, "want 0 to 2"},
		{baseline.Tree{}, "column", []float32{1, 0, 0}, "want []int32"},
		{baseline.Tree{}, "column", []uint8{0}, "1 nodes"},
		{baseline.Tree{}, "threshold", []float64{math.NaN()}, "not finite"},
		{baseline.Tree{}, "leaf", []uint8{200}, "want 0 to"},
		{baseline.Tree{}, "share", []float32{0.5, 0.6}, "sum to"},
		{baseline.Tree{}, "share", []float32{-1, 2}, "a share is -1"},
		{baseline.Neighbours{}, "label", []uint8{0}, "labels"},
		{baseline.Neighbours{}, "sizes", []uint8{2, 2, 50}, "50 neighbours"},
		{baseline.NaiveBayes{}, "variance", []float32{1, 1, 1, -1}, "variance is -1"},
		{baseline.NaiveBayes{}, "prior", []float32{1, 1}, "no class"},
		{baseline.Logistic{}, "weight", []float32{1}, "1 weights"},
		{baseline.SVM{}, "index", []uint8{250}, "want 0 to"},
		{baseline.SVM{}, "gamma", []float32{-1}, "gamma"},
	} {
		a := maps.Clone(arrays(test.m))
		if a[test.name] = test.array; test.array == nil {
			delete(a, test.name)
		}
		if _, err := baseline.Unpack(a); err == nil || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s with %s %v: error %v, want one that says %q", test.m.Name(), test.name, test.array, err, test.reason)
		}
	}
	if _, err := baseline.Pack(nil); err == nil {
		t.Error("no classifier is packed")
	}
}

// Whatever arrays hold, Unpack gives an error or a classifier that scores.
func FuzzUnpack(f *testing.F) {
	for i := range methods() {
		f.Add(uint8(i), uint16(1), uint16(3), uint8(7), []byte{1, 2, 3})
	}
	x, labels := counts(3, 60)
	var all []baseline.Arrays
	for _, m := range methods() {
		c, err := m.Fit(context.Background(), x, labels, 2)
		if err != nil {
			f.Fatal(err)
		}
		a, err := baseline.Pack(c)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, a)
	}
	f.Fuzz(func(t *testing.T, which uint8, array, at uint16, value uint8, more []byte) {
		a := maps.Clone(all[int(which)%len(all)])
		names := slices.Sorted(maps.Keys(a))
		name := names[int(array)%len(names)]
		a[name] = changed(a[name], int(at), value, more)
		c, err := baseline.Unpack(a)
		if err != nil {
			return
		}
		odd := baseline.Matrix{Rows: 2, Columns: 30, Values: make([]float64, 60)}
		if scores, err := c.Scores(odd); err == nil && len(scores)%2 != 0 {
			t.Errorf("%d scores for two rows", len(scores))
		}
	})
}

// changed returns an array with another element, or of another type or size.
func changed(array any, at int, value uint8, more []byte) any {
	switch x := array.(type) {
	case []uint8:
		x = slices.Clone(x)
		x[at%len(x)] = value
		return append(x, more...)
	case []uint16:
		x = slices.Clone(x)
		x[at%len(x)] = uint16(value) << (at % 9)
		return x[:len(x)-len(more)%len(x)]
	case []int32:
		x = slices.Clone(x)
		x[at%len(x)] = int32(value) << (at % 25)
		return x
	case []float32:
		x = slices.Clone(x)
		if len(more) >= 4 {
			x[at%len(x)] = math.Float32frombits(binary.LittleEndian.Uint32(more))
		}
		return x[:len(x)-int(value)%len(x)]
	case []float64:
		x = slices.Clone(x)
		if len(more) >= 8 {
			x[at%len(x)] = math.Float64frombits(binary.LittleEndian.Uint64(more))
		}
		return x[:len(x)-int(value)%len(x)]
	}
	return more
}

// failing is a source that cannot be read from some row on.
type failing struct{ grid }

func (f failing) Gather(dst []float32, stride int, rows []int) error {
	if rows[len(rows)-1] > 99 {
		return io.ErrUnexpectedEOF
	}
	return f.grid.Gather(dst, stride, rows)
}

func TestTableErrors(t *testing.T) {
	x, _ := counts(1, 200)
	bad, _ := counts(1, 200)
	bad.Values[30*7+3] = math.NaN()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for want, f := range map[string]func() error{
		"row 7, column 3 is NaN": func() error { _, err := baseline.NewTable(context.Background(), grid{bad}, 2); return err },
		"unexpected EOF":         func() error { _, err := baseline.NewTable(context.Background(), failing{grid{x}}, 1); return err },
		"context canceled":       func() error { _, err := baseline.NewTable(ctx, grid{x}, 1); return err },
		"0 columns":              func() error { _, err := baseline.NewTable(ctx, grid{baseline.Matrix{Rows: 3}}, 1); return err },
		"matrix: unexpected EOF": func() error { _, err := baseline.NewMatrix(failing{grid{x}}, []int{150}); return err },
		"row 200 of 200":         func() error { _, err := baseline.NewMatrix(grid{x}, []int{200}); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	empty, err := baseline.NewTable(context.Background(), grid{baseline.Matrix{Columns: 2}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (baseline.Forest{}).FitTable(context.Background(), empty, nil, nil, 2); err == nil || !strings.Contains(err.Error(), "no rows") {
		t.Errorf("a table without rows: %v", err)
	}
}
