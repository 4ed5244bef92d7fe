package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/train/stats"
)

// drawn returns n values of a distribution.
func drawn(n int, draw func(r *rand.Rand) float64) []float64 {
	r := rand.New(rand.NewPCG(7, 8))
	x := make([]float64, n)
	for i := range x {
		x[i] = draw(r)
	}
	return x
}

// Skewness, kurtosis and distances of known distributions.
func TestNormality(t *testing.T) {
	const n = 200_000
	phi := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
	uniformGap, shiftGap := 0.0, 0.0 // of a standardized uniform variable, and of one with mean 3 and standard deviation 2
	for x := -8.0; x <= 8; x += 1e-3 {
		uniform := min(max(x/math.Sqrt(12)+0.5, 0), 1)
		uniformGap, shiftGap = max(uniformGap, math.Abs(uniform-phi(x))), max(shiftGap, phi(x)-phi((x-3)/2))
	}
	for _, test := range []struct {
		name                                 string
		draw                                 func(r *rand.Rand) float64
		skewness, kurtosis, kolmogorov, tol3 float64
	}{
		{"normal", func(r *rand.Rand) float64 { return 3 + 2*r.NormFloat64() }, 0, 0, 0, 0.03},
		{"uniform", func(r *rand.Rand) float64 { return r.Float64() }, 0, -1.2, uniformGap, 0.02},
		{"exponential", func(r *rand.Rand) float64 { return -r.ExpFloat64() }, -2, 6, 1 - phi(1), 0.4}, // at 0, its upper end
	} {
		got, err := stats.DescribeNormality(drawn(n, test.draw))
		if err != nil || math.Abs(got.Skewness-test.skewness) > test.tol3 || math.Abs(got.Kurtosis-test.kurtosis) > 2*test.tol3 || math.Abs(got.Kolmogorov-test.kolmogorov) > 0.004 {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
		if test.name == "normal" && (math.Abs(got.Mean-3) > 0.02 || math.Abs(got.SD-2) > 0.02 || math.Abs(got.Standard-shiftGap) > 0.004) {
			t.Errorf("normal: %+v, want a distance of %v to the standard one", got, shiftGap)
		}
	}
	// By hand: -1 and 1 have the steps 0, 1/2, 1 of their distribution function, and Phi(-1) = 0.1587.
	got, err := stats.DescribeNormality([]float64{1, -1})
	if want := 0.5 - phi(-1); err != nil || got.Mean != 0 || got.SD != 1 || got.Skewness != 0 || got.Kurtosis != -2 || math.Abs(got.Kolmogorov-want) > 1e-15 || got.Standard != got.Kolmogorov {
		t.Errorf("two values: %+v, %v", got, err)
	}
	if got, err := stats.DescribeNormality([]float64{5, 5, 5}); err != nil || got.SD != 0 || got.Kolmogorov != 0.5 || got.Skewness != 0 {
		t.Errorf("equal values: %+v, %v", got, err)
	}
}

// The density of normal values is that of the normal distribution, and its integral is 1.
func TestDensity(t *testing.T) {
	x := drawn(100_000, func(r *rand.Rand) float64 { return 1 + 0.5*r.NormFloat64() })
	const points = 81
	y, err := stats.Density(x, -1, 3, points)
	if err != nil || len(y) != points {
		t.Fatal(len(y), err)
	}
	sum := 0.0
	for i, v := range y {
		at := -1 + 4*float64(i)/(points-1)
		want := math.Exp(-(at-1)*(at-1)*2) / (0.5 * math.Sqrt(2*math.Pi))
		if sum += v * 4 / (points - 1); math.Abs(v-want) > 0.03 { // four standard deviations
			t.Errorf("density %.4f at %.2f, want %.4f", v, at, want)
		}
	}
	if math.Abs(sum-1) > 0.002 {
		t.Errorf("the integral is %v", sum)
	}
	// Directly: the mean of the kernels of a few values.
	few := []float64{0, 0.3, 1, 1.1, 2}
	y, err = stats.Density(few, 0, 2, 5)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := stats.Describe(few)
	width := 0.9 * min(s.SD, 0.8/1.34) * math.Pow(5, -0.2)
	for k, v := range y {
		want := 0.0
		for _, x := range few {
			z := (x - 0.5*float64(k)) / width
			want += math.Exp(-z*z/2) / (5 * width * math.Sqrt(2*math.Pi))
		}
		if math.Abs(v-want) > 2e-3*want {
			t.Errorf("point %d: %v, want %v", k, v, want)
		}
	}
}

func TestNormalityRefuses(t *testing.T) {
	for _, x := range [][]float64{nil, {math.NaN()}, {1, math.Inf(1)}, {-1e308, 1e308}, {-1e200, 1e200}} {
		if n, err := stats.DescribeNormality(x); err == nil {
			t.Errorf("%v: %+v", x, n)
		}
		if d, err := stats.Density(x, 0, 1, 9); err == nil {
			t.Errorf("%v: density %v", x, d)
		}
	}
	good := []float64{1, 2, 3}
	for _, bad := range []struct {
		low, high float64
		points    int
	}{{0, 1, 1}, {0, 1, math.MaxInt}, {1, 1, 9}, {0, math.Inf(1), 9}, {math.NaN(), 1, 9}, {-1.7e308, 1.7e308, 9}} {
		if d, err := stats.Density(good, bad.low, bad.high, bad.points); err == nil {
			t.Errorf("%+v: %v", bad, d)
		}
	}
	if _, err := stats.Density([]float64{2, 2}, 0, 1, 9); err == nil {
		t.Error("the density of equal values")
	}
	for _, x := range [][]float64{{-1e100, 1e100}, {0, 5e-324}, {1, 1 + 1e-16, 2}, {0, 0, 0, 0, 0, 0, 0, 1}} {
		for _, high := range []float64{1e-300, 1, 1e300} {
			if d, err := stats.Density(x, 0, high, 5); err == nil {
				for _, v := range d {
					if math.IsNaN(v) || v < 0 {
						t.Errorf("%v to %v: %v", x, high, d)
						break
					}
				}
			}
		}
	}
}
