package datasets

import (
	"slices"
	"testing"
)

// Every kind of table must show the same numbers through Gather, whatever the order of rows and the stride, and must
// not write between the rows.
func TestGatherOfEveryKind(t *testing.T) {
	left, right := randomTable(300, 7, 1), randomTable(300, 5, 2)
	joined := make(table, len(left))
	for r := range joined {
		joined[r] = append(slices.Clone(left[r]), right[r]...)
	}
	pickRows := make([]int, 290)
	viewed := make(table, len(pickRows))
	for i := range pickRows {
		pickRows[i] = (i * 7) % 300
		viewed[i] = joined[pickRows[i]]
	}
	concat := must[*Concat](t)(NewConcat(left.dense(t), right.sparse(t)))
	view := must[*View](t)(NewView(concat, pickRows))
	viewOfView := must[*View](t)(NewView(view, []int{289, 0, 0}))
	for _, c := range []struct {
		name string
		f    Features
		want table
	}{
		{"dense", left.dense(t), left},
		{"sparse", left.sparse(t), left},
		{"concat", concat, joined},
		{"view", view, viewed},
		{"view of view", viewOfView, table{viewed[289], viewed[0], viewed[0]}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sameTable(t, contents(c.f), c.want, 0)
			n, cols := c.f.Dims()
			rows := make([]int, 2*n)
			for i := range rows {
				rows[i] = (i * 13) % n
			}
			stride := cols + 3
			dst := slices.Repeat([]float32{-7}, (len(rows)-1)*stride+cols)
			c.f.Gather(dst, stride, rows)
			for i, r := range rows {
				if !slices.Equal(dst[i*stride:i*stride+cols], c.want[r]) {
					t.Fatalf("row %d is %v, want %v", r, dst[i*stride:i*stride+cols], c.want[r])
				}
				if i+1 < len(rows) && !slices.Equal(dst[i*stride+cols:(i+1)*stride], []float32{-7, -7, -7}) {
					t.Fatalf("wrote behind row %d", i)
				}
			}
			if n := testing.AllocsPerRun(20, func() { c.f.Gather(dst, stride, rows) }); n > 0 && !raceEnabled {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

func TestConstructorsRefuse(t *testing.T) {
	d := randomTable(3, 2, 1).dense(t)
	e := randomTable(4, 2, 1).dense(t)
	for name, err := range map[string]error{
		"dense size":       second(NewDense(2, 3, make([]float32, 5))),
		"dense negative":   second(NewDense(-1, -5, make([]float32, 5))),
		"no starts":        second(NewSparse(2, nil, nil, nil)),
		"start above end":  second(NewSparse(2, []int{0, 2, 1}, []int32{0}, []float32{1})),
		"falling starts":   second(NewSparse(3, []int{0, 2, 1, 3}, []int32{0, 1, 2}, []float32{1, 1, 1})),
		"column too large": second(NewSparse(2, []int{0, 1}, []int32{2}, []float32{1})),
		"column negative":  second(NewSparse(2, []int{0, 1}, []int32{-1}, []float32{1})),
		"columns fall":     second(NewSparse(2, []int{0, 2}, []int32{1, 0}, []float32{1, 1})),
		"column twice":     second(NewSparse(2, []int{0, 2}, []int32{1, 1}, []float32{1, 1})),
		"no blocks":        second(NewConcat()),
		"blocks differ":    second(NewConcat(d, e)),
		"view":             second(NewView(d, []int{0, 3})),
		"view negative":    second(NewView(d, []int{-1})),
		"selected twice":   second(randomTable(3, 4, 1).sparse(t).SelectColumns([]int{1, 1})),
		"selected outside": second(randomTable(3, 4, 1).sparse(t).SelectColumns([]int{4})),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestSelectColumns(t *testing.T) {
	full := randomTable(20, 6, 3)
	s := must[*Sparse](t)(full.sparse(t).SelectColumns([]int{0, 2, 5}))
	want := make(table, len(full))
	for r, row := range full {
		want[r] = []float32{row[0], row[2], row[5]}
	}
	sameTable(t, contents(s), want, 0)
}

func BenchmarkGather(b *testing.B) {
	const batch, cols = 256, 4164
	dense, sparse := randomTable(2000, 395, 1), make(table, 2000)
	for r := range sparse {
		sparse[r] = make([]float32, cols-395)
		for k := range 350 {
			sparse[r][(r*31+k*k)%len(sparse[r])] = 1
		}
	}
	both := must[*Concat](b)(NewConcat(sparse.sparse(b), dense.dense(b)))
	scaler := must[*Scaler](b)(FitScaler(StandardizeTanh, 1e-6, both, all(2000)))
	scaled := must[Features](b)(scaler.Apply(both))
	dst, rows := make([]float32, batch*cols), make([]int, batch)
	for i := range rows {
		rows[i] = (i * 97) % 2000
	}
	b.SetBytes(batch * cols * 4)
	b.ReportAllocs()
	for b.Loop() {
		scaled.Gather(dst, cols, rows)
	}
}
