package theory_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
	"pgregory.net/rapid"
)

// Far from the domains of the theorems; the values were computed with 400 digits by mpmath.
func TestMomentsFarOut(t *testing.T) {
	for _, test := range []struct{ m, v, mean, variance float64 }{
		{0, 1e-4, -0.0027783913386538441543, 0.00019958544328411180119},
		{0, 1e-12, -2.8221067276967449199e-7, 2.0177975985444788001e-12},
		{0.001, 1e-06, 0.00099182996131311213637, 1.3736322111129950843e-6},
		{-3, 1e-06, -1.6705686850017949935, 7.661619543566827942e-9},
		{3, 1e-06, 3.1521029620664414803, 1.1039725648297815298e-6},
		{-30, 1, -1.7580993408471056184, 1.2641738054083391014e-25},
		{-30, 100, -1.7506191468983733641, 0.041496760881094436018},
		{40, 1, 42.028039494219219737, 1.1039725648297815797},
		{40, 10000, 65.640916156160001809, 5711.9431252609207668},
		{0, 10000, 41.044868221571786317, 3836.7085793402252351},
		{0, 1e10, 41916.025748906604874, 3762909611.1113445423},
		{1000, 1e-4, 1050.7009873554804934, 0.00011039725648297816326},
	} {
		// The effect of the rounding of f(z) alone on the variance.
		noise := 1e-15 * math.Abs(test.mean) * math.Sqrt(test.variance)
		for name, activation := range maps {
			got, err := activation.Moments(theory.Moments{Mean: test.m, Variance: test.v})
			if err != nil || !near(got.Mean, test.mean, 1e-13, 0) || !near(got.Variance, test.variance, 1e-12, noise) {
				t.Errorf("%s at %v, %v: %v, %v, want %v, %v", name, test.m, test.v, got, err, test.mean, test.variance)
			}
		}
	}
}

// Variances far below the roundings of the mean act through the slope alone.
func TestMomentsAtTinyVariances(t *testing.T) {
	for _, mean := range []float64{1, 4.6e-5, -4.6e-5, -1} {
		for _, variance := range []float64{1e-300, 1.3e-43, 1e-20} {
			slope := theory.SELU.Lambda
			if mean < 0 {
				slope *= theory.SELU.Alpha * math.Exp(mean)
			}
			m, err := theory.SELU.Moments(theory.Moments{Mean: mean, Variance: variance})
			if err != nil || !near(m.Mean, theory.SELU.At(mean), 1e-15, 0) || !near(m.Variance, slope*slope*variance, 1e-14, 0) {
				t.Errorf("mean %v, variance %v: %+v, %v", mean, variance, m, err)
			}
		}
	}
}

// Large arguments give finite moments, a variance that is not negative, and a mean between the extremes of the activation.
func TestMomentsAreFinite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := theory.Moments{Mean: rapid.Float64Range(-1e8, 1e8).Draw(t, "mean"), Variance: math.Exp(rapid.Float64Range(-100, 40).Draw(t, "log variance"))}
		m, err := theory.SELU.Moments(z)
		if err != nil || math.IsNaN(m.Mean) || m.Mean < -theory.SELU.Lambda*theory.SELU.Alpha || !(m.Variance >= 0) || m.Variance > 1e30 {
			t.Errorf("%+v: %+v, %v", z, m, err)
		}
	})
}

// Where the moments leave the range of float64 there is an error, not infinity, NaN or a negative variance.
func TestMomentsOutOfRange(t *testing.T) {
	extremes := []float64{0, 5e-324, 1e-310, 1e-160, 1, 1e76, 1e155, 1e308, math.MaxFloat64}
	for _, scale := range extremes[1:] {
		for _, alpha := range extremes {
			p := theory.Params{Lambda: scale, Alpha: alpha}
			for _, mean := range extremes {
				for _, variance := range extremes {
					for _, sign := range []float64{1, -1} {
						z := theory.Moments{Mean: sign * mean, Variance: variance}
						m, err := p.Moments(z)
						if err == nil && (math.IsNaN(m.Mean) || math.IsInf(m.Mean, 0) || !(m.Variance >= 0 && m.Variance <= math.MaxFloat64)) {
							t.Errorf("%+v at %+v: %+v", p, z, m)
						}
						a, b, err := p.AlphaDropout(0.1, z)
						if err == nil && !(a > 0 && a <= math.MaxFloat64 && math.Abs(b) <= math.MaxFloat64) {
							t.Errorf("%+v at %+v: alpha dropout with a = %v, b = %v", p, z, a, b)
						}
					}
				}
			}
		}
	}
	if m, err := theory.SELU.Moments(theory.Moments{Mean: math.MaxFloat64, Variance: 1}); !errors.Is(err, theory.ErrDomain) {
		t.Errorf("%+v, %v, want an ErrDomain", m, err)
	}
}

// Params with Alpha = 0 and 1 are ReLU and ELU, whose moments quadrature finds too, and ReLU's are known.
func TestFamily(t *testing.T) {
	for name, p := range map[string]theory.Params{"ReLU": theory.ReLU, "ELU": theory.ELU, "other": {Lambda: 0.7, Alpha: -2}} {
		for _, z := range []theory.Moments{{0, 1}, {0.3, 0.7}, {-2, 3}, {5, 0.1}, {0, 1e-6}, {-0.5, 100}} {
			a, err := p.Moments(z)
			if err != nil {
				t.Fatal(err)
			}
			f := theory.Function{F: p.At}
			b, err := f.Moments(z)
			if err != nil || !near(b.Mean, a.Mean, 1e-13, 1e-14) || !near(b.Variance, a.Variance, 1e-12, 1e-14) {
				t.Errorf("%s at %+v: %+v and %+v, %v", name, z, a, b, err)
			}
			ja, err := p.Jacobian(z)
			if err != nil {
				t.Fatal(err)
			}
			jb, err := f.Jacobian(z)
			if err != nil {
				t.Fatal(err)
			}
			for i := range ja {
				for k := range ja[i] {
					if !near(jb[i][k], ja[i][k], 1e-10, 1e-13) {
						t.Errorf("%s at %+v: Jacobian %v and %v", name, z, ja, jb)
					}
				}
			}
		}
	}
	m, err := theory.ReLU.Moments(theory.Moments{Variance: 2})
	if err != nil || !near(m.Mean, 1/math.Sqrt(math.Pi), 1e-15, 0) || !near(m.Variance, 1-1/math.Pi, 1e-14, 0) {
		t.Errorf("ReLU of N(0, 2): %+v, %v", m, err)
	}
}

// TestMonteCarlo draws 10^7 normal numbers and uses them at 20 points:
// the moments of selu agree within 4 standard errors.
func TestMonteCarlo(t *testing.T) {
	if testing.Short() {
		t.Skip("four million samples for each point")
	}
	const samples, points, chunks = 4_000_000, 20, 20
	r := rand.New(rand.NewPCG(1, 2))
	var z, want [points]theory.Moments
	for i := range z {
		z[i] = theory.Moments{Mean: r.Float64()*2 - 1, Variance: 0.02 + r.Float64()*3}
		var err error
		if want[i], err = theory.SELU.Moments(z[i]); err != nil {
			t.Fatal(err)
		}
	}
	var powers [chunks][points][3]float64 // sums of d, d^2 and d^4, d = y - mean
	var wg sync.WaitGroup
	work := make(chan int, chunks)
	for c := range chunks {
		work <- c
	}
	close(work)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for c := range work {
				powers[c] = sample(c, samples/chunks, z[:], want[:])
			}
		})
	}
	wg.Wait()
	worst := 0.0
	for i := range z {
		var sum [3]float64
		for c := range chunks {
			for k := range sum {
				sum[k] += powers[c][i][k] / samples
			}
		}
		seMean, seVariance := math.Sqrt(sum[1]/samples), math.Sqrt((sum[2]-sum[1]*sum[1])/samples)
		mean, variance := math.Abs(sum[0])/seMean, math.Abs(sum[1]-want[i].Variance)/seVariance
		if !(mean < 4) || !(variance < 4) {
			t.Errorf("%+v: %+v; the samples differ by %.2g and %.2g standard errors", z[i], want[i], mean, variance)
		}
		worst = max(worst, mean, variance)
	}
	t.Logf("%d points, greatest difference %.2g standard errors", points, worst)
}

// sample sums over n numbers, in blocks so that the inner loop has local variables only.
func sample(chunk, n int, z, want []theory.Moments) (powers [20][3]float64) {
	r := rand.New(rand.NewPCG(3, uint64(chunk)))
	var block [1000]float64
	for range n / len(block) {
		for i := range block {
			block[i] = r.NormFloat64()
		}
		for i := range z {
			m, sd, mean := z[i].Mean, math.Sqrt(z[i].Variance), want[i].Mean
			var sum, squares, fourths float64
			for _, x := range block {
				d := theory.SELU.At(m+sd*x) - mean
				d2 := d * d
				sum, squares, fourths = sum+d, squares+d2, fourths+d2*d2
			}
			powers[i][0] += sum
			powers[i][1] += squares
			powers[i][2] += fourths
		}
	}
	return powers
}
