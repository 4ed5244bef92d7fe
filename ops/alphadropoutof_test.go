package ops_test

import (
	"math"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// fixed2 is the SELU of mean 0 and variance 2, and shifted one of mean 0.3.
var (
	fixed2  = ops.FixedPoint{Mean: 0, Variance: 2, Lambda: 1.0607131, Alpha: 1.9712648}
	shifted = ops.FixedPoint{Mean: 0.3, Variance: 0.7, Lambda: 1.05, Alpha: 0.8}
)

func init() {
	public["AlphaDropoutOf"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.AlphaDropoutOf(in[0], f, fixed2, ops.NewNoise(1))
	}
	public["AlphaDropoutOf, fixed point"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.AlphaDropoutOf(in[0], 0.1, ops.FixedPoint{Mean: f, Variance: f, Lambda: f, Alpha: f}, ops.NewNoise(1))
	}
	others["Noise.Stream"] = func() { (*ops.Noise)(nil).Stream(); new(ops.Noise).Stream() }
	others["Stream.Next"] = func() { (*ops.Stream)(nil).Next(); new(ops.Stream).Next(); new(ops.Noise).Stream().Next() }
	others["Stream.Now"] = func() { (*ops.Stream)(nil).Now(); new(ops.Stream).Now(); new(ops.Noise).Stream().Now() }
}

func alphaDropoutOf(rate float64, at ops.FixedPoint, seed uint64) func(nodes) (*G.Node, error) {
	return func(in nodes) (*G.Node, error) { return ops.AlphaDropoutOf(in[0], rate, at, ops.NewNoise(seed)) }
}

func TestAlphaDropoutOf(t *testing.T) {
	opstest.Check(t, opstest.Case{
		Build: alphaDropoutOf(0.3, fixed2, 1), Random: true, Inputs: []opstest.Input{{Shape: tensor.Shape{13, 7}}},
		Variants: []func(nodes) (*G.Node, error){alphaDropoutOf(0.2, fixed2, 1), alphaDropoutOf(0.3, fixed2, 2), alphaDropoutOf(0.3, shifted, 1), alphaDropout(0.3, 1)},
	})
}

// dropped returns the result of alpha dropout of x.
func dropped(t *testing.T, x []float64, rate float64, at ops.FixedPoint, seed uint64) []float64 {
	t.Helper()
	g := G.NewGraph()
	y, err := ops.AlphaDropoutOf(matrixOf(g, "x", 1, len(x), x), rate, at, ops.NewNoise(seed))
	if err != nil {
		t.Fatal(err)
	}
	runGraph(t, g)
	return oracle.Floats(y.Value())
}

// The moments stay those of the fixed point: for inputs of that mean and variance, those of the result are within four standard errors.
func TestAlphaDropoutOfMoments(t *testing.T) {
	const n = 1 << 18
	for _, at := range []ops.FixedPoint{fixed2, shifted, {Mean: 0, Variance: 1, Lambda: kernel.Lambda, Alpha: kernel.Alpha}} {
		for _, rate := range []float64{0.05, 0.5} {
			x := standardNormals(n, 5)
			for i, v := range x {
				x[i] = at.Mean + math.Sqrt(at.Variance)*v
			}
			var sums [5]float64
			y := dropped(t, x, rate, at, 6)
			for _, v := range y {
				for k, d := 1, 1.0; k < 5; k++ {
					d *= v - at.Mean
					sums[k] += d / n
				}
			}
			if e := math.Sqrt(at.Variance / n); math.Abs(sums[1]) > 4*e {
				t.Errorf("%+v, rate %v: the mean is off by %v, standard error %v", at, rate, sums[1], e)
			}
			if e := math.Sqrt((sums[4] - at.Variance*at.Variance) / n); math.Abs(sums[2]-at.Variance) > 4*e {
				t.Errorf("%+v, rate %v: variance %v, want %v, standard error %v", at, rate, sums[2], at.Variance, e)
			}
		}
	}
}

// The affine map, found from kept and dropped elements, keeps both moments in exact arithmetic: the mean and variance of a mixture of a kept x and of the
// saturation. At the fixed point of SELU it is that of AlphaDropout.
func TestAlphaDropoutOfFormula(t *testing.T) {
	for _, at := range []ops.FixedPoint{fixed2, shifted} {
		for _, rate := range []float64{0.05, 0.3, 0.9} {
			x := make([]float64, 256)
			for i := range x {
				x[i] = float64(i%2) + 10 // 10 or 11
			}
			saturated := 0.0
			kept := map[float64]float64{}
			for i, v := range dropped(t, x, rate, at, 7) {
				if v > 5*at.Mean+2 {
					kept[x[i]] = v
				} else {
					saturated = v
				}
			}
			a := kept[11] - kept[10]
			b := kept[10] - 10*a
			q, s := 1-rate, -at.Lambda*at.Alpha
			if math.Abs(saturated-(a*s+b)) > 1e-12 {
				t.Errorf("%+v, rate %v: a dropped element is %v, want %v", at, rate, saturated, a*s+b)
			}
			mean := q*(a*at.Mean+b) + rate*(a*s+b)
			second := q*(a*a*at.Variance+(a*at.Mean+b)*(a*at.Mean+b)) + rate*(a*s+b)*(a*s+b)
			if math.Abs(mean-at.Mean) > 1e-11 || math.Abs(second-mean*mean-at.Variance) > 1e-11 {
				t.Errorf("%+v, rate %v: moments %v and %v", at, rate, mean, second-mean*mean)
			}
		}
	}
	x := standardNormals(100, 8)
	g := G.NewGraph()
	y := G.Must(ops.AlphaDropout(matrixOf(g, "x", 1, 100, x), 0.2, ops.NewNoise(9)))
	runGraph(t, g)
	same := dropped(t, x, 0.2, ops.FixedPoint{Variance: 1, Lambda: kernel.Lambda, Alpha: kernel.Alpha}, 9)
	compare(t, "alpha dropout at mean 0 and variance 1", same, oracle.Floats(y.Value()), 1e-14)
}

func TestAlphaDropoutOfErrors(t *testing.T) {
	x := matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2})
	if _, err := ops.AlphaDropoutOf(x, 1, fixed2, ops.NewNoise(1)); !errors.Is(err, ops.ErrRate) {
		t.Errorf("error %v, want ErrRate", err)
	}
	if y, err := ops.AlphaDropoutOf(x, 0, fixed2, nil); y != x || err != nil {
		t.Errorf("rate 0 gives %v, %v, want x", y, err)
	}
	for _, bad := range []ops.FixedPoint{{}, {Variance: -1, Lambda: 1, Alpha: 1}, {Mean: math.NaN(), Variance: 1, Lambda: 1, Alpha: 1}, {Variance: 1, Lambda: 1, Alpha: math.Inf(1)}} {
		if _, err := ops.AlphaDropoutOf(x, 0.1, bad, ops.NewNoise(1)); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}
