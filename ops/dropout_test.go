package ops_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// standardNormals returns n standard normal numbers.
func standardNormals(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 0))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, variance
}

// Alpha dropout keeps mean 0 and variance 1 and drops the given fraction.
func TestAlphaDropoutMoments(t *testing.T) {
	in := standardNormals(1<<20, 1)
	for _, rate := range []float64{0.05, 0.1, 0.5} {
		g := G.NewGraph()
		node, err := ops.AlphaDropout(matrixOf(g, "x", 1<<10, 1<<10, in), rate, ops.NewNoise(7))
		y := must(t, node, err)
		runGraph(t, g)
		out := y.Value().Data().([]float64)
		mean, variance := moments(out)
		if math.Abs(mean) > 1e-2 || math.Abs(variance-1) > 1e-2 {
			t.Errorf("rate %v: mean %.4f, variance %.4f, want 0 and 1", rate, mean, variance)
		}
		slices.Sort(out)
		longest, run := 0, 0
		for i := 1; i < len(out); i++ { // the dropped elements all have one value
			if run++; out[i] != out[i-1] {
				run = 0
			}
			longest = max(longest, run+1)
		}
		if got := float64(longest) / float64(len(out)); math.Abs(got-rate) > 2e-3 {
			t.Errorf("rate %v: a fraction of %v was dropped", rate, got)
		}
	}
}

func TestDropoutRates(t *testing.T) {
	g := G.NewGraph()
	x := matrixOf(g, "x", 2, 2, []float64{1, 2, 3, 4})
	for name, drop := range map[string]func(*G.Node, float64, *ops.Noise) (*G.Node, error){"AlphaDropout": ops.AlphaDropout, "Dropout": ops.Dropout} {
		if y, err := drop(x, 0, ops.NewNoise(1)); y != x || err != nil {
			t.Errorf("%s: rate 0 gives %v, %v; want the input itself", name, y, err)
		}
		for _, rate := range []float64{-0.1, 1, 1.5, math.NaN(), math.Inf(1)} {
			if _, err := drop(x, rate, ops.NewNoise(1)); !errors.Is(err, ops.ErrRate) {
				t.Errorf("%s: rate %v gives the error %v, want %v", name, rate, err, ops.ErrRate)
			}
		}
		if _, err := drop(x, 0.5, nil); err == nil {
			t.Errorf("%s: no source of noise was accepted", name)
		}
	}
}

// The mask is a function of seed, op, step and element: SetStep brings it back, a run without it goes on to the next.
func TestNoiseSteps(t *testing.T) {
	g := G.NewGraph()
	noise := ops.NewNoise(5)
	node, err := ops.Dropout(matrixOf(g, "x", 10, 30, slices.Repeat([]float64{1}, 300)), 0.5, noise)
	y := must(t, node, err)
	m := G.NewTapeMachine(g)
	defer m.Close()
	run := func() []float64 {
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		m.Reset()
		return slices.Clone(y.Value().Data().([]float64))
	}
	first, second := run(), run()
	if slices.Equal(first, second) {
		t.Error("two runs have one mask")
	}
	noise.SetStep(1)
	if !slices.Equal(run(), second) {
		t.Error("step 1 is not the second run")
	}
	noise.SetStep(0)
	if !slices.Equal(run(), first) || !slices.Equal(run(), second) {
		t.Error("step 0 is not the first run")
	}
}

// SELU of a standard normal has mean 0 and variance 1.
func TestSELUFixedPoint(t *testing.T) {
	g := G.NewGraph()
	node, err := ops.SELU(matrixOf(g, "x", 1<<10, 1<<10, standardNormals(1<<20, 2)))
	y := must(t, node, err)
	runGraph(t, g)
	if mean, variance := moments(y.Value().Data().([]float64)); math.Abs(mean) > 5e-3 || math.Abs(variance-1) > 1e-2 {
		t.Errorf("mean %.4f, variance %.4f", mean, variance)
	}
}

// The formula of SELU and the fast loop agree, at all magnitudes.
func TestSELUValues(t *testing.T) {
	for _, x := range []float64{-1e4, -30, -1, -1e-3, -1e-20, 0, 1e-20, 1e-3, 1, 30, 1e4} {
		want := kernel.Lambda * x
		if x <= 0 {
			want = kernel.Lambda * kernel.Alpha * math.Expm1(x)
		}
		var got [1]float64
		kernel.SELU(nil, got[:], []float64{x})
		var got32 [1]float32
		kernel.SELU(nil, got32[:], []float32{float32(x)})
		if math.Abs(got[0]-want) > 1e-15*math.Abs(want) || math.Abs(float64(got32[0])-want) > 2e-7*math.Abs(want) {
			t.Errorf("SELU(%v) = %v and %v in float32, want %v", x, got[0], got32[0], want)
		}
	}
}
