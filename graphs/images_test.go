package graphs_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// imageNet is a network on images of 2 x 9 x 10.
type imageNet struct{ Filters int }

func init() {
	if err := graphs.Register("imagenet of a test", imageNet{}); err != nil {
		panic(err)
	}
}

func (n imageNet) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	return nn.Sequential{
		nn.Conv2D{Filters: n.Filters, Size: 3, Padding: 1, Activation: ops.SELU}, nn.MaxPool2D{Size: 2}, nn.ChannelAlphaDropout{Rate: 0.2},
		nn.Flatten{}, nn.Dense{Units: 8, Activation: ops.SELU}, nn.Dense{Units: 3},
	}.Forward(b, x)
}

var imageInputs = []batch.Input{{Name: batch.X, Kind: batch.Image, Width: 180, Shape: []int{2, 9, 10}}}

// imageGraph runs a training graph of 40 images once.
func imageGraph(t *testing.T) *graphs.Graph {
	t.Helper()
	net, err := graphs.New(imageNet{40}, imageInputs, graphs.CrossEntropy, graphs.Dtype(tensor.Float64), graphs.Seed(3))
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Build(net.Config(graphs.Train, 40))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	x := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(40, 2, 9, 10))
	for i := range x.Float64s() {
		x.Float64s()[i] = r.NormFloat64()
	}
	if err := G.Let(g.X, x); err != nil {
		t.Fatal(err)
	}
	return g
}

// The probe of a convolution has the moments of all pixels, and omega and tau of its filters; pooling and flattening have none.
func TestProbeImages(t *testing.T) {
	g := imageGraph(t)
	for _, n := range []*G.Node{g.Labels, g.Weights} {
		value := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(n.Shape()...))
		for i := range value.Float64s() {
			value.Float64s()[i] = 1
		}
		if err := G.Let(n, value); err != nil {
			t.Fatal(err)
		}
	}
	m := G.NewTapeMachine(g.G)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	var names []string
	probes := g.Probes()
	for _, p := range probes {
		names = append(names, p.Kind)
	}
	if got := strings.Join(names, " "); got != "Conv2D Dense Dense" {
		t.Fatalf("probes of %s, want Conv2D Dense Dense", got)
	}
	got, err := probes[0].Read()
	if err != nil {
		t.Fatal(err)
	}
	sum := func(n *G.Node) (mean, variance float64) {
		x := g.Value(n).Data().([]float64)
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			variance += (v - mean) * (v - mean) / float64(len(x))
		}
		return mean, variance
	}
	preMean, preVariance := sum(probes[0].PreActivation)
	mean, variance := sum(probes[0].Activation)
	w := g.Value(probes[0].Weight).Data().([]float64)
	omega, tau, most := 0.0, 0.0, math.Inf(-1)
	for f := range 40 {
		o := 0.0
		for _, v := range w[f*18 : (f+1)*18] {
			o += v
			tau += v * v / 40
		}
		omega += o / 40
		most = math.Max(most, o)
	}
	for name, pair := range map[string][2]float64{
		"mean before": {got.PreMean, preMean}, "variance before": {got.PreVariance, preVariance}, "mean": {got.Mean, mean},
		"variance": {got.Variance, variance}, "omega": {got.Omega, omega}, "tau": {got.Tau, tau}, "largest omega": {got.OmegaMax, most},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if !probes[0].SELU || got.PreVariance < 0.5 || got.PreVariance > 1.5 {
		t.Errorf("SELU %v, variance %v before it: want about 1", probes[0].SELU, got.PreVariance)
	}
}

// A network on images is saved and loaded, and its summary and memory show the convolution.
func TestImagesSaved(t *testing.T) {
	net, err := graphs.New(imageNet{5}, imageInputs, graphs.CrossEntropy)
	if err != nil {
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
	for _, p := range net.Params.All() {
		if q := loaded.Params.Get(p.Name); q == nil || !q.Value.Eq(p.Value) {
			t.Errorf("parameter %s is not what was saved", p.Name)
		}
	}
	g, err := loaded.Build(loaded.Config(graphs.Train, 16))
	if err != nil {
		t.Fatal(err)
	}
	if s := g.Summary(); !strings.Contains(s, "weight (5, 2, 3, 3)") || !strings.Contains(s, "(16, 5, 4, 5)") {
		t.Errorf("summary without the convolution:\n%s", s)
	}
	if m := g.Memory(); m.Buffers < 16*1024*4 {
		t.Errorf("buffers of %d bytes: those of the convolution are missing", m.Buffers)
	}
}
