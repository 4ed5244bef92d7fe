package kernel

import (
	"math"
	"testing"
)

// TestBCEEdges: elements of weight 0 are skipped, the loss is finite for large logits, and NaN stays NaN.
func TestBCEEdges(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	eachVariant(t, "edges", func(t *testing.T) {
		for _, c := range []struct {
			logit, target, weight float32
			loss                  float64
			grad                  float32
		}{
			{nan, nan, 0, 0, 0}, {inf, nan, 0, 0, 0}, {0, -1, 0, 0, 0},
			{0, 1, 2, 2 * math.Ln2, -1}, {0, 0, 1, math.Ln2, 0.5}, {0, 0.5, 1, math.Ln2, 0},
			{1e4, 1, 1, 0, 0}, {1e4, 0, 1, 1e4, 1}, {-1e4, 1, 1, 1e4, -1}, {-1e4, 0, 1, 0, 0},
			{-40, 0, 1, 4.248354255291589e-18, 4.248354255291589e-18}, {nan, 1, 1, math.NaN(), nan},
		} {
			for n := range 20 { // the places of a vector and of a tail; the other elements have weight 0
				z, y, m, g := make([]float32, n+1), make([]float32, n+1), make([]float32, n+1), make([]float32, n+1)
				z[n], y[n], m[n] = c.logit, c.target, c.weight
				loss, total := BCE(z, y, m)
				BCEGrad(g, z, y, m, 1)
				if !near(loss, c.loss) || total != float64(c.weight) || !near(float64(g[n]), float64(c.grad)) {
					t.Errorf("logit %g, target %g, weight %g at place %d: loss %g of weight %g, gradient %g, want %g and %g",
						c.logit, c.target, c.weight, n, loss, total, g[n], c.loss, c.grad)
				}
			}
		}
	})
}

// near compares to the precision of float32, also small numbers.
func near(got, want float64) bool {
	return math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= 1e-7*math.Abs(want)+1e-300
}

// TestLogSumExpEdges: no overflow, and rows of any length.
func TestLogSumExpEdges(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	eachVariant(t, "edges", func(t *testing.T) {
		for _, c := range []struct {
			row  []float32
			want float64
		}{
			{[]float32{3}, 3}, {[]float32{1e4, -1e4}, 1e4}, {[]float32{-1e4, -1e4}, -1e4 + math.Ln2}, {[]float32{-inf, 2}, 2},
			{[]float32{math.MaxFloat32, 1}, math.MaxFloat32}, {[]float32{1, nan, 2}, math.NaN()}, {[]float32{nan}, math.NaN()},
		} {
			if got, _ := LogSumExp(c.row); !near(got, c.want) {
				t.Errorf("row %v: %v, want %v", c.row, got, c.want)
			}
		}
		for n := 1; n < 40; n++ {
			row := make([]float32, n)
			got, largest := LogSumExp(row)
			if !near(got, math.Log(float64(n))) || largest != 0 {
				t.Errorf("%d zeros: %v, largest %v", n, got, largest)
			}
		}
	})
}

// TestSoftmaxSum: the probabilities of a row add up to 1 and the gradients of cross-entropy to 0.
func TestSoftmaxSum(t *testing.T) {
	eachVariant(t, "sums", func(t *testing.T) {
		for cols := 1; cols < 50; cols++ {
			o := newOperands[float32](1, cols, false)
			Softmax(o.a, o.x)
			CrossEntropyGrad(o.b, o.x, o.class, RowWeights[float32]{}, cols, 1)
			p, g := 0.0, 0.0
			for j := range cols {
				p += float64(o.a[j])
				g += float64(o.b[j])
			}
			if math.Abs(p-1) > 1e-6 || math.Abs(g) > 1e-6 {
				t.Errorf("%d columns: probabilities add up to %v, gradients to %v", cols, p, g)
			}
		}
	})
}
