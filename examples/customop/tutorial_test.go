package main

// The code of docs/adding-an-op.md that is not in the program: how to export the activation, an op with a weight matrix in a layer of its own, and a loss.

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// normalizedAsinh translates a asinh(x + b) + c. Its parameters a, b and c are the last three.
func normalizedAsinh(c *onnx.Call) (string, error) {
	n := len(c.Attrs)
	if n < 3 {
		return "", errors.Errorf("parameters %v, want a, b and c", c.Attrs)
	}
	var constants []string
	for _, p := range c.Attrs[n-3:] {
		constants = append(constants, c.Constant([]float32{float32(p.(float64))}))
	}
	shifted := c.Add("Add", []string{c.Inputs[0], constants[1]})
	scaled := c.Add("Mul", []string{c.Add("Asinh", []string{shifted}), constants[0]})
	return c.Add("Add", []string{scaled, constants[2]}), nil
}

func export(path string, net *graphs.Network) error {
	return onnx.Save(path, net, onnx.Options{Ops: map[string]onnx.Translator{
		"Asinh":           onnx.Op("Asinh"), // the ONNX op of the same name and inputs
		"NormalizedAsinh": normalizedAsinh,
	}})
}

func TestExport(t *testing.T) {
	scaled, _, err := theory.NormalizeOp(&asinh, theory.Options{})
	if err != nil {
		t.Fatal(err)
	}
	layer := nn.Sequential{nn.Dense{Units: 4, Activation: asinh.Apply}, nn.Dense{Units: 4, Activation: scaled.Apply}, nn.Dense{Units: 1}}
	net, err := graphs.New(layer, graphs.Matrix(3), graphs.MSE)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := export(path, net); err != nil {
		t.Fatal(err)
	}
	if model, err := os.ReadFile(path); err != nil || bytes.Count(model, []byte("Asinh")) < 2 {
		t.Errorf("%d bytes, %v", len(model), err)
	}
	err = onnx.Save(path, net, onnx.Options{})
	if err == nil || !bytes.Contains([]byte(page(t)), []byte(err.Error())) {
		t.Errorf("without a translation: %v, which is not in the page", err)
	}
}

// distances is the squared distance of each row of x (n, k) from each column of w (k, m): y_ij = sum over l of (x_il - w_lj)^2, of shape (n, m).
func distances(x, w *G.Node) (*G.Node, error) {
	return ops.Apply(ops.Def{
		Name:    "Distances",
		ID:      distancesID{},
		Shape:   distancesShape,
		Float32: distancesOf[float32],
		Float64: distancesOf[float64],
		Gradient: func() ops.Gradient {
			args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}
			return ops.Gradient{
				Steps: []ops.Step{
					{Def: ops.Def{Name: "DistancesGradX", ID: distancesID{}, Shape: ops.ShapeOf(1), Float32: distancesGradX[float32], Float64: distancesGradX[float64]}, Args: args},
					{Def: ops.Def{Name: "DistancesGradW", ID: distancesID{}, Shape: ops.ShapeOf(2), Float32: distancesGradW[float32], Float64: distancesGradW[float64]}, Args: args},
				},
				Of: []int{0, 1}, // the gradient of x is that of step 0, the gradient of w that of step 1
			}
		},
	}, x, w)
}

// distancesID makes all these ops equal, so that equal inputs give one node.
type distancesID struct{}

func distancesShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := ops.CheckMatrix("x", in[0]); err != nil {
		return nil, err
	}
	if err := ops.CheckMatrix("w", in[1]); err != nil {
		return nil, err
	}
	if in[0][1] != in[1][0] {
		return nil, errors.Errorf("x has %d columns, but w has %d rows", in[0][1], in[1][0])
	}
	return tensor.Shape{in[0][0], in[1][1]}, nil
}

func distancesOf[T kernel.Float](c *ops.Call[T]) error {
	x, w, k, m := c.In[0], c.In[1], c.Shapes[1][0], c.Shapes[1][1]
	clear(c.Out) // it still holds the last run
	for i := range c.Shapes[0][0] {
		for l := range k {
			for j := range m {
				d := x[i*k+l] - w[l*m+j]
				c.Out[i*m+j] += d * d
			}
		}
	}
	return nil
}

func distancesGradX[T kernel.Float](c *ops.Call[T]) error {
	g, x, w, k, m := c.In[0], c.In[1], c.In[2], c.Shapes[2][0], c.Shapes[2][1]
	clear(c.Out)
	for i := range c.Shapes[1][0] {
		for l := range k {
			for j := range m {
				c.Out[i*k+l] += 2 * g[i*m+j] * (x[i*k+l] - w[l*m+j])
			}
		}
	}
	return nil
}

func distancesGradW[T kernel.Float](c *ops.Call[T]) error {
	g, x, w, k, m := c.In[0], c.In[1], c.In[2], c.Shapes[2][0], c.Shapes[2][1]
	clear(c.Out)
	for i := range c.Shapes[1][0] {
		for l := range k {
			for j := range m {
				c.Out[l*m+j] -= 2 * g[i*m+j] * (x[i*k+l] - w[l*m+j])
			}
		}
	}
	return nil
}

func TestDistances(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: func(in []*G.Node) (*G.Node, error) { return distances(in[0], in[1]) },
		Inputs: []opstest.Input{
			{Shape: tensor.Shape{5, 3}},
			{Shape: tensor.Shape{3, 4}, Shared: true}, // its rows are not those of the batch
		},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 3}}, {{5}, {3, 4}}, {{5, 3}, {3}}},
	})
}

// Prototypes is a layer with one prototype for each unit: the closer a row is to it, the larger the output.
type Prototypes struct{ Units int }

// Forward adds minus the squared distances from the prototypes to the graph.
func (p Prototypes) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	w, err := b.Param("prototypes", nn.LeCunNormal, x.Shape()[1], p.Units)
	if err != nil {
		return nil, err
	}
	y, err := distances(x, w)
	if err != nil {
		return nil, err
	}
	return ops.Scale(y, -1)
}

func init() {
	if err := graphs.Register("prototypes", Prototypes{}); err != nil {
		panic(err)
	}
}

// Prototypes tell the irises apart, and survive a file.
func TestPrototypes(t *testing.T) {
	set, err := classics.Iris()
	if err != nil {
		t.Fatal(err)
	}
	net, err := graphs.New(Prototypes{Units: set.Outputs()}, set.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(context.Background(), net, set, train.Config{Epochs: 50, Batch: 16, Optimizer: optim.Adam{Rate: 0.02}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	loaded, err := graphs.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	result, err := train.Evaluate(context.Background(), loaded, set)
	if err != nil {
		t.Fatal(err)
	}
	if accuracy, err := metric.Accuracy.Compute(result); err != nil || accuracy < 0.9 {
		t.Errorf("accuracy %v, %v", accuracy, err)
	}
}

// logCosh is the weighted mean of log cosh(x - y). Predictions x, labels y and weights have one shape.
func logCosh(x, y, weights *G.Node) (*G.Node, error) {
	type id struct{}
	grad := ops.Def{Name: "LogCoshGrad", ID: id{}, Shape: ops.ShapeOf(1), Float32: logCoshGrad[float32], Float64: logCoshGrad[float64]}
	return ops.Apply(ops.Def{
		Name:    "LogCosh",
		ID:      id{},
		Shape:   ops.ScalarOf(ops.SameShape),
		Float32: logCoshMean[float32],
		Float64: logCoshMean[float64],
		Gradient: func() ops.Gradient {
			args := []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1), ops.Input(2)}
			return ops.Gradient{Steps: []ops.Step{{Def: grad, Args: args}}, Of: []int{0, ops.NoGradient, ops.NoGradient}}
		},
	}, x, y, weights)
}

func logCoshMean[T kernel.Float](c *ops.Call[T]) error {
	sum, total := 0.0, 0.0
	for i, w := range c.In[2] {
		if w != 0 { // a label of weight 0 is missing and may be NaN
			r := math.Abs(float64(c.In[0][i] - c.In[1][i]))
			sum += float64(w) * (r + math.Log1p(math.Exp(-2*r)) - math.Ln2)
			total += float64(w)
		}
	}
	if c.Out[0] = 0; total > 0 {
		c.Out[0] = T(sum / total)
	}
	return nil
}

func logCoshGrad[T kernel.Float](c *ops.Call[T]) error {
	total := 0.0
	for _, w := range c.In[3] {
		total += float64(w)
	}
	clear(c.Out)
	for i, w := range c.In[3] {
		if w != 0 {
			c.Out[i] = T(float64(c.In[0][0]) * float64(w) / total * math.Tanh(float64(c.In[1][i]-c.In[2][i])))
		}
	}
	return nil
}

// LogCosh is the loss for networks.
var LogCosh = graphs.Loss{
	Name:  "log-cosh",
	Apply: logCosh,
	Total: func(_, weights []float64) float64 { // what the op divides by
		total := 0.0
		for _, w := range weights {
			total += w
		}
		return total
	},
}

func init() {
	if err := graphs.RegisterLoss(LogCosh); err != nil {
		panic(err)
	}
}

func TestLogCosh(t *testing.T) {
	shape := tensor.Shape{4, 3}
	opstest.Check(t, opstest.Case{
		Build: func(in []*G.Node) (*G.Node, error) { return logCosh(in[0], in[1], in[2]) },
		Inputs: []opstest.Input{
			{Shape: shape}, // predictions: random
			{Shape: shape, Constant: true, Values: []float64{1, -0.6, 1.4, 3, 0.5, -2, 0.3, 0, 1, 1, -1, 0}},
			{Shape: shape, Constant: true, Values: []float64{2, 1, 0, 1, 2, 1, 0, 0, 1, 0.5, 1, 1}}, // weights
		},
		BadShapes: [][]tensor.Shape{{shape, {3, 4}, shape}, {shape, shape, {4}}},
	})
	if _, err := graphs.New(nn.Dense{Units: 1}, graphs.Matrix(3), LogCosh); err != nil {
		t.Error(err)
	}
}
