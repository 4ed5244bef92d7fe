package loss_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Labels and weights that cannot be used are errors with their place.
func TestLossErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, l := range samples {
		for _, dtype := range dtypes {
			labels, perLabel := l.shapes()
			try := func(what string, y, w []float64, shape tensor.Shape, i int) {
				t.Helper()
				row, column := i, -1
				if shape.Dims() == 2 {
					row, column = i/3, i%3
				}
				_, _, err := l.run(t, dtype, standardNormals(12, 3), y, w)
				var place *loss.LabelError
				err = ops.Cause(err)
				if !errors.As(err, &place) || place.Row != row || place.Column != column || !strings.HasPrefix(err.Error(), l.name+": row") {
					t.Errorf("%s of %v, %s at %d: error %v, want row %d, column %d", l.name, dtype, what, i, err, row, column)
				}
			}
			for i := range l.labels {
				bad := []float64{nan, inf, -inf}
				if !l.symmetric() {
					bad = append(bad, -1)
				}
				if l.classes {
					bad = append(bad, 0.5, 3, 1e30)
				}
				for _, v := range bad {
					y := slices.Clone(l.labels)
					y[i] = v
					try(fmt.Sprint("label ", v), y, nil, labels, i)
				}
			}
			for i := range perLabel.TotalSize() {
				for _, v := range []float64{nan, inf, -1} {
					w := slices.Repeat([]float64{1}, perLabel.TotalSize())
					w[i] = v
					try(fmt.Sprint("weight ", v), l.labels, w, perLabel, i)
				}
			}
		}
		if l.soft {
			_, _, err := l.run(t, tensor.Float64, standardNormals(12, 3), slices.Repeat([]float64{0.5}, 12), nil)
			if err == nil || !strings.Contains(err.Error(), "row 0: the probabilities sum to 1.5") {
				t.Errorf("%s: error %v for probabilities that sum to 1.5", l.name, err)
			}
		}
	}
}

// Settings out of range are errors that name the op.
func TestLossSettings(t *testing.T) {
	g := G.NewGraph()
	x, y := matrixOf(g, "x", 4, 3, anyLabels), matrixOf(g, "y", 4, 3, targets)
	c := G.NewVector(g, tensor.Float64, G.WithName("c"), G.WithShape(4))
	for _, v := range []float64{math.NaN(), math.Inf(1), -1} {
		for name, apply := range map[string]func() (*G.Node, error){
			"Huber":            func() (*G.Node, error) { return loss.Huber(x, y, nil, v) },
			"Pinball":          func() (*G.Node, error) { return loss.Pinball(x, y, nil, v) },
			"BCE":              func() (*G.Node, error) { return loss.BCE(x, y, nil, []float64{1, v, 1}) },
			"Focal":            func() (*G.Node, error) { return loss.Focal(x, y, nil, v, 0.5) },
			"Focal: alpha":     func() (*G.Node, error) { return loss.Focal(x, y, nil, 2, v) },
			"CrossEntropy":     func() (*G.Node, error) { return crossEntropy([]float64{1, v, 1}, 0)(x, c, nil) },
			"CrossEntropy: s":  func() (*G.Node, error) { return crossEntropy(nil, v)(x, c, nil) },
			"SoftCrossEntropy": func() (*G.Node, error) { return softCrossEntropy([]float64{1, v, 1}, 0)(x, y, nil) },
		} {
			if _, err := apply(); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s with %v: error %v", name, v, err)
			}
		}
	}
	for name, apply := range map[string]func() (*G.Node, error){
		"BCE":              func() (*G.Node, error) { return loss.BCE(x, y, nil, []float64{1, 1}) },
		"CrossEntropy":     func() (*G.Node, error) { return crossEntropy([]float64{1, 1}, 0)(x, c, nil) },
		"SoftCrossEntropy": func() (*G.Node, error) { return softCrossEntropy([]float64{1, 1, 1, 1}, 0)(x, y, nil) },
	} {
		if _, err := apply(); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "(4, 3)") {
			t.Errorf("%s: error %v for factors of another length", name, err)
		}
	}
}
