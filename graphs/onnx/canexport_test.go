package onnx_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
)

// The conformance kit asks whether an op can be exported.
func TestCanExport(t *testing.T) {
	softsign := ops.Elementwise{
		Name:  "Softsign",
		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
	}
	translators := map[string]onnx.Translator{"Softsign": onnx.Op("Softsign")}
	opstest.Check(t, opstest.Case{Op: softsign.Apply, Export: onnx.CanExport(translators)})
	opstest.Check(t, opstest.Case{Op: ops.SELU, Kinks: []float64{0}, Export: onnx.CanExport(nil)})

	g := G.NewGraph()
	out, err := softsign.Apply(G.NewMatrix(g, G.Float32, G.WithName("x"), G.WithShape(2, 3)))
	if err != nil {
		t.Fatal(err)
	}
	panics := map[string]onnx.Translator{"Softsign": func(*onnx.Call) (string, error) { panic("boom") }}
	for name, c := range map[string]struct {
		translators map[string]onnx.Translator
		n           *G.Node
		want        string
	}{
		"no translation": {nil, out, "op Softsign has no translation"},
		"a panic":        {panics, out, "boom"},
		"no node":        {translators, nil, "no op"},
		"an empty node":  {translators, new(G.Node), "no op"},
	} {
		if err := onnx.CanExport(c.translators)(c.n); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}
