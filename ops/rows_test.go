package ops_test

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	others["RowsOf"] = func() { ops.RowsOf(nil); ops.RowsOf(new(G.Node)) }
	others["Def.IsSparse"] = func() { (*ops.Def)(nil).IsSparse(0); (&ops.Def{}).IsSparse(-1) }
	others["Call.Touch"] = func() { defer func() { _ = recover() }(); new(ops.Call[float32]).Touch(0) }
	others["Call.Touched"] = func() { new(ops.Call[float64]).Touched() }
}

// Definitions that the road cannot follow are errors that say why; a Touch that is wrong is an error of the run.
func TestRowSparseRefused(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 2, 3, []float64{1, 2, 3, 4, 5, 6})
	for want, change := range map[string]func(d *ops.Def){
		"Def.Sparse names input 1 of 1":   func(d *ops.Def) { d.Sparse = []int{1} },
		"Def.Sparse names input -1 of 1":  func(d *ops.Def) { d.Sparse = []int{-1} },
		"the result has shape ()":         func(d *ops.Def) { d.RowSparse = true; d.Shape = ops.ScalarOf(nil) },
		"Touch: row 2 of 2":               func(d *ops.Def) { d.RowSparse = true; d.Float64 = touch(2) },
		"Touch: row -1 of 2":              func(d *ops.Def) { d.RowSparse = true; d.Float64 = touch(-1) },
		"Touch needs Def.RowSparse":       func(d *ops.Def) { d.Float64 = touch(0) },
		"input 0 has shape (6), want a m": func(d *ops.Def) { d.Sparse = []int{0} },
	} {
		def := ops.Def{Name: "Odd", Shape: ops.SameShape, Float32: func(*ops.Call[float32]) error { return nil }, Float64: touch(0)}
		change(&def)
		in := x
		if strings.HasPrefix(want, "input") {
			in = G.NewVector(g, tensor.Float64, G.WithName("v"), G.WithShape(6))
		}
		node, err := ops.Apply(def, in)
		if err == nil {
			_, err = node.Op().Do(x.Value())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func touch(row int) func(c *ops.Call[float64]) error {
	return func(c *ops.Call[float64]) error { c.Touch(row); return nil }
}
