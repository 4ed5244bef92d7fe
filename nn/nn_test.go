package nn_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func newParams(t testing.TB, dtype tensor.Dtype, seed uint64) *nn.Params {
	t.Helper()
	p, err := nn.NewParams(dtype, seed)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// add builds a layer on an input of the given shape and returns the binder and the output.
func add(params *nn.Params, layer nn.Layer, training bool, shape ...int) (*nn.Binder, *G.Node, error) {
	g := G.NewGraph()
	x := G.NewTensor(g, params.Dtype(), len(shape), G.WithName("x"), G.WithShape(shape...),
		G.WithValue(tensor.New(tensor.Of(params.Dtype()), tensor.WithShape(shape...))))
	b := nn.NewBinder(g, params, training, ops.NewNoise(1))
	y, err := b.Apply("net", layer, x)
	return b, y, err
}

func weights(t testing.TB, dtype tensor.Dtype, init nn.Initializer, in, out int) []float64 {
	t.Helper()
	params := newParams(t, dtype, 1)
	if _, _, err := add(params, nn.Dense{Units: out, WeightInit: init}, true, 1, in); err != nil {
		t.Fatal(err)
	}
	var w []float64
	switch x := params.Get("net.weight").Value.Data().(type) {
	case []float32:
		for _, v := range x {
			w = append(w, float64(v))
		}
	case []float64:
		w = x
	}
	return w
}

// Every initializer has mean 0 and its variance, in both dtypes.
func TestInitializers(t *testing.T) {
	const in, out = 400, 300
	tests := map[string]struct {
		init     nn.Initializer
		variance float64
		limit    float64 // no element is larger
	}{
		"default":              {nil, 1. / in, math.Inf(1)},
		"LeCunNormal":          {nn.LeCunNormal, 1. / in, math.Inf(1)},
		"LeCunNormalTruncated": {nn.LeCunNormalTruncated, 1. / in, 2 / math.Sqrt(in) / 0.8796},
		"LeCunUniform":         {nn.LeCunUniform, 1. / in, math.Sqrt(3. / in)},
		"HeNormal":             {nn.HeNormal, 2. / in, math.Inf(1)},
		"GlorotNormal":         {nn.GlorotNormal, 2. / (in + out), math.Inf(1)},
		"GlorotUniform":        {nn.GlorotUniform, 2. / (in + out), math.Sqrt(6. / (in + out))},
	}
	for name, test := range tests {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			w := weights(t, dtype, test.init, in, out)
			mean, variance := 0.0, 0.0
			for _, v := range w {
				mean += v / float64(len(w))
				if math.Abs(v) > test.limit {
					t.Errorf("%s: weight %v beyond %v", name, v, test.limit)
				}
			}
			for _, v := range w {
				variance += (v - mean) * (v - mean) / float64(len(w))
			}
			// five standard errors
			n := float64(len(w))
			if math.Abs(mean) > 5*math.Sqrt(test.variance/n) || math.Abs(variance/test.variance-1) > 5*math.Sqrt(2/n) {
				t.Errorf("%s %v: mean %v, variance %v, want 0 and %v", name, dtype, mean, variance, test.variance)
			}
		}
	}
}

// Weights depend on the seed and on the name of the parameter, and agree between dtypes.
func TestWeightsBySeed(t *testing.T) {
	make := func(dtype tensor.Dtype, seed uint64) *nn.Params {
		p := newParams(t, dtype, seed)
		if _, _, err := add(p, nn.Sequential{nn.Dense{Units: 4}, nn.Dense{Units: 4}}, true, 2, 4); err != nil {
			t.Fatal(err)
		}
		return p
	}
	a, b, c, d := make(tensor.Float64, 1), make(tensor.Float64, 1), make(tensor.Float64, 2), make(tensor.Float32, 1)
	first := a.Get("net.dense1.weight").Value.Float64s()
	if !slices.Equal(first, b.Get("net.dense1.weight").Value.Float64s()) {
		t.Error("one seed gives two sets of weights")
	}
	if slices.Equal(first, c.Get("net.dense1.weight").Value.Float64s()) || slices.Equal(first, a.Get("net.dense2.weight").Value.Float64s()) {
		t.Error("another seed or another layer gives the same weights")
	}
	for i, v := range d.Get("net.dense1.weight").Value.Float32s() {
		if v != float32(first[i]) {
			t.Errorf("float32 weight %v, float64 weight %v", v, first[i])
		}
	}
}

func TestLayerErrors(t *testing.T) {
	shared := newParams(t, tensor.Float32, 1)
	if _, _, err := add(shared, nn.Dense{Units: 3}, true, 2, 4); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, want string
		params     *nn.Params
		layer      nn.Layer
		shape      []int
	}{
		{"no units", "0 units", newParams(t, tensor.Float32, 1), nn.Dense{}, []int{2, 4}},
		{"a vector", "want a matrix", newParams(t, tensor.Float32, 1), nn.Dense{Units: 3}, []int{4}},
		{"other shape of a parameter", `parameter "net.weight" has shape (4, 3)`, shared, nn.Dense{Units: 5}, []int{2, 4}},
		{"the layer inside", `layer "net.dense2"`, newParams(t, tensor.Float32, 1), nn.Sequential{nn.Dense{Units: 1}, nn.Dense{}}, []int{2, 4}},
		{"a nil layer", `layer "net.<nil>1" is nil`, newParams(t, tensor.Float32, 1), nn.Sequential{nil}, []int{2, 4}},
		{"one row", "two rows", newParams(t, tensor.Float32, 1), nn.BatchNorm{}, []int{1, 4}},
		{"rate", "rate 1", newParams(t, tensor.Float32, 1), nn.AlphaDropout{Rate: 1}, []int{2, 4}},
		{"weight norm without units", "0 units", newParams(t, tensor.Float32, 1), nn.WeightNorm{}, []int{2, 4}},
		{"layer norm of a vector", "want a matrix", newParams(t, tensor.Float32, 1), nn.LayerNorm{}, []int{4}},
		{"highway of a vector", "want a matrix", newParams(t, tensor.Float32, 1), nn.Highway{}, []int{4}},
		{"residual without a layer", "is nil", newParams(t, tensor.Float32, 1), nn.Residual{}, []int{2, 4}},
		{"momentum", "momentum 2", newParams(t, tensor.Float32, 1), nn.BatchNorm{Momentum: 2}, []int{2, 4}},
	}
	for _, test := range tests {
		_, _, err := add(test.params, test.layer, true, test.shape...)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", test.name, err, test.want)
		}
	}
	if _, err := nn.NewParams(tensor.Int, 1); err == nil {
		t.Error("integer parameters were accepted")
	}
	if _, _, err := add(newParams(t, tensor.Float32, 1), nn.AlphaDropout{Rate: 2}, false, 2, 4); err == nil {
		t.Error("an evaluation graph accepts a dropout rate of 2")
	}
}

// A network without dropout layers gives the same nodes in training and evaluation; with them, only training has noise.
func TestDropoutMode(t *testing.T) {
	net := nn.Sequential{nn.Dense{Units: 3, Activation: ops.SELU}, nn.AlphaDropout{Rate: 0.5}, nn.Dropout{Rate: 0.5}}
	count := func(training bool) (n int) {
		b, _, err := add(newParams(t, tensor.Float32, 1), net, training, 2, 4)
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range b.Graph().AllNodes() {
			if node.Op() != nil && strings.Contains(node.Op().String(), "Dropout") {
				n++
			}
		}
		return n
	}
	if count(true) != 2 || count(false) != 0 {
		t.Errorf("%d dropout ops in training, %d in evaluation, want 2 and 0", count(true), count(false))
	}
}

// Layers that carry their input project it where the size changes, and only there.
func TestProjections(t *testing.T) {
	for name, test := range map[string]struct {
		layer nn.Layer
		param string
	}{
		"highway":  {nn.Highway{Units: 6}, "net.carry.weight"},
		"residual": {nn.Residual{Layer: nn.Dense{Units: 6}}, "net.shortcut.weight"},
	} {
		for inputs, projected := range map[int]bool{6: false, 4: true} {
			params := newParams(t, tensor.Float32, 1)
			_, y, err := add(params, test.layer, true, 2, inputs)
			if err != nil {
				t.Fatal(err)
			}
			if got := params.Get(test.param) != nil; got != projected || !y.Shape().Eq(tensor.Shape{2, 6}) {
				t.Errorf("%s with %d inputs: projection %v, output %v", name, inputs, got, y.Shape())
			}
		}
	}
}

func TestParamsCopyFrom(t *testing.T) {
	a, b := newParams(t, tensor.Float32, 1), newParams(t, tensor.Float32, 2)
	for _, p := range []*nn.Params{a, b} {
		if _, _, err := add(p, nn.Sequential{nn.Dense{Units: 3}, nn.BatchNorm{}}, true, 2, 4); err != nil {
			t.Fatal(err)
		}
	}
	clone := a.Clone()
	if err := a.CopyFrom(b); err != nil {
		t.Fatal(err)
	}
	name := "net.dense1.weight"
	got := a.Get(name).Value.Float32s()
	if !slices.Equal(got, b.Get(name).Value.Float32s()) || slices.Equal(got, clone.Get(name).Value.Float32s()) {
		t.Error("CopyFrom did not copy, or a clone shares memory with its original")
	}
	other := newParams(t, tensor.Float32, 1)
	if _, _, err := add(other, nn.Dense{Units: 3}, true, 2, 4); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]*nn.Params{{a, other}, {other, a}} {
		if err := pair[0].CopyFrom(pair[1]); err == nil || !strings.Contains(err.Error(), "parameter") {
			t.Errorf("copying between different networks gives %v", err)
		}
	}
	if got := a.Size(); got != 4*3+3+2*3 {
		t.Errorf("%d trainable weights, want 21", got)
	}
}
