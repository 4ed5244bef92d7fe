package nn_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// moments runs a layer in a training or evaluation graph on normal inputs and returns mean and variance of all outputs.
func moments(t *testing.T, layer nn.Layer, training bool, of nn.FixedPoint, rows, cols int) (mean, variance float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, rows*cols)
	for i := range x {
		x[i] = of.Mean + math.Sqrt(of.Variance)*r.NormFloat64()
	}
	g := G.NewGraph()
	in := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(rows, cols), G.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))))
	y, err := nn.NewBinder(g, newParams(t, tensor.Float64, 3), training, ops.NewNoise(4)).Apply("net", layer, in)
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	out := y.Value().Data().([]float64)
	for _, v := range out {
		mean += v / float64(len(out))
	}
	for _, v := range out {
		variance += (v - mean) * (v - mean) / float64(len(out))
	}
	return mean, variance
}

// A deep network of the SELU of a fixed point keeps its moments, with its alpha dropout too, as an activation of layers or as a layer.
func TestFixedPointOfNetwork(t *testing.T) {
	for _, fixed := range []nn.FixedPoint{{}, {Variance: 2}, {Variance: 0.5}, {Lambda: 1.1, Alpha: 1.5}} {
		at, err := fixed.Complete()
		if err != nil {
			t.Fatal(err)
		}
		var net nn.Sequential
		for range 6 {
			net = append(net, nn.Dense{Units: 300, NoBias: true}, nn.SELU{Fixed: fixed}, nn.AlphaDropout{Rate: 0.1, Fixed: fixed},
				nn.Dense{Units: 300, NoBias: true, Activation: fixed.SELU}, nn.AlphaDropout{Rate: 0.1, Fixed: at})
		}
		for _, training := range []bool{false, true} {
			mean, variance := moments(t, net, training, at, 100, 300)
			if math.Abs(mean-at.Mean) > 0.1*math.Sqrt(at.Variance) || math.Abs(variance/at.Variance-1) > 0.15 {
				t.Errorf("%+v, training %v: after 12 layers mean %.3f and variance %.3f, want those of %+v", fixed, training, mean, variance, at)
			}
		}
	}
}

// A fixed point is completed from its moments or its constants, and one way undoes the other.
func TestFixedPointComplete(t *testing.T) {
	for _, same := range []nn.FixedPoint{{}, {Variance: 1}, {Lambda: theory.SELU.Lambda, Alpha: theory.SELU.Alpha}} {
		if got, err := same.Complete(); err != nil || got != (nn.FixedPoint{Variance: 1, Lambda: theory.SELU.Lambda, Alpha: theory.SELU.Alpha}) {
			t.Errorf("%+v is completed to %+v, %v", same, got, err)
		}
	}
	for _, m := range []theory.Moments{{Mean: 0, Variance: 2}, {Mean: 0, Variance: 0.5}} {
		got, err := nn.FixedPoint{Mean: m.Mean, Variance: m.Variance}.Complete()
		if err != nil {
			t.Fatal(err)
		}
		back, err := nn.FixedPoint{Lambda: got.Lambda, Alpha: got.Alpha}.Complete()
		if err != nil || math.Abs(back.Mean-m.Mean) > 1e-9 || math.Abs(back.Variance-m.Variance) > 1e-9 {
			t.Errorf("%+v has the moments %v and %v, %v", got, back.Mean, back.Variance, err)
		}
	}
	if _, err := (nn.FixedPoint{Mean: 3, Variance: 0.1}).Complete(); !errors.Is(err, theory.ErrDomain) {
		t.Errorf("error %v, want ErrDomain", err)
	}
	if _, err := (nn.FixedPoint{Lambda: 3, Alpha: 1}).Complete(); !errors.Is(err, theory.ErrNoFixedPoint) {
		t.Errorf("error %v, want ErrNoFixedPoint", err)
	}
	complete := nn.FixedPoint{Mean: 1, Variance: 2, Lambda: 3, Alpha: 4}
	if got, err := complete.Complete(); got != complete || err != nil {
		t.Errorf("%+v is changed to %+v, %v", complete, got, err)
	}
	for _, training := range []bool{false, true} {
		_, _, err := add(newParams(t, tensor.Float32, 1), nn.AlphaDropout{Rate: 0.1, Fixed: nn.FixedPoint{Mean: 3, Variance: 0.1}}, training, 2, 4)
		if err == nil || !strings.Contains(err.Error(), "AlphaDropout: fixed point") {
			t.Errorf("error %v, want one of AlphaDropout", err)
		}
	}
}

// The zero value of SELU and of the alpha dropout after it are the ops of the paper, as they were.
func TestZeroFixedPoint(t *testing.T) {
	b, _, err := add(newParams(t, tensor.Float32, 1), nn.Sequential{nn.SELU{}, nn.AlphaDropout{Rate: 0.1}, nn.Dense{Units: 2, Activation: nn.FixedPoint{}.SELU}}, true, 2, 4)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range b.Graph().AllNodes() {
		if def, ok := ops.DefOf(n); ok {
			names = append(names, def.Name)
		}
	}
	if got := strings.Join(names, " "); got != "SELU AlphaDropout Affine SELU" {
		t.Errorf("ops %q", got)
	}
}

// Learned activations and RMSNorm start as their comments say.
func TestNewLayersStart(t *testing.T) {
	for name, test := range map[string]struct {
		layer nn.Layer
		want  float64
		param string
	}{
		"PReLU":          {nn.PReLU{}, 0.25, "net.slope"},
		"ParametricSELU": {nn.ParametricSELU{}, 1, "net.share"},
		"RMSNorm":        {nn.RMSNorm{}, 1, "net.gain"},
		"own":            {nn.PReLU{Init: nn.Constant(0.5)}, 0.5, "net.slope"},
	} {
		params := newParams(t, tensor.Float64, 1)
		b, y, err := add(params, test.layer, true, 3, 4)
		if err != nil {
			t.Fatal(err)
		}
		p := params.Get(test.param)
		if p == nil || !p.Shape().Eq(tensor.Shape{4}) || p.Value.Float64s()[0] != test.want || !p.Trainable || len(b.Bound()) != 1 || !y.Shape().Eq(tensor.Shape{3, 4}) {
			t.Errorf("%s: parameters %v", name, b.Bound())
		}
		if _, _, err := add(newParams(t, tensor.Float32, 1), test.layer, true, 3); err == nil {
			t.Errorf("%s accepts a vector", name)
		}
	}
}

// A deep network of SERLU keeps mean 0 and variance 1, and one of TanhGPN the mean square 1, of activations and of gradients.
func TestOtherSelfNormalizing(t *testing.T) {
	deep := func(f nn.Activation) (net nn.Sequential) {
		for range 12 {
			net = append(net, nn.Dense{Units: 300, NoBias: true, Activation: f})
		}
		return net
	}
	standard := nn.FixedPoint{Variance: 1}
	if mean, variance := moments(t, deep(ops.SERLU), true, standard, 100, 300); math.Abs(mean) > 0.1 || math.Abs(variance-1) > 0.15 {
		t.Errorf("SERLU: mean %v and variance %v", mean, variance)
	}
	mean, variance := moments(t, deep(ops.TanhGPN), true, standard, 100, 300)
	if math.Abs(mean*mean+variance-1) > 0.1 {
		t.Errorf("TanhGPN: mean %v and variance %v", mean, variance)
	}
	if growth := gradientGrowth(t, deep(ops.TanhGPN), 100, 300); growth < 0.6 || growth > 1.6 {
		t.Errorf("TanhGPN: 12 layers change the mean square of gradients by %v", growth)
	}
	if growth := gradientGrowth(t, deep(ops.Tanh), 100, 300); growth > 0.3 {
		t.Errorf("tanh: 12 layers change the mean square of gradients by only %v: the test sees nothing", growth)
	}
}

// gradientGrowth returns the mean square of the gradient of standard normal inputs over that of a standard normal upstream gradient.
func gradientGrowth(t *testing.T, layer nn.Layer, rows, cols int) float64 {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	g := G.NewGraph()
	normals := func(name string) *G.Node {
		x := make([]float64, rows*cols)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		return G.NewMatrix(g, tensor.Float64, G.WithName(name), G.WithShape(rows, cols), G.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x))))
	}
	in, up := normals("x"), normals("up")
	y, err := nn.NewBinder(g, newParams(t, tensor.Float64, 7), true, ops.NewNoise(1)).Apply("net", layer, in)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := G.Backpropagate(G.Nodes{y}, G.Nodes{up}, G.Nodes{in})
	if err != nil {
		t.Fatal(err)
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	square := func(n *G.Node) (sum float64) {
		for _, v := range n.Value().Data().([]float64) {
			sum += v * v
		}
		return sum
	}
	return square(grads[0]) / square(up)
}

// The affine map of alpha dropout is that of theory.Params.AlphaDropout, for any fixed point: at x = 0 an element becomes b if it is kept.
func TestAlphaDropoutByTheory(t *testing.T) {
	for _, fixed := range []nn.FixedPoint{{Variance: 2}, {Mean: 0.2, Variance: 0.9, Lambda: 1.1, Alpha: 1.3}} {
		const rate = 0.2
		at, err := fixed.Complete()
		if err != nil {
			t.Fatal(err)
		}
		a, b, err := theory.Params{Lambda: at.Lambda, Alpha: at.Alpha}.AlphaDropout(rate, theory.Moments{Mean: at.Mean, Variance: at.Variance})
		if err != nil {
			t.Fatal(err)
		}
		dropped := b - a*at.Lambda*at.Alpha
		_, y, err := add(newParams(t, tensor.Float64, 1), nn.AlphaDropout{Rate: rate, Fixed: fixed}, true, 20, 10)
		if err != nil {
			t.Fatal(err)
		}
		m := G.NewTapeMachine(y.Graph())
		defer m.Close()
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, v := range y.Value().Data().([]float64) { // of zeros
			switch {
			case math.Abs(v-dropped) < 1e-13:
				count++
			case math.Abs(v-b) > 1e-13:
				t.Fatalf("%+v: %v, want %v if kept or %v if dropped", fixed, v, b, dropped)
			}
		}
		if count < 20 || count > 60 {
			t.Errorf("%+v: %d of 200 are dropped", fixed, count)
		}
	}
}
