package callback_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"gorgonia.org/tensor"
)

// Densities are kept in the first and the last step alone, and the steps are evenly spaced.
func TestDensityProbes(t *testing.T) {
	net := traintest.Network(t, graphs.SNN{Layers: 3, Units: 20, Outputs: 1}, 5, graphs.MSE, 1)
	rows := signs(256, 5)
	h := traintest.Fit(t, net, rows, train.Config{Epochs: 30, Batch: 64, Seed: 1, Callbacks: []train.Callback{&callback.DensityProbes{}}, Warn: func(string) {}})
	all := h.Distributions
	if n := len(all); n < 10 || n > 13 || all[0].Step != 1 || all[n-1].Step < 110 {
		t.Fatalf("%d distributions", n)
	}
	for i, d := range all {
		if len(d.Layers) != 4 || i > 0 && d.Step <= all[i-1].Step {
			t.Fatalf("step %d: %d layers", d.Step, len(d.Layers))
		}
		for _, l := range d.Layers {
			if ends := i == 0 || i == len(all)-1; (len(l.Density) == callback.DensityPoints) != ends || l.N == 0 {
				t.Errorf("step %d, %s: %d points of %d values", d.Step, l.Name, len(l.Density), l.N)
			}
		}
	}
}

// signs are rows of random signs.
func signs(rows, cols int) train.Matrix {
	r := rand.New(rand.NewPCG(1, uint64(cols)))
	return train.Matrix{X: traintest.Matrix(rows, cols, func(int, int) float64 { return float64(2*r.IntN(2) - 1) }),
		Y: traintest.Matrix(rows, 1, func(row, _ int) float64 { return float64(row % 3) })}
}

// The more inputs a unit has, the closer to normal are its pre-activations, however far from normal the inputs are. All units together look normal for
// any number of inputs, because their weights are.
func TestUnitKolmogorov(t *testing.T) {
	const rows = 500
	last := 1.0
	for _, inputs := range []int{1, 2, 5, 400} {
		net := traintest.Network(t, graphs.SNN{Layers: 1, Units: 300, Outputs: 1}, inputs, graphs.MSE, 1)
		h := traintest.Fit(t, net, signs(rows, inputs), train.Config{Batch: rows, Callbacks: []train.Callback{&callback.DensityProbes{}}, Warn: func(string) {}})
		l := h.Distributions[0].Layers[0]
		if !(l.UnitKolmogorov < 0.8*last) || l.Kolmogorov > 0.06 {
			t.Errorf("%d inputs: %v a unit, %v together; %v a unit with fewer", inputs, l.UnitKolmogorov, l.Kolmogorov, last)
		}
		last = l.UnitKolmogorov
	}
	if chance := 0.6 / math.Sqrt(rows); math.Abs(last/chance-1) > 0.15 {
		t.Errorf("400 inputs: %v a unit, want about %v", last, chance)
	}
}

// The distribution of a layer is that of its values, and a resumed run has the same ones as an uninterrupted one.
func TestDensityProbesResume(t *testing.T) {
	config := func(dir string) train.Config {
		c := train.Config{Epochs: 12, Callbacks: []train.Callback{&callback.DensityProbes{}}, Warn: func(string) {}}
		if dir != "" {
			c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
		}
		return probesConfig(c)
	}
	want := probesRun(t, probed(t), config(""))
	if len(want.Distributions) < 10 {
		t.Fatalf("%d distributions", len(want.Distributions))
	}
	for _, step := range []int{1, 2, 31} {
		dir := t.TempDir()
		traintest.CancelAfter(t, step, probed(t), gaussian(128, 5, 0, 1, 1), config(dir))
		got := probesRun(t, probed(t), config(dir))
		if diff := cmp.Diff(want.Distributions, got.Distributions); diff != "" {
			t.Errorf("stopped after step %d (-uninterrupted +resumed):\n%s", step, diff)
		}
	}
}

// A large tensor is sampled evenly, and its density is that of its values.
func TestDescribeDistribution(t *testing.T) {
	const rows, cols = 512, 256
	x := make([]float32, rows*cols)
	for i := range x {
		x[i] = float32(i%cols) / cols // a column has one value
	}
	d, err := callback.DescribeDistribution("uniform", tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(x)))
	if err != nil || d.N > 1<<13 || d.N < 1<<12 || math.Abs(d.Mean-0.5) > 0.01 || math.Abs(d.Kurtosis+1.2) > 0.05 {
		t.Fatalf("%+v, %v", d.Normality, err)
	}
	low, high := d.Span()
	sum := 0.0
	for _, y := range d.Density {
		sum += y * (high - low) / (callback.DensityPoints - 1)
	}
	if math.Abs(sum-1) > 0.01 {
		t.Errorf("the integral of the density is %v", sum)
	}
	x[0] = float32(math.NaN())
	if _, err := callback.DescribeDistribution("NaN", tensor.New(tensor.WithBacking(x))); err == nil {
		t.Error("NaN has a distribution")
	}
	if d, err := callback.DescribeDistribution("equal", tensor.New(tensor.WithBacking([]float64{2, 2}))); err != nil || d.Density != nil {
		t.Errorf("equal values: %+v, %v", d, err)
	}
}

// BenchmarkDensityProbes looks at a layer of 128 rows and 1,024 units.
func BenchmarkDensityProbes(b *testing.B) {
	x := make([]float32, 128*1024)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	values := tensor.New(tensor.WithShape(128, 1024), tensor.WithBacking(x))
	for b.Loop() {
		if _, err := callback.DescribeDistribution("layer", values); err != nil {
			b.Fatal(err)
		}
	}
}
