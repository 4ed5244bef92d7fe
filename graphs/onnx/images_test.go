package onnx_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convolutional are layers from images of 8 x 8 to the outputs.
func convolutional() nn.Sequential {
	return nn.Sequential{
		nn.Conv2D{Filters: 12, Size: 3, Padding: 1, Activation: ops.SELU, BiasInit: nn.Constant(0.3)},
		nn.MaxPool2D{Size: 3, Stride: 2, Padding: 1},
		nn.ChannelAlphaDropout{Rate: 0.1},
		nn.Conv2D{Filters: 14, Size: 3, Padding: 1, Activation: ops.SELU, NoBias: true},
		nn.Conv2D{Filters: 5, Size: 2, Stride: 2, Padding: 1, Activation: ops.SELU},
		nn.AvgPool2D{Size: 2, Stride: 1, Padding: 1},
		nn.AlphaDropout{Rate: 0.1},
		nn.Flatten{},
		nn.Dense{Units: outputs},
	}
}

// Networks on images, evaluated by the definitions of the ONNX operators, predict what Go predicts, for one row and for many.
func TestConvolutional(t *testing.T) {
	data := digits(t, graphs.MSE)
	net := fresh(t, append(nn.Sequential{nn.Reshape{1, 8, 8}}, convolutional()...), columns(data), graphs.MSE)
	m, want, x := decode(t, write(t, net, onnx.Options{})), predict(t, net, data), features(data)
	if slices.Max(want)-slices.Min(want) < 0.1 {
		t.Errorf("all predictions are about %v", want[0])
	}
	for _, n := range []int{1, 3} {
		if d := difference(t, m.run(t, x[:n*64], n, 64), want[:n*outputs]); !(d <= 1e-5) {
			t.Errorf("%d rows: predictions differ by %g", n, d)
		}
	}
	// The same from images.
	images := []batch.Input{{Name: batch.X, Kind: batch.Image, Width: 64, Shape: []int{1, 8, 8}}}
	of, err := graphs.New(convolutional(), images, graphs.MSE, graphs.Seed(1))
	if err != nil {
		t.Fatal(err)
	}
	m = decode(t, write(t, of, onnx.Options{}))
	few := train.Matrix{
		X: tensor.New(tensor.WithShape(3, 1, 8, 8), tensor.WithBacking(slices.Clone(data.X.Float32s()[:3*64]))),
		Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(3, outputs)),
	}
	got := m.runAll(t, map[string]modelTensor{m.inputs[0].name: {[]int{3, 1, 8, 8}, x[:3*64]}})[m.output[0].name]
	if d := difference(t, got, predict(t, of, few)); !(d <= 1e-5) {
		t.Errorf("from images: predictions differ by %g", d)
	}
}

// The same in onnxruntime.
func TestOnnxruntimeConvolutional(t *testing.T) {
	modules(t)
	data := digits(t, graphs.MSE)
	net := fresh(t, append(nn.Sequential{nn.Reshape{1, 8, 8}}, convolutional()...), columns(data), graphs.MSE)
	compare(t, "convolutions", onnxruntime(t, write(t, net, onnx.Options{}), features(data), columns(data)), predict(t, net, data))
}

// An op of a user that has the name of a convolution is no convolution.
func TestConvolutionByName(t *testing.T) {
	type mine struct{}
	net := fresh(t, nn.Sequential{nn.Func(func(x *G.Node) (*G.Node, error) {
		def := ops.ScaleDef(2)
		def.Name, def.ID = "MaxPool2D", mine{}
		return ops.Apply(def, x)
	}), nn.Dense{Units: 1}}, 4, graphs.MSE)
	err := onnx.Write(&bytes.Buffer{}, net, onnx.Options{})
	if err == nil || !strings.Contains(err.Error(), "MaxPool2D") {
		t.Errorf("error %v, want one that names the op", err)
	}
}

// evalImages evaluates the nodes that these networks have, from the definitions of ONNX.
func (n modelNode) evalImages(in []modelTensor) (out modelTensor, ok bool) {
	if n.op != "Conv" && n.op != "MaxPool" && n.op != "AveragePool" {
		return out, false
	}
	x, kernel, stride, pads := in[0], n.lists["kernel_shape"], n.lists["strides"], n.lists["pads"]
	filters := x.shape[1]
	if n.op == "Conv" {
		filters = in[1].shape[0]
	}
	height, width := (x.shape[2]+2*pads[0]-kernel[0])/stride[0]+1, (x.shape[3]+2*pads[1]-kernel[1])/stride[1]+1
	return tensorOf([]int{x.shape[0], filters, height, width}, func(at []int) float64 {
		sum, largest := 0.0, math.Inf(-1)
		for i := range kernel[0] {
			for j := range kernel[1] {
				y, col := at[2]*stride[0]+i-pads[0], at[3]*stride[1]+j-pads[1]
				if y < 0 || col < 0 || y >= x.shape[2] || col >= x.shape[3] {
					continue
				}
				if n.op != "Conv" {
					v := x.at([]int{at[0], at[1], y, col})
					sum, largest = sum+v, math.Max(largest, v)
					continue
				}
				for c := range x.shape[1] {
					sum += x.at([]int{at[0], c, y, col}) * in[1].at([]int{at[1], c, i, j})
				}
			}
		}
		switch {
		case n.op == "MaxPool":
			return largest
		case n.op == "AveragePool" && n.ints["count_include_pad"] == 1:
			return sum / float64(kernel[0]*kernel[1])
		case n.op == "Conv" && len(in) == 3:
			return sum + in[2].values[at[1]]
		case n.op == "Conv":
			return sum
		}
		return math.NaN()
	}), true
}
