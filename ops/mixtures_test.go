package ops_test

import (
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	x, v := mixed{shape: tensor.Shape{4, 3}}, mixed{shape: tensor.Shape{3}}
	labels := mixed{shape: tensor.Shape{4, 3}, values: []float64{1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1}}
	distributions := mixed{shape: tensor.Shape{4, 3}, values: []float64{1, 0, 0, 0.5, 0.5, 0, 0, 0.25, 0.75, 0, 0, 1}}
	classes := mixed{shape: tensor.Shape{4}, values: []float64{2, 0, 1, 1}}
	weights := mixed{shape: tensor.Shape{4, 3}, values: []float64{1, 2, 0, 1, 1, 1, 0.5, 1, 1, 3, 1, 1}}
	rows := mixed{shape: tensor.Shape{4}, values: []float64{1, 2, 0.5, 0}}
	two := func(f func(x, y *G.Node) (*G.Node, error)) func(in nodes) (*G.Node, error) {
		return func(in nodes) (*G.Node, error) { return f(in[0], in[1]) }
	}
	for name, a := range arithmetics {
		mixtures[name+" of a row"] = mixture{inputs: []mixed{x, v}, build: two(a.op)}
		mixtures[name+" of a column"] = mixture{inputs: []mixed{{shape: tensor.Shape{4, 1}}, x}, build: two(a.op)}
		mixtures[name+" of a scalar"] = mixture{inputs: []mixed{x, {shape: tensor.Shape{}}}, build: two(a.op)}
		mixtures[name+" to a scalar"] = mixture{inputs: []mixed{{shape: tensor.Shape{}}, x}, build: two(a.op)}
		mixtures[name+" of scalars"] = mixture{inputs: []mixed{{shape: tensor.Shape{}}, {shape: tensor.Shape{}}}, build: two(a.op)}
	}
	for name, e := range elementaries {
		mixtures[name+" of a scalar"] = mixture{inputs: []mixed{{shape: tensor.Shape{}}}, build: func(in nodes) (*G.Node, error) { return e.op(in[0]) }}
	}
	images := mixed{shape: tensor.Shape{2, 3, 2, 2}}
	for name, m := range map[string]mixture{
		"BatchNormEval": {inputs: []mixed{x, v, v, {v.shape, []float64{0.1, -0.3, 2}}, {v.shape, []float64{0.5, 1, 3}}},
			build: func(in nodes) (*G.Node, error) { return ops.BatchNormEval(in[0], in[1], in[2], in[3], in[4], 1e-5) }},
		"Embedding": {inputs: []mixed{{shape: tensor.Shape{5, 3}}, {tensor.Shape{4}, []float64{4, 0, 4, 2}}},
			build: func(in nodes) (*G.Node, error) { return ops.Embedding(in[0], in[1]) }},
		"PReLU":          {inputs: []mixed{x, v}, build: func(in nodes) (*G.Node, error) { return ops.PReLU(G.Must(G.Neg(in[0])), in[1]) }},
		"ParametricSELU": {inputs: []mixed{x, v}, build: func(in nodes) (*G.Node, error) { return ops.ParametricSELU(G.Must(G.Neg(in[0])), in[1]) }},
		"SparseAffine": {inputs: []mixed{{x.shape, []float64{0, 0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 1}}, {shape: tensor.Shape{3, 2}}, {shape: tensor.Shape{2}}},
			build: func(in nodes) (*G.Node, error) { return ops.SparseAffine(in[0], in[1], in[2]) }},
		"SparseMatMul": {inputs: []mixed{{x.shape, []float64{0, 0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 1}}, {shape: tensor.Shape{3, 2}}},
			build: func(in nodes) (*G.Node, error) { return ops.SparseMatMul(in[0], in[1]) }},
		"Conv2D, bias": {inputs: []mixed{{shape: tensor.Shape{2, 3, 4, 4}}, {shape: tensor.Shape{5, 3, 3, 3}}, {shape: tensor.Shape{5}}},
			build: func(in nodes) (*G.Node, error) { return ops.Conv2D(in[0], in[1], in[2], ops.Conv2DOptions{Padding: 1}) }},
		"MaxPool2D": {inputs: []mixed{images}, build: func(in nodes) (*G.Node, error) { return ops.MaxPool2D(in[0], ops.Pool2DOptions{Size: 2}) }},
		"AvgPool2D": {inputs: []mixed{images}, build: func(in nodes) (*G.Node, error) { return ops.AvgPool2D(in[0], ops.Pool2DOptions{Size: 2}) }},
		"SparseDropout": {inputs: []mixed{{x.shape, []float64{0, 0, 1, 2, 0, 0, 0, 0, 0, 3, 0, 1}}, {shape: tensor.Shape{3, 2}}},
			build: func(in nodes) (*G.Node, error) {
				return ops.SparseMatMul(G.Must(ops.SparseDropout(in[0], 0.3, ops.NewNoise(7))), in[1])
			}, sparse: true},
		"BatchNorm, running": {inputs: []mixed{x, v, v}, build: func(in nodes) (*G.Node, error) {
			mean := tensor.New(tensor.Of(in[0].Dtype()), tensor.WithShape(3))
			return ops.BatchNorm(in[0], in[1], in[2], 1e-5, ops.NewRunning(mean, mean.Clone().(*tensor.Dense), 0.1))
		}},
		"AlphaDropout": {inputs: []mixed{x}, build: alphaDropout(0.3, 7)}, "Dropout": {inputs: []mixed{x}, build: dropout(0.3, 7)},
		"Concat": {inputs: []mixed{x, {shape: tensor.Shape{4, 1}}, x}, build: concat(1)},
		"Slice":  {inputs: []mixed{x}, build: slice(1, 1, 3)}, "Slice, rows": {inputs: []mixed{x}, build: slice(0, 1, 2)}, "Slice, images": {inputs: []mixed{images}, build: slice(-1, 0, 1)},
		"Reshape": {inputs: []mixed{x}, build: reshape(3, -1)}, "Reshape, vector": {inputs: []mixed{x}, build: reshape(-1)}, "Reshape, images": {inputs: []mixed{images}, build: reshape(2, -1)},
		"Transpose": {inputs: []mixed{x}, build: transpose()}, "Transpose, images": {inputs: []mixed{images}, build: transpose(0, 2, 3, 1)},
		"Sum": {inputs: []mixed{x}, build: sum()}, "Sum, rows": {inputs: []mixed{x}, build: sum(0)}, "Sum, images": {inputs: []mixed{images}, build: sum(0, 2, 3)},
		"Mean": {inputs: []mixed{x}, build: mean()}, "Mean, columns": {inputs: []mixed{x}, build: mean(1)}, "Mean of a vector": {inputs: []mixed{v}, build: mean()},
		"loss.BCE": {inputs: []mixed{x, labels, weights}, build: func(in nodes) (*G.Node, error) { return loss.BCE(in[0], in[1], in[2], nil) }},
		"loss.CrossEntropy": {inputs: []mixed{x, classes, rows}, build: func(in nodes) (*G.Node, error) {
			return loss.CrossEntropy(in[0], in[1], in[2], loss.CrossEntropyOptions{})
		}},
		"loss.SoftCrossEntropy": {inputs: []mixed{x, distributions, rows}, build: func(in nodes) (*G.Node, error) {
			return loss.SoftCrossEntropy(in[0], in[1], in[2], loss.CrossEntropyOptions{})
		}},
		"loss.Focal":       {inputs: []mixed{x, labels, weights}, build: func(in nodes) (*G.Node, error) { return loss.Focal(in[0], in[1], in[2], 2, 0.25) }},
		"loss.Huber":       {inputs: []mixed{x, labels, weights}, build: func(in nodes) (*G.Node, error) { return loss.Huber(in[0], in[1], in[2], 0.3) }},
		"loss.MAE":         {inputs: []mixed{x, labels, weights}, build: func(in nodes) (*G.Node, error) { return loss.MAE(in[0], in[1], in[2]) }},
		"loss.MSE":         {inputs: []mixed{x, labels, weights}, build: func(in nodes) (*G.Node, error) { return loss.MSE(in[0], in[1], in[2]) }},
		"loss.MultiMargin": {inputs: []mixed{x, classes, rows}, build: func(in nodes) (*G.Node, error) { return loss.MultiMargin(in[0], in[1], in[2]) }},
		"loss.Pinball":     {inputs: []mixed{x, labels, weights}, build: func(in nodes) (*G.Node, error) { return loss.Pinball(in[0], in[1], in[2], 0.2) }},
	} {
		mixtures[name] = m
	}
}
