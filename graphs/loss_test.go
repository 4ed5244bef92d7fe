package graphs_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/loss"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// registered is a loss of a user, with a link of its own.
var registered = graphs.Loss{
	Name: "poisson", Link: graphs.Custom,
	Predict: func(row []float64) {
		for i, z := range row {
			row[i] = math.Exp(z)
		}
	},
	Apply: func(z, y, w *G.Node) (*G.Node, error) {
		product, err := G.HadamardProd(y, z)
		if err != nil {
			return nil, err
		}
		rate, err := G.Exp(z)
		if err != nil {
			return nil, err
		}
		d, err := G.Sub(rate, product)
		if err != nil {
			return nil, err
		}
		return G.Mean(d)
	},
}

func init() {
	if err := graphs.RegisterLoss(registered); err != nil {
		panic(err)
	}
}

// allLosses returns a loss for every name of graphs.Losses.
func allLosses(t testing.TB) []graphs.Loss {
	t.Helper()
	var losses []graphs.Loss
	for _, name := range graphs.Losses() {
		loss, err := graphs.ParseLoss(strings.ReplaceAll(name, "...", "0.25"))
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, loss)
	}
	if len(losses) < 11 {
		t.Fatalf("%d losses", len(losses))
	}
	return losses
}

// labels returns the labels of 12 rows in the form that the loss reads, of 3 outputs.
func labels(loss graphs.Loss) *tensor.Dense {
	const rows, outputs = 12, 3
	if loss.Labels == graphs.ClassIndex {
		y := make([]float64, rows)
		for i := range y {
			y[i] = float64(i % outputs)
		}
		return tensor.New(tensor.WithShape(rows), tensor.WithBacking(y))
	}
	y := make([]float64, rows*outputs)
	for i := range y {
		if y[i] = float64(i / outputs % 2); loss.Labels == graphs.Distribution {
			y[i] = []float64{0.5, 0.25, 0.25}[(i+i/outputs)%outputs]
		}
	}
	return tensor.New(tensor.WithShape(rows, outputs), tensor.WithBacking(y))
}

// A network trained for any loss comes back from its file with that loss: the name, the class weights and the smoothing survive, and
// evaluation gives the same loss.
func TestLossesSurviveFiles(t *testing.T) {
	losses := allLosses(t)
	for _, loss := range []graphs.Loss{graphs.BCE, graphs.CrossEntropy, graphs.SmoothedCrossEntropy(0.1)} {
		weighted, err := loss.WithClassWeights([]float64{1, 2, 0.5})
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, weighted)
	}
	x := make([]float64, 12*2)
	for i := range x {
		x[i] = math.Sin(float64(i))
	}
	for _, loss := range losses {
		data := train.Matrix{X: tensor.New(tensor.WithShape(12, 2), tensor.WithBacking(x)), Y: labels(loss)}
		net := newNet(t, graphs.SNN{Layers: 1, Units: 5, Outputs: 3}, 2, loss, graphs.Dtype(tensor.Float64))
		before, err := train.Evaluate(context.Background(), net, data)
		if err != nil {
			t.Fatalf("%v: %v", loss, err)
		}
		if _, err := train.Fit(context.Background(), net, data, train.Config{Epochs: 20, Batch: 6, Optimizer: optim.Adam{Rate: 0.02}}); err != nil {
			t.Fatalf("%v: %v", loss, err)
		}
		path := filepath.Join(t.TempDir(), "net")
		if err := net.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := graphs.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		same(t, back, net)
		if l := back.Loss(); l.Name != loss.Name || !slices.Equal(l.ClassWeights, loss.ClassWeights) || l.String() != loss.String() {
			t.Errorf("the loss %v becomes %v", loss, l)
		}
		want, err := train.Evaluate(context.Background(), net, data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := train.Evaluate(context.Background(), back, data)
		if err != nil || got.Loss != want.Loss || !slices.Equal(got.Values, want.Values) || !(want.Loss < before.Loss) {
			t.Errorf("%v: loss %v, loaded %v, before training %v (%v)", loss, want.Loss, got.Loss, before.Loss, err)
		}
	}
}

// The name of a loss gives it back, with all digits of its settings.
func TestParseLoss(t *testing.T) {
	losses := allLosses(t)
	for _, x := range []float64{1. / 3, 1e-9, 0.1, 0.9999999999999999} {
		losses = append(losses, graphs.SmoothedCrossEntropy(x), graphs.Huber(x), graphs.Quantile(x), graphs.Focal(x, x))
	}
	for _, loss := range losses {
		back, err := graphs.ParseLoss(loss.Name)
		if err != nil || back.Name != loss.Name || back.Labels != loss.Labels || back.Link != loss.Link {
			t.Errorf("%q becomes %q (%v)", loss.Name, back.Name, err)
		}
	}
	for _, name := range []string{"", "huber", "huber()", "huber(delta=)", "huber(delta=1", "huber(d=1)", "huber(delta=1,delta=1)", "focal(gamma=2)", "focal(alpha=1,gamma=2)", "huber(delta=1)x", "hinge"} {
		if _, err := graphs.ParseLoss(name); err == nil || !strings.Contains(err.Error(), "mean squared error") {
			t.Errorf("%q: error %v, want one that lists the names", name, err)
		}
	}
	if l, err := graphs.ParseLoss(" focal( gamma=2, alpha=0.25 )"); err == nil {
		t.Errorf("a name with spaces before it gives %v", l)
	}
	if l := graphs.SmoothedCrossEntropy(0); l.Name != graphs.CrossEntropy.Name {
		t.Errorf("a smoothing of 0 has the name %q", l.Name)
	}
}

// A loss with settings outside of their range is refused when the network is made.
func TestLossSettings(t *testing.T) {
	nan := math.NaN()
	for _, loss := range []graphs.Loss{
		graphs.SmoothedCrossEntropy(1.1), graphs.SmoothedCrossEntropy(-0.1), graphs.SmoothedCrossEntropy(nan), graphs.Huber(0), graphs.Huber(nan), graphs.Huber(math.Inf(1)),
		graphs.Quantile(-0.1), graphs.Quantile(1.1), graphs.Quantile(nan), graphs.Focal(-1, 0.5), graphs.Focal(2, 1.5), graphs.Focal(nan, nan),
	} {
		_, err := graphs.New(graphs.SNN{Outputs: 3}, graphs.Matrix(2), loss)
		if err == nil || !strings.Contains(err.Error(), loss.Name) {
			t.Errorf("%s: error %v, want one that names the loss", loss.Name, err)
		}
	}
}

func TestClassWeights(t *testing.T) {
	w := []float64{1, 2}
	loss, err := graphs.BCE.WithClassWeights(w)
	if err != nil {
		t.Fatal(err)
	}
	w[0] = 7
	if loss.ClassWeights[0] != 1 {
		t.Error("the loss shares its class weights with the caller")
	}
	again, err := loss.WithClassWeights(nil)
	if err != nil || again.ClassWeights != nil || again.String() != graphs.BCE.Name {
		t.Errorf("without class weights it is %v (%v)", again, err)
	}
	if _, err := graphs.MSE.WithClassWeights(nil); err != nil {
		t.Errorf("no class weights for a regression: %v", err)
	}
	for _, test := range []struct {
		loss    graphs.Loss
		weights []float64
		want    string
	}{
		{graphs.MSE, []float64{1}, "no class weights"}, {graphs.BCE, []float64{1, -1}, "class weight 1 is -1"},
		{graphs.BCE, []float64{math.NaN()}, "NaN"}, {graphs.CrossEntropy, []float64{math.Inf(1)}, "Inf"},
	} {
		if _, err := test.loss.WithClassWeights(test.weights); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v with %v: error %v", test.loss, test.weights, err)
		}
	}
	three, _ := graphs.CrossEntropy.WithClassWeights([]float64{1, 2, 3})
	if _, err := graphs.New(graphs.SNN{Outputs: 2}, graphs.Matrix(2), three); err == nil || !strings.Contains(err.Error(), "3 class weights") {
		t.Errorf("three class weights for two classes: %v", err)
	}
}

func TestRegisterLossErrors(t *testing.T) {
	for want, l := range map[string]graphs.Loss{
		"no loss":      {Name: "x"},
		"empty":        {Apply: loss.MSE},
		"taken":        {Name: "mean squared error", Apply: loss.MSE},
		`"huber(delta`: {Name: "huber(delta=0.5)", Apply: loss.MSE},
		"does not":     {Name: "x", Apply: loss.MSE, Labels: 9},
		"Predict":      {Name: "x", Apply: loss.MSE, Link: graphs.Custom},
		"the link -1":  {Name: "x", Apply: loss.MSE, Link: -1},
	} {
		if err := graphs.RegisterLoss(l); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one that says %q", l.Name, err, want)
		}
	}
}

func ExampleParseLoss() {
	loss, err := graphs.ParseLoss("huber(delta=0.5)")
	fmt.Println(loss, err)
	// Output: huber(delta=0.5) <nil>
}
