package rowfile

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

func tensors(dtype tensor.Dtype, rows int) *batch.Batch {
	t := func(cols int) *tensor.Dense {
		return tensor.New(tensor.Of(dtype), tensor.WithShape(rows, cols))
	}
	return batch.Of(t(3), t(2), t(2))
}

// Batches of a file are those of the set in memory, in both dtypes, in any order of rows, scaled or not.
func TestGather(t *testing.T) {
	s := example(t, 100)
	f, _ := written(t, s)
	scaler, err := datasets.FitScaler(datasets.StandardizeTanh, 0, s.Features, numbers(100))
	if err != nil {
		t.Fatal(err)
	}
	scaled := *s
	if scaled.Features, err = scaler.Apply(s.Features); err != nil {
		t.Fatal(err)
	}
	all := f.All()
	small, err := all.Scaled(scaler)
	if err != nil {
		t.Fatal(err)
	}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		for _, rows := range [][]int{{0}, {99, 0, 50, 50, 98, 7, 6}, numbers(100)} {
			for want, got := range map[*datasets.Set]*Part{s: all, &scaled: small} {
				a, b := tensors(dtype, len(rows)), tensors(dtype, len(rows))
				if err := want.Gather(rows, a); err != nil {
					t.Fatal(err)
				}
				if err := got.Gather(rows, b); err != nil {
					t.Fatal(err)
				}
				y, w := a.Labels(batch.Y)
				gy, gw := b.Labels(batch.Y)
				if !a.Input(batch.X).Eq(b.Input(batch.X)) || !y.Eq(gy) || !w.Eq(gw) {
					t.Errorf("%v, rows %v: %v, want %v", dtype, rows, b, a)
				}
			}
		}
	}
	d := f.Description()
	if in := all.Inputs(); all.Len() != 100 || all.Outputs() != 2 || in[0].Width != 3 || in[0].Columns[2] != "c" || d.Rows != 100 || d.Notes != "made up" {
		t.Errorf("%d rows of %v, %+v", all.Len(), in, d)
	}
}

// Images and classes come as a set gives them; the encoder stays the same.
func TestImages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "images.rows")
	d := Description{Width: 12, Shape: []int{3, 2, 2}, Tasks: []string{"kind"}, Classes: []string{"a", "b"}, Encoder: json.RawMessage(`{"a":1}`)}
	err := Create(path, d, func(w *Writer) error {
		for i := range 5 {
			if err := w.Add(make([]float32, 12), []float32{float32(i % 2)}, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p := opened(t, path).All()
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2, 3, 2, 2))
	y := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2))
	if err := p.Gather([]int{3, 4}, batch.Of(x, y, nil)); err != nil || y.Float32s()[0] != 1 || y.Float32s()[1] != 0 || p.Inputs()[0].Kind != batch.Image || p.Outputs() != 2 {
		t.Errorf("labels %v, inputs %v (%v)", y, p.Inputs(), err)
	}
	if e := p.f.Description().Encoder; string(e) != `{"a":1}` {
		t.Errorf("encoder %s", e)
	}
	mustSay(t, "labels of another loss", p.Gather([]int{0}, batch.Of(nil, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(1, 2)), nil)), "the loss of the network does not fit")
}

// An epoch has each row once, in an order that depends on seed and epoch alone, not on the pieces it is asked for in, and that leaves the order of the
// file within a window.
func TestSequence(t *testing.T) {
	for _, n := range []int{1, 6, 7, 8, 29, 30, 31, 100, 211} {
		f, _ := written(t, example(t, n))
		p, q := f.All(), f.All()
		for epoch := 1; epoch < 4; epoch++ {
			whole, pieces := make([]int, n), make([]int, n)
			if err := p.Sequence(5, epoch, 0, whole); err != nil {
				t.Fatal(err)
			}
			for at, k := 0, 1; at < n; at, k = at+k, k%13+1 {
				if err := q.Sequence(5, epoch, at, pieces[at:min(n, at+k)]); err != nil {
					t.Fatal(err)
				}
			}
			fresh := f.All()
			if err := fresh.Sequence(5, epoch, n/2, pieces[n/2:]); err != nil { // as a resumed run asks
				t.Fatal(err)
			}
			sorted := slices.Clone(whole)
			slices.Sort(sorted)
			if !slices.Equal(whole, pieces) || !slices.Equal(sorted, numbers(n)) {
				t.Errorf("%d rows, epoch %d: %v and in pieces %v", n, epoch, whole, pieces)
			}
			other := make([]int, n)
			if err := p.Sequence(6, epoch, 0, other); err != nil || n > 7 && slices.Equal(other, whole) {
				t.Errorf("%d rows, epoch %d: another seed gives the same order (%v)", n, epoch, err)
			}
			if next := make([]int, n); p.Sequence(5, epoch+1, 0, next) != nil || n > 7 && slices.Equal(next, whole) {
				t.Errorf("%d rows: epoch %d has the order of epoch %d", n, epoch+1, epoch)
			}
		}
	}
	f, _ := written(t, example(t, 10))
	mustSay(t, "too many places", f.All().Sequence(1, 1, 5, make([]int, 6)), "places 5 to 11 of an epoch of 10 rows")
}

// A split has all rows once, in whole chunks, and its parts can be split and scaled again.
func TestSplit(t *testing.T) {
	f, _ := written(t, example(t, 100))
	first, second, err := f.All().Split(0.3, 9)
	if err != nil {
		t.Fatal(err)
	}
	again, _, _ := f.All().Split(0.3, 9)
	third, fourth, err := first.Split(0.5, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.chunks, first.chunks) || second.Len() < 21 || second.Len() > 35 || second.Validate() != nil {
		t.Errorf("parts of %d and %d rows", first.Len(), second.Len())
	}
	if f.All().Identity() == first.Identity() || first.Identity() != again.Identity() || third.Identity() == fourth.Identity() {
		t.Errorf("identities %q, %q, %q, %q", f.All().Identity(), first.Identity(), third.Identity(), fourth.Identity())
	}
	var rows []int
	for _, p := range []*Part{second, third, fourth} {
		order := make([]int, p.Len())
		if err := p.Sequence(1, 1, 0, order); err != nil {
			t.Fatal(err)
		}
		b := tensors(tensor.Float32, p.Len())
		if err := p.Gather(order, b); err != nil {
			t.Fatal(err)
		}
		for i := range p.Len() {
			rows = append(rows, int(b.Input(batch.X).Float32s()[3*i]))
		}
	}
	slices.Sort(rows)
	if !slices.Equal(rows, numbers(100)) {
		t.Errorf("the parts have the rows %v", rows)
	}
	for _, share := range []float64{0, 0.01, 1, -1, math.NaN()} {
		_, _, err := f.All().Split(share, 1)
		mustSay(t, "a bad share", err, "a share of")
	}
}

// The statistics of a part are those of its rows in memory.
func TestMoments(t *testing.T) {
	s := example(t, 100)
	f, _ := written(t, s)
	p, _, err := f.All().Split(0.4, 1)
	if err != nil {
		t.Fatal(err)
	}
	m, err := p.Moments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Scaler(datasets.Standardize, 0)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int
	for k := range p.number() {
		from, to := f.d.chunk(p.chunk(k))
		rows = append(rows, numbers(to)[from:]...)
	}
	want, err := datasets.FitScaler(datasets.Standardize, 0, s.Features, rows)
	if err != nil {
		t.Fatal(err)
	}
	a, b := got.Steps()[0], want.Steps()[0]
	for c := range a.Mean {
		if math.Abs(a.Mean[c]-b.Mean[c]) > 1e-12*math.Abs(b.Mean[c]) || math.Abs(a.SD[c]-b.SD[c]) > 1e-12*b.SD[c] {
			t.Errorf("column %d: mean %v and deviation %v, want %v and %v", c, a.Mean[c], a.SD[c], b.Mean[c], b.SD[c])
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Moments(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Whatever is cut off or changed is an error that names the file, and the rows if they are known, never a wrong row; it can be read once it is right again.
func TestDamage(t *testing.T) {
	f, path := written(t, example(t, 100))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.rows")
	write := func(b []byte) {
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for n := 0; n < len(whole); n += 13 {
		write(whole[:n])
		_, err := Open(bad)
		mustSay(t, "a file that is cut short", err, bad)
	}
	rowsEnd := headSize + 100*f.d.bytes()
	for at := 0; at < len(whole); at += 7 {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0x10
		write(damaged)
		g, err := Open(bad)
		if err != nil {
			mustSay(t, "a damaged file", err, bad)
			if at >= headSize && at < rowsEnd {
				t.Errorf("byte %d, in a row, is noticed before the row is read: %v", at, err)
			}
			continue
		}
		err = g.All().Gather(numbers(100), tensors(tensor.Float32, 100))
		if at >= headSize && at < rowsEnd {
			mustSay(t, "a damaged row", err, bad, "the checksum is wrong")
		} else if at >= rowsEnd && at < len(whole)-12 || at < len(magic) {
			t.Errorf("byte %d, in the description, is damaged, and nothing is noticed", at)
		}
		g.Close()
	}
	if err := os.Truncate(path, int64(headSize+50*f.d.bytes())); err != nil {
		t.Fatal(err)
	}
	mustSay(t, "a file that shrinks", f.All().Validate(), path, "when it was opened")
	mustSay(t, "a file that shrinks", f.All().Gather([]int{3, 60}, tensors(tensor.Float32, 2)), path, "rows 56 to 62", "cut short")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.All().Gather([]int{3, 60}, tensors(tensor.Float32, 2)); err != nil {
		t.Error(err)
	}
	f.Close()
	mustSay(t, "a closed file", f.All().Gather([]int{20}, tensors(tensor.Float32, 1)), "closed")
}

// Rows that cannot be trained on are refused with their number; the file that was there stays.
func TestCreateErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.rows")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	classes := Description{Width: 2, Columns: []string{"a", "b"}, Tasks: []string{"y"}, Classes: []string{"u", "v"}}
	for want, add := range map[string]func(w *Writer) error{
		`the feature 1 ("b") is NaN`: func(w *Writer) error { return w.Add([]float32{0, nan}, []float32{1}, 1) },
		`the feature 0 ("a") is -In`: func(w *Writer) error { return w.Add([]float32{-inf, 0}, []float32{1}, 1) },
		"has the class 2":            func(w *Writer) error { return w.Add([]float32{0, 0}, []float32{2}, 1) },
		`the label "y" is +Inf`:      func(w *Writer) error { return w.Add([]float32{0, 0}, []float32{inf}, 1) },
		"has the weight 2":           func(w *Writer) error { return w.Add([]float32{0, 0}, []float32{1}, 2) },
		"1 features and 1 labels":    func(w *Writer) error { return w.Add([]float32{0}, []float32{1}, 1) },
	} {
		err := Create(path, classes, func(w *Writer) error {
			if err := w.Add([]float32{1, 2}, []float32{nan}, 1); err != nil {
				t.Fatal(err)
			}
			return add(w)
		})
		mustSay(t, want, err, "row 1: ", want, path)
	}
	mustSay(t, "no rows", Create(path, classes, func(*Writer) error { return nil }), path, "no rows")
	mustSay(t, "nobody adds rows", Create(path, classes, nil), path)
	for want, change := range map[string]func(d *Description){
		"0 features":          func(d *Description) { d.Width = 0 },
		"1 names":             func(d *Description) { d.Columns = []string{"a"} },
		"0 labels":            func(d *Description) { d.Tasks = nil },
		"2 tasks":             func(d *Description) { d.Tasks = []string{"y", "z"} },
		"images of shape":     func(d *Description) { d.Columns, d.Shape = nil, []int{1, 2, 2} },
		"chunks of -1 rows":   func(d *Description) { d.ChunkRows = -1 },
		"a window of -1 rows": func(d *Description) { d.WindowRows = -1 },
	} {
		d := classes
		change(&d)
		mustSay(t, want, Create(path, d, func(*Writer) error { return nil }), want, path)
	}
	if text, err := os.ReadFile(path); string(text) != "old" {
		t.Errorf("the file holds %q (%v)", text, err)
	}
	var kept *Writer
	if err := Create(path, classes, func(w *Writer) error { kept = w; return w.Add([]float32{1, 2}, []float32{1}, 1) }); err != nil {
		t.Fatal(err)
	}
	mustSay(t, "a row after the end", kept.Add([]float32{1, 2}, []float32{1}, 1), "no file")
}

// Chunks that are not in use leave, those of two windows and a few stay, and several readers get the same rows.
func TestCache(t *testing.T) {
	f, _ := written(t, example(t, 500))
	done := make(chan error)
	for g := range 4 {
		go func() {
			p := f.All()
			rows := make([]int, 500)
			err := p.Sequence(uint64(g), 1, 0, rows)
			for i := 0; i < 500 && err == nil; i += 5 {
				b := tensors(tensor.Float32, 5)
				if err = p.Gather(rows[i:i+5], b); err == nil && int(b.Input(batch.X).Float32s()[3]) != rows[i+1] {
					err = errors.Errorf("row %d is %v", rows[i+1], b.Input(batch.X))
				}
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	f.cache.readers.Wait()
	if n := len(f.cache.chunks) + len(f.cache.free); n > f.cache.most+8 {
		t.Errorf("%d chunks in memory, want at most %d", n, f.cache.most+8)
	}
}
