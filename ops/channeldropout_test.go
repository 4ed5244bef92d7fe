package ops_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["ChannelAlphaDropout"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.ChannelAlphaDropout(in[0], f, ops.NewNoise(1))
	}
}

func init() {
	others["Noise.Stream"] = func() { (*ops.Noise)(nil).Stream(); new(ops.Noise).Stream() }
	others["Stream.Next"] = func() { (*ops.Stream)(nil).Next(); new(ops.Stream).Next(); ops.NewNoise(1).Stream().Next() }
	others["Stream.Now"] = func() { (*ops.Stream)(nil).Now(); new(ops.Stream).Now(); ops.NewNoise(1).Stream().Now() }
}

func TestChannelAlphaDropout(t *testing.T) {
	drop := func(rate float64, seed uint64) func(in []*G.Node) (*G.Node, error) {
		return func(in []*G.Node) (*G.Node, error) { return ops.ChannelAlphaDropout(in[0], rate, ops.NewNoise(seed)) }
	}
	opstest.Check(t, opstest.Case{
		Build: drop(0.3, 1), Inputs: []opstest.Input{{Shape: tensor.Shape{6, 5, 2, 3}}}, Random: true,
		Variants:  []func(in []*G.Node) (*G.Node, error){drop(0.4, 1), drop(0.3, 2)},
		BadShapes: [][]tensor.Shape{{{6}}},
	})
	if _, err := ops.ChannelAlphaDropout(G.NewTensor(G.NewGraph(), tensor.Float64, 2, G.WithShape(2, 2)), 0.5, nil); err == nil {
		t.Error("no noise: no error")
	}
}

// Whole channels take the value that alpha dropout gives, in the right share, and the others its affine map; mean and variance stay 0 and 1.
func TestChannelAlphaDropoutChannels(t *testing.T) {
	const batch, channels, plane, rate = 400, 50, 12, 0.25
	in := standardNormals(batch*channels*plane, 1)
	g := G.NewGraph()
	shape := []int{batch, channels, 3, 4}
	x := G.NewTensor(g, tensor.Float64, 4, G.WithName("x"), G.WithShape(shape...), G.WithValue(oracle.Tensor{Shape: shape, Data: in}.Dense(tensor.Float64)))
	y, err := ops.ChannelAlphaDropout(x, rate, ops.NewNoise(3))
	y = must(t, y, err)
	runGraph(t, g)
	out := oracle.Floats(y.Value())
	saturation := -kernel.Lambda * kernel.Alpha
	a := 1 / math.Sqrt((1-rate)+saturation*saturation*(1-rate)*rate)
	b := -a * rate * saturation
	dropped := 0
	for lo := 0; lo < len(out); lo += plane {
		gone := math.Abs(out[lo]-(a*saturation+b)) < 1e-12
		if gone {
			dropped++
		}
		for i := lo; i < lo+plane; i++ {
			want := a*in[i] + b
			if gone {
				want = a*saturation + b
			}
			if math.Abs(out[i]-want) > 1e-12 {
				t.Fatalf("element %d is %v, want %v like the rest of its channel", i, out[i], want)
			}
		}
	}
	if share := float64(dropped) / (batch * channels); math.Abs(share-rate) > 0.015 {
		t.Errorf("a share of %v of the channels was dropped, want %v", share, rate)
	}
	if mean, variance := moments(out); math.Abs(mean) > 0.03 || math.Abs(variance-1) > 0.05 {
		t.Errorf("mean %v and variance %v, want 0 and 1", mean, variance)
	}
}
