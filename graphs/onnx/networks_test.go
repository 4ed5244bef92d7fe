package onnx_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
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
		X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(rows, set.Inputs())),
		Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(rows)),
	}
	if err := set.Gather(at, m.X, m.Y, nil); err != nil {
		t.Fatal(err)
	}
	if loss.Classes {
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

// trained trains a network a little: weights, biases, gains and running statistics are no longer those of the start.
func trained(t testing.TB, net nn.Layer, data train.Data, loss graphs.Loss, dtype tensor.Dtype) *nn.Params {
	t.Helper()
	params, err := nn.NewParams(dtype, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(context.Background(), net, params, data, train.Config{Loss: loss, Epochs: 3, Batch: 50, Optimizer: &train.Adam{Rate: 0.01}}); err != nil {
		t.Fatal(err)
	}
	return params
}

func network(t testing.TB, name string, outputs int) nn.Layer {
	t.Helper()
	net, err := graphs.Network(name, graphs.Hidden{Layers: 3, Units: 24, Form: graphs.Diavolo, Outputs: outputs, Dropout: 0.05, InputDropout: 0.1})
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func predict(t testing.TB, net nn.Layer, params *nn.Params, data train.Data, loss graphs.Loss) []float64 {
	t.Helper()
	p, err := train.Predict(context.Background(), net, params, data, loss)
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

func write(t testing.TB, net nn.Layer, params *nn.Params, o onnx.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := onnx.Write(&b, net, params, o); err != nil {
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
		for _, name := range graphs.Networks() {
			if testing.Short() && loss.Name != graphs.CrossEntropy.Name {
				continue
			}
			data := digits(t, loss)
			net := network(t, name, outputs)
			params := trained(t, net, data, loss, tensor.Float32)
			raw := write(t, net, params, onnx.Options{Inputs: data.Inputs(), Loss: loss})
			got := decode(t, raw).run(t, features(data), rows, data.Inputs())
			if d := difference(t, got, predict(t, net, params, data, loss)); !(d <= 1e-5) {
				t.Errorf("%s, %s: predictions differ by %g", name, loss.Name, d)
			}
			if !bytes.Equal(raw, write(t, net, params, onnx.Options{Inputs: data.Inputs(), Loss: loss})) {
				t.Errorf("%s: written again, the bytes differ", name)
			}
		}
	}
}

// Networks of float64 are rounded to float32.
func TestFloat64(t *testing.T) {
	data := digits(t, graphs.CrossEntropy)
	net := network(t, "weightnorm", outputs)
	params := trained(t, net, data, graphs.CrossEntropy, tensor.Float64)
	m := decode(t, write(t, net, params, onnx.Options{Inputs: data.Inputs(), Loss: graphs.CrossEntropy}))
	got := m.run(t, features(data), rows, data.Inputs())
	if d := difference(t, got, predict(t, net, params, data, graphs.CrossEntropy)); !(d <= 1e-5) {
		t.Errorf("predictions differ by %g", d)
	}
}
