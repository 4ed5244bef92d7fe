package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

type nodes = []*G.Node

func TestSELU(t *testing.T) {
	opstest.Check(t, opstest.Case{Op: ops.SELU, Kinks: []float64{0}, Variants: []func(nodes) (*G.Node, error){
		func(in nodes) (*G.Node, error) { return ops.ReLU(in[0]) },
	}})
}

func TestReLU(t *testing.T) {
	opstest.Check(t, opstest.Case{Op: ops.ReLU, Kinks: []float64{0}})
}

// An activation given by its formula and slope alone, as a user writes one.
func TestElementwise(t *testing.T) {
	softsign := ops.Elementwise{
		Name:  "Softsign",
		F:     func(x float64) float64 { return x / (1 + math.Abs(x)) },
		Slope: func(x, y float64) float64 { d := 1 - math.Abs(y); return d * d },
	}
	leaky := func(slope float64) func(nodes) (*G.Node, error) {
		e := ops.Elementwise{
			Name:  "LeakyReLU",
			Attrs: []any{slope},
			F:     func(x float64) float64 { return max(x, slope*x) },
			Slope: func(x, y float64) float64 {
				if x > 0 {
					return 1
				}
				return slope
			},
		}
		return func(in nodes) (*G.Node, error) { return e.Apply(in[0]) }
	}
	opstest.Check(t, opstest.Case{Op: softsign.Apply, Kinks: []float64{0}})
	opstest.Check(t, opstest.Case{Build: leaky(0.1), Kinks: []float64{0}, Variants: []func(nodes) (*G.Node, error){leaky(0.2)}})
}

func alphaDropout(rate float64, seed uint64) func(nodes) (*G.Node, error) {
	return func(in nodes) (*G.Node, error) { return ops.AlphaDropout(in[0], rate, ops.NewNoise(seed)) }
}

func dropout(rate float64, seed uint64) func(nodes) (*G.Node, error) {
	return func(in nodes) (*G.Node, error) { return ops.Dropout(in[0], rate, ops.NewNoise(seed)) }
}

func TestAlphaDropout(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: alphaDropout(0.3, 1), Random: true, Inputs: []opstest.Input{{Shape: tensor.Shape{13, 7}}},
		Variants: []func(nodes) (*G.Node, error){alphaDropout(0.2, 1), alphaDropout(0.3, 2), dropout(0.3, 1)},
	})
}

func TestDropout(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: dropout(0.3, 1), Random: true, Inputs: []opstest.Input{{Shape: tensor.Shape{13, 7}}},
		Variants: []func(nodes) (*G.Node, error){dropout(0.9, 1), dropout(0.3, 2)},
	})
}

func TestMatMul(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.MatMul(in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{3, 4}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 3}}, {{5}, {5, 3}}, {{5, 3}, {3}}},
	})
}

func TestAffine(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: func(in nodes) (*G.Node, error) { return ops.Affine(in[0], in[1], in[2]) },
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{3, 4}, Shared: true}, {Shape: tensor.Shape{4}, Shared: true},
		},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 4}, {4}}, {{5, 3}, {3, 4}, {3}}, {{3}, {3, 4}, {4}}, {{5, 3}, {3, 4}, {4, 1}}},
	})
}

func TestBatchNorm(t *testing.T) {
	norm := func(eps float64) func(nodes) (*G.Node, error) {
		return func(in nodes) (*G.Node, error) { return ops.BatchNorm(in[0], in[1], in[2], eps, nil) }
	}
	running := func(in nodes) (*G.Node, error) {
		mean := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(3))
		return ops.BatchNorm(in[0], in[1], in[2], 1e-5, ops.NewRunning(mean, mean.Clone().(*tensor.Dense), 0.1))
	}
	opstest.Check(t, opstest.Case{
		Build: norm(1e-5),
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{6, 3}}, {Shape: tensor.Shape{3}, Shared: true}, {Shape: tensor.Shape{3}, Shared: true},
		},
		Variants:  []func(nodes) (*G.Node, error){norm(1e-3), running, running},
		BadShapes: [][]tensor.Shape{{{1, 3}, {3}, {3}}, {{6, 3}, {2}, {3}}, {{6, 3}, {3}, {2}}, {{6}, {6}, {6}}},
	})
}

func TestBatchNormEval(t *testing.T) {
	norm := func(eps float64) func(nodes) (*G.Node, error) {
		return func(in nodes) (*G.Node, error) { return ops.BatchNormEval(in[0], in[1], in[2], in[3], in[4], eps) }
	}
	v := tensor.Shape{3}
	opstest.Check(t, opstest.Case{
		Build: norm(1e-5),
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{6, 3}}, {Shape: v, Shared: true}, {Shape: v, Shared: true},
			{Shape: v, Shared: true, Constant: true, Values: []float64{0.1, -0.3, 2}},
			{Shape: v, Shared: true, Constant: true, Values: []float64{0.5, 1, 3}},
		},
		Variants:  []func(nodes) (*G.Node, error){norm(1e-3)},
		BadShapes: [][]tensor.Shape{{{6, 3}, {3}, {3}, {3}, {4}}, {{6}, {6}, {6}, {6}, {6}}},
	})
}

func TestAdd(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.Add(in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{4, 3}}, {Shape: tensor.Shape{4, 3}}},
		BadShapes: [][]tensor.Shape{{{4, 3}, {3, 4}}, {{4, 3}, {4}}},
	})
}

func TestCopy(t *testing.T) {
	opstest.Check(t, opstest.Case{Op: ops.Copy, Variants: []func(nodes) (*G.Node, error){
		func(in nodes) (*G.Node, error) { return ops.Copy(in[0]) },
	}})
}

func TestActivations(t *testing.T) {
	variants := []func(nodes) (*G.Node, error){}
	for _, f := range []func(*G.Node) (*G.Node, error){ops.ReLU, ops.SELU} {
		variants = append(variants, func(in nodes) (*G.Node, error) { return f(in[0]) })
	}
	for _, f := range []func(*G.Node) (*G.Node, error){ops.Sigmoid, ops.Tanh, ops.ELU} {
		opstest.Check(t, opstest.Case{Op: f, Kinks: []float64{0}, Variants: variants})
	}
}

func TestLayerNorm(t *testing.T) {
	norm := func(eps float64) func(nodes) (*G.Node, error) {
		return func(in nodes) (*G.Node, error) { return ops.LayerNorm(in[0], in[1], in[2], eps) }
	}
	opstest.Check(t, opstest.Case{
		Build: norm(1e-5),
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{4, 5}}, {Shape: tensor.Shape{5}, Shared: true}, {Shape: tensor.Shape{5}, Shared: true},
		},
		Variants:  []func(nodes) (*G.Node, error){norm(1e-3)},
		BadShapes: [][]tensor.Shape{{{4, 5}, {4}, {5}}, {{4, 5}, {5}, {4}}, {{5}, {5}, {5}}},
	})
}

func TestWeightNorm(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.WeightNorm(in[0], in[1]) },
		Inputs:    []opstest.Input{{Shape: tensor.Shape{4, 3}}, {Shape: tensor.Shape{3}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{4, 3}, {4}}, {{4}, {4}}},
	})
}

func TestGate(t *testing.T) {
	s := tensor.Shape{4, 3}
	opstest.Check(t, opstest.Case{
		Build:     func(in nodes) (*G.Node, error) { return ops.Gate(in[0], in[1], in[2]) },
		Inputs:    []opstest.Input{{Shape: s}, {Shape: s}, {Shape: s}},
		BadShapes: [][]tensor.Shape{{s, s, {3, 4}}, {s, {4, 1}, s}},
	})
}
