package ops_test

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A result that no memory holds is refused when the graph is built, although its inputs are small.
func TestHugeResult(t *testing.T) {
	const n = 1 << 21
	g := G.NewGraph()
	column := G.NewMatrix(g, tensor.Float32, G.WithShape(n, 1), G.WithName("column"))
	row := G.NewMatrix(g, tensor.Float32, G.WithShape(1, n), G.WithName("row"))
	if y, err := ops.MatMul(column, row); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a product of %v elements: %v", y, err)
	}
	if _, err := ops.MatMul(row, column); err != nil {
		t.Error(err)
	}
}
