package loss_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops/loss"
	"gorgonia.org/tensor"
)

// CrossEntropyTotal is the divisor of the mean: with it, the losses of parts add up to the loss of the whole.
func TestCrossEntropyTotal(t *testing.T) {
	for _, smoothing := range []float64{0, 0.2} {
		l := sample{apply: crossEntropy(classWeight, smoothing), classes: true}
		x, w := standardNormals(12, 5), []float64{1, 0.5, 0, 2}
		whole, _, _ := l.run(t, tensor.Float64, x, classes, w)
		sum := 0.0
		for i := range w {
			alone := make([]float64, len(w))
			alone[i] = w[i]
			part, _, _ := l.run(t, tensor.Float64, x, classes, alone)
			sum += part * loss.CrossEntropyTotal(classes, alone, classWeight)
		}
		if got := sum / loss.CrossEntropyTotal(classes, w, classWeight); math.Abs(got-whole) > 1e-14 {
			t.Errorf("smoothing %v: parts give %v, the whole %v", smoothing, got, whole)
		}
	}
	for want, got := range map[float64]float64{
		4:   loss.CrossEntropyTotal(classes, nil, nil),
		3:   loss.CrossEntropyTotal(classes, []float64{1, 1, 1, 0}, nil),
		5.5: loss.CrossEntropyTotal(classes, nil, classWeight),
		0:   loss.CrossEntropyTotal([]float64{math.NaN()}, []float64{0}, classWeight),
	} {
		if got != want {
			t.Errorf("total %v, want %v", got, want)
		}
	}
	for _, bad := range []float64{
		loss.CrossEntropyTotal(classes, []float64{1}, nil), loss.CrossEntropyTotal(classes, nil, []float64{1}),
		loss.CrossEntropyTotal([]float64{math.NaN()}, nil, classWeight), loss.CrossEntropyTotal([]float64{-1}, nil, classWeight),
	} {
		if !math.IsNaN(bad) {
			t.Errorf("total %v of arguments that contradict each other", bad)
		}
	}
}
