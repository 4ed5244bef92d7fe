package onnx_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// rows is how many real rows the exported networks predict.
const rows = 1000

// digits are real rows: images with their number as a class, or as ten tasks or values.
func digits(t testing.TB, loss graphs.Loss) train.Matrix {
	t.Helper()
	set, err := classics.Digits()
	if err != nil {
		t.Fatal(err)
	}
	at := make([]int, rows)
	for i := range at {
		at[i] = i
	}
	m := train.Matrix{
		X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(rows, set.Width())),
		Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(rows)),
	}
	if err := set.Gather(at, batch.Of(m.X, m.Y, nil)); err != nil {
		t.Fatal(err)
	}
	if loss.Labels == graphs.ClassIndex {
		return m
	}
	y := make([]float32, rows*outputs)
	for i, class := range m.Y.Float32s() {
		y[i*outputs+int(class)] = 1
	}
	m.Y = tensor.New(tensor.WithShape(rows, outputs), tensor.WithBacking(y))
	return m
}

const outputs = 10

// fresh returns a network with its initial weights.
func fresh(t testing.TB, layer nn.Layer, inputs int, loss graphs.Loss, options ...graphs.Option) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(inputs), loss, append([]graphs.Option{graphs.Seed(1)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// trained trains a network a little: weights, biases, gains and running statistics are no longer those of the start.
func trained(t testing.TB, layer nn.Layer, data train.Matrix, loss graphs.Loss, dtype tensor.Dtype) *graphs.Network {
	t.Helper()
	net := fresh(t, layer, columns(data), loss, graphs.Dtype(dtype))
	if _, err := train.Fit(context.Background(), net, data, train.Config{Epochs: 3, Batch: 50, Optimizer: optim.Adam{Rate: 0.01}}); err != nil {
		t.Fatal(err)
	}
	return net
}

func columns(m train.Matrix) int { return m.X.Shape()[1] }

func layer(t testing.TB, name string, outputs int) nn.Layer {
	t.Helper()
	l, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 24, Profile: graphs.Diavolo, Outputs: outputs, Dropout: 0.05, InputDropout: 0.1})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func predict(t testing.TB, net *graphs.Network, data train.Data) []float64 {
	t.Helper()
	p, err := train.Predict(context.Background(), net, data)
	if err != nil {
		t.Fatal(err)
	}
	return p.Values
}

// features are the inputs as a runtime gets them.
func features(m train.Matrix) []float64 {
	out := make([]float64, m.X.DataSize())
	for i, x := range m.X.Float32s() {
		out[i] = float64(x)
	}
	return out
}

func write(t testing.TB, net *graphs.Network, o onnx.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := onnx.Write(&b, net, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// difference is the largest of |a - b|. NaN differs from everything.
func difference(t testing.TB, a, b []float64) float64 {
	t.Helper()
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%d values, want %d", len(a), len(b))
	}
	worst := 0.0
	for i := range a {
		if d := math.Abs(a[i] - b[i]); !(d <= worst) {
			worst = d
		}
	}
	return worst
}

// Every network, evaluated by the definitions of the ONNX operators, predicts what Go predicts.
func TestNetworks(t *testing.T) {
	for _, loss := range []graphs.Loss{graphs.CrossEntropy, graphs.BCE, graphs.MSE} {
		for _, name := range append(graphs.Names(), "batchnormafter") {
			if testing.Short() && loss.Name != graphs.CrossEntropy.Name {
				continue
			}
			data := digits(t, loss)
			net := trained(t, layer(t, name, outputs), data, loss, tensor.Float32)
			raw := write(t, net, onnx.Options{})
			got := decode(t, raw).run(t, features(data), rows, columns(data))
			if d := difference(t, got, predict(t, net, data)); !(d <= 1e-5) {
				t.Errorf("%s, %s: predictions differ by %g", name, loss.Name, d)
			}
			if !bytes.Equal(raw, write(t, net, onnx.Options{})) {
				t.Errorf("%s: written again, the bytes differ", name)
			}
		}
	}
}

// Networks of float64 are rounded to float32.
func TestFloat64(t *testing.T) {
	data := digits(t, graphs.CrossEntropy)
	net := trained(t, layer(t, "weightnorm", outputs), data, graphs.CrossEntropy, tensor.Float64)
	got := decode(t, write(t, net, onnx.Options{})).run(t, features(data), rows, columns(data))
	if d := difference(t, got, predict(t, net, data)); !(d <= 1e-5) {
		t.Errorf("predictions differ by %g", d)
	}
}
