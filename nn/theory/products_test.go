package theory_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn/theory"
	"pgregory.net/rapid"
)

func TestProductsReference(t *testing.T) {
	rows := table(t, "theory/bivariate_moments.csv")
	for name, f := range differentiable {
		absolute, relative := 0.0, 0.0
		for i, r := range rows {
			if name != "closed form" && i%16 != 2 {
				continue // two integrals inside each other take a hundred times as long
			}
			z, c := theory.Moments{Mean: r["mean_z"], Variance: r["variance_z"]}, r["correlation_z"]
			product, err1 := theory.ProductMean(f, z, c)
			slopes, err2 := theory.SlopeProductMean(f, z, c)
			if err1 != nil || err2 != nil || !near(product, r["product_mean"], 1e-12, 1e-14) || !near(slopes, r["slope_product_mean"], 1e-12, 1e-14) {
				t.Errorf("%s: %v: %v and %v, %v, %v", name, r, product, slopes, err1, err2)
			}
			for got, want := range map[float64]float64{product: r["product_mean"], slopes: r["slope_product_mean"]} {
				absolute = max(absolute, math.Abs(got-want))
				if math.Abs(want) > 1e-6 {
					relative = max(relative, math.Abs(got/want-1))
				}
			}
		}
		t.Logf("%s: greatest error %.2g, relative %.2g", name, absolute, relative)
	}
}

// At correlation 1 the products are second moments, at 0 squares of means, and at -1 those of opposite numbers; close to the ends they
// are close.
func TestProductsAtTheEnds(t *testing.T) {
	for _, z := range []theory.Moments{{Mean: 0, Variance: 1}, {Mean: -0.7, Variance: 0.05}, {Mean: 0.4, Variance: 9}} {
		m, err1 := theory.SELU.Moments(z)
		s, err2 := theory.SELU.Slopes(z)
		opposite := theory.Function{F: func(x float64) float64 { return theory.SELU.At(x) * theory.SELU.At(2*z.Mean-x) }, Kinks: []float64{0, 2 * z.Mean}}
		o, err3 := opposite.Moments(z)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for _, x := range []struct{ c, product, slopes, within float64 }{
			{1, m.Variance + m.Mean*m.Mean, s.Second, 1e-13}, {1 - 1e-12, m.Variance + m.Mean*m.Mean, s.Second, 1e-5},
			{0, m.Mean * m.Mean, s.Mean * s.Mean, 1e-13}, {1e-12, m.Mean * m.Mean, s.Mean * s.Mean, 1e-10}, {-1e-12, m.Mean * m.Mean, s.Mean * s.Mean, 1e-10},
			{-1, o.Mean, math.NaN(), 1e-12}, {-1 + 1e-12, o.Mean, math.NaN(), 1e-5},
		} {
			product, err1 := theory.ProductMean(theory.SELU, z, x.c)
			slopes, err2 := theory.SlopeProductMean(theory.SELU, z, x.c)
			if err1 != nil || err2 != nil || !near(product, x.product, x.within, x.within) || !math.IsNaN(x.slopes) && !near(slopes, x.slopes, x.within, 0) {
				t.Errorf("%+v, correlation %v: %v and %v, want %v and %v; %v, %v", z, x.c, product, slopes, x.product, x.slopes, err1, err2)
			}
		}
	}
}

// Price's theorem: the derivative of the covariance by the correlation is the variance times the mean product of the slopes.
func TestPricesTheorem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		z, c := theory.Moments{Mean: draw("mean", -1.5, 1.5), Variance: math.Exp(draw("log variance", -3, 2))}, draw("correlation", -0.95, 0.95)
		const h = 2e-3
		var at [4]float64
		for i, k := range []float64{1, -1, 2, -2} {
			var err error
			if at[i], err = theory.Covariance(theory.SELU, z, c+k*h); err != nil {
				t.Fatal(err)
			}
		}
		slope, err := theory.SlopeProductMean(theory.SELU, z, c)
		if want := (8*(at[0]-at[1]) - (at[2] - at[3])) / (12 * h); err != nil || !near(z.Variance*slope, want, 1e-4, 1e-6) {
			t.Errorf("%+v, correlation %v: %v, want %v, %v", z, c, z.Variance*slope, want, err)
		}
	})
}

// An odd function has opposite products for opposite correlations, and a line those of z.
func TestProductsOfOddFunctions(t *testing.T) {
	sine := theory.Function{F: math.Sin, Slope: math.Cos}
	z := theory.Moments{Variance: 0.8}
	for _, c := range []float64{0.6, 1} { // E sin sin = e^-v sinh(c v), E cos cos = e^-v cosh(c v)
		want, slopes := math.Exp(-z.Variance)*math.Sinh(c*z.Variance), math.Exp(-z.Variance)*math.Cosh(c*z.Variance)
		up, err1 := theory.ProductMean(sine, z, c)
		down, err2 := theory.ProductMean(&sine, z, -c)
		same, err3 := theory.SlopeProductMean(sine, z, -c)
		if err1 != nil || err2 != nil || err3 != nil || !near(up, want, 1e-13, 0) || !near(down, -want, 1e-13, 0) || !near(same, slopes, 1e-13, 0) {
			t.Errorf("correlation %v: %v and %v, slopes %v, want %v and %v; %v, %v, %v", c, up, down, same, want, slopes, err1, err2, err3)
		}
	}
	line := theory.Function{F: func(x float64) float64 { return 2*x + 1 }}
	if got, err := theory.Covariance(line, theory.Moments{Mean: 1e-3, Variance: 1e-8}, -0.4); err != nil || !near(got, -0.4*4e-8, 1e-7, 0) {
		t.Errorf("a line: covariance %v, %v", got, err)
	}
	for _, c := range []float64{1.1, -2, math.NaN()} {
		if _, err := theory.ProductMean(nil, z, c); !errors.Is(err, theory.ErrDomain) {
			t.Errorf("correlation %v: %v", c, err)
		}
	}
}

// Both products agree with samples, within 4 standard errors.
func TestProductsMonteCarlo(t *testing.T) {
	const n = 200_000
	r := rand.New(rand.NewPCG(5, 6))
	for _, z := range []theory.Moments{{Mean: 0, Variance: 1}, {Mean: -0.6, Variance: 0.3}, {Mean: 0.5, Variance: 4}} {
		for _, c := range []float64{-0.8, 0.2, 0.95} {
			product, err1 := theory.ProductMean(theory.SELU, z, c)
			slopes, err2 := theory.SlopeProductMean(theory.SELU, z, c)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			var sum, square [2]float64
			for range n {
				a, b := r.NormFloat64(), r.NormFloat64()
				x := z.Mean + math.Sqrt(z.Variance)*a
				y := z.Mean + math.Sqrt(z.Variance)*(c*a+math.Sqrt(1-c*c)*b)
				for k, v := range []float64{theory.SELU.At(x) * theory.SELU.At(y), seluSlope(x) * seluSlope(y)} {
					sum[k] += v / n
					square[k] += v * v / n
				}
			}
			for k, want := range []float64{product, slopes} {
				if se := math.Sqrt((square[k] - sum[k]*sum[k]) / n); math.Abs(sum[k]-want) > 4*se {
					t.Errorf("%+v, correlation %v: %v, want %v, %.2g standard errors away", z, c, sum[k], want, math.Abs(sum[k]-want)/se)
				}
			}
		}
	}
}
