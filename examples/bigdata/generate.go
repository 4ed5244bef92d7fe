package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets/rowfile"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// hiddenUnits is the number of units of the network that makes the classes of made-up rows.
const hiddenUnits = 16

// teacher makes rows: features of different means and scales, and one of two classes, which a small network computes from them with noise.
type teacher struct {
	first       []float64 // hiddenUnits x columns
	second      []float64
	mean, scale []float64
	random      *rand.Rand
	x           []float32
}

func newTeacher(columns int, seed uint64) *teacher {
	t := &teacher{random: rand.New(rand.NewPCG(seed, 0x7465616368)), x: make([]float32, columns)}
	for range hiddenUnits * columns {
		t.first = append(t.first, 2*t.random.NormFloat64()/math.Sqrt(float64(columns)))
	}
	for range hiddenUnits {
		t.second = append(t.second, 2*t.random.NormFloat64()/math.Sqrt(hiddenUnits))
	}
	for range columns {
		t.mean, t.scale = append(t.mean, 10*t.random.NormFloat64()), append(t.scale, math.Exp(t.random.NormFloat64()))
	}
	return t
}

// row makes a row, valid until the next call.
func (t *teacher) row() (x []float32, class float32) {
	var hidden [hiddenUnits]float64
	for c := range t.x {
		z := t.random.NormFloat64()
		t.x[c] = float32(t.mean[c] + t.scale[c]*z)
		for h := range hidden {
			hidden[h] += t.first[h*len(t.x)+c] * z
		}
	}
	logit := 0.0
	for h, v := range hidden {
		logit += t.second[h] * math.Tanh(v)
	}
	if t.random.Float64() < 1/(1+math.Exp(-4*logit)) {
		class = 1
	}
	return t.x, class
}

// generate writes a file of made-up rows.
func generate(ctx context.Context, o *options, w io.Writer) error {
	if err := o.tryRows(); err != nil {
		return err
	}
	d := rowfile.Description{Name: "made-up rows", Notes: fmt.Sprintf("made-up rows of seed %d", o.seed), Width: o.columns, Tasks: []string{"class"}, Classes: []string{"no", "yes"}}
	rows := int64(o.generate * 1e9 / float64(4*(o.columns+1)))
	if rows = max(1, rows); rows > math.MaxInt32-1 {
		return fmt.Errorf("-generate %v: %d rows, want at most %d; use more -columns", o.generate, rows, math.MaxInt32-1)
	}
	d.ChunkRows = chunkRows(rows, d)
	t := newTeacher(o.columns, o.seed)
	err := rowfile.Create(o.rows, d, func(to *rowfile.Writer) error {
		for i := range rows {
			if i%blockRows == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			x, class := t.row()
			if err := to.Add(x, []float32{class}, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "saved: %s, %s made-up rows of %d features\n", o.rows, training.Count(int(rows)), o.columns)
	return nil
}
