package nn_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"gorgonia.org/tensor"
)

// Layers on images have the shapes that they promise and the parameters of a convolution.
func TestImageLayers(t *testing.T) {
	params := newParams(t, tensor.Float32, 1)
	net := nn.Sequential{
		nn.Conv2D{Filters: 6, Size: 3, Padding: 1, Activation: ops.SELU}, nn.MaxPool2D{Size: 2}, nn.ChannelAlphaDropout{Rate: 0.1},
		nn.Conv2D{Filters: 4, Size: 2, Stride: 2, NoBias: true}, nn.AvgPool2D{Size: 3, Stride: 1, Padding: 1}, nn.Flatten{}, nn.Dense{Units: 2},
	}
	for _, training := range []bool{true, false} {
		b, y, err := add(params, net, training, 5, 3, 8, 12)
		if err != nil {
			t.Fatal(err)
		}
		if !y.Shape().Eq(tensor.Shape{5, 2}) {
			t.Errorf("shape %v, want (5, 2)", y.Shape())
		}
		for i, want := range []tensor.Shape{{5, 6, 8, 12}, {5, 6, 4, 6}, {5, 6, 4, 6}, {5, 4, 2, 3}, {5, 4, 2, 3}, {5, 24}, {5, 2}} {
			if got := b.Records()[i+1].Output.Shape(); !got.Eq(want) {
				t.Errorf("layer %d: shape %v, want %v", i, got, want)
			}
		}
		if r := b.Records()[1]; r.Weight == nil || r.PreActivation == nil || r.PreActivation == r.Output {
			t.Error("the convolution has not recorded its pre-activations and filters")
		}
	}
	for name, want := range map[string]tensor.Shape{
		"net.conv2d1.weight": {6, 3, 3, 3}, "net.conv2d1.bias": {6}, "net.conv2d2.weight": {4, 6, 2, 2}, "net.dense1.weight": {24, 2},
	} {
		if p := params.Get(name); p == nil || !p.Value.Shape().Eq(want) {
			t.Errorf("parameter %s: %v, want the shape %v", name, p, want)
		}
	}
	if params.Get("net.conv2d2.bias") != nil {
		t.Error("NoBias: there is a bias")
	}
	for _, layer := range []nn.Layer{nn.Conv2D{Size: 3}, nn.Conv2D{Filters: 3}, nn.Conv2D{Filters: 1, Size: 9}, nn.MaxPool2D{}, nn.AvgPool2D{Size: 2, Padding: 2}} {
		if _, _, err := add(newParams(t, tensor.Float32, 1), layer, true, 2, 3, 8, 8); err == nil {
			t.Errorf("%#v: no error", layer)
		}
	}
	for _, layer := range []nn.Layer{nn.Conv2D{Filters: 3, Size: 1}, nn.MaxPool2D{Size: 1}, nn.AvgPool2D{Size: 1}} {
		if _, _, err := add(newParams(t, tensor.Float32, 1), layer, true, 2, 3); err == nil {
			t.Errorf("%T of a matrix: no error", layer)
		}
	}
}

// Filters start with the variance that their fan-in, channels x height x width, demands: the pre-activations have that of the input.
func TestFilterInitializers(t *testing.T) {
	const filters, channels, size = 60, 30, 5
	fanIn, fanOut := float64(channels*size*size), float64(filters*size*size)
	for name, test := range map[string]struct {
		init nn.Initializer
		want float64
	}{
		"default": {nil, 1 / fanIn}, "LeCunNormalTruncated": {nn.LeCunNormalTruncated, 1 / fanIn}, "HeNormal": {nn.HeNormal, 2 / fanIn},
		"GlorotNormal": {nn.GlorotNormal, 2 / (fanIn + fanOut)}, "GlorotUniform": {nn.GlorotUniform, 2 / (fanIn + fanOut)},
	} {
		params := newParams(t, tensor.Float64, 1)
		if _, _, err := add(params, nn.Conv2D{Filters: filters, Size: size, WeightInit: test.init}, true, 1, channels, size, size); err != nil {
			t.Fatal(err)
		}
		sum, squares := 0.0, 0.0
		w := params.Get("net.weight").Value.Float64s()
		for _, v := range w {
			sum += v
			squares += v * v
		}
		n := float64(len(w))
		if variance := squares / n; math.Abs(variance/test.want-1) > 0.03 || math.Abs(sum/n) > 3*math.Sqrt(test.want/n) {
			t.Errorf("%s: mean %g, variance %g, want 0 and %g", name, sum/n, variance, test.want)
		}
	}
}
