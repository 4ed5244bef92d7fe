package theory_test

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops"
)

// Does a network of SELU units normalize itself if its weights are a little off?
func ExampleLayer_FixedPoint() {
	layer := theory.Layer{Activation: theory.SELU, Weights: theory.Weights{Omega: 0.02, Tau: 1.05}}
	f, err := layer.FixedPoint(theory.Moments{Mean: 0.1, Variance: 1.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.4f, variance %.4f, attracting: %v\n", f.Mean, f.Variance, f.Attracting())
	fmt.Printf("spectral norm %.4f, %.1f layers per digit\n", f.Jacobian.Norm(), f.LayersPerDigit())
	// Output:
	// mean 0.0228, variance 1.1903, attracting: true
	// spectral norm 0.7845, 9.2 layers per digit
}

func ExampleLayer_Iterate() {
	path, err := theory.Layer{Weights: theory.LeCun}.Iterate(theory.Moments{Mean: 0.5, Variance: 2}, 32)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, layer := range []int{0, 1, 8, 32} {
		fmt.Printf("layer %2d: mean %.4f, variance %.4f\n", layer, path[layer].Mean, path[layer].Variance)
	}
	// Output:
	// layer  0: mean 0.5000, variance 2.0000
	// layer  1: mean 0.0896, variance 1.7145
	// layer  8: mean 0.0115, variance 1.0994
	// layer 32: mean 0.0000, variance 1.0003
}

// You can judge any function, here the scaled tanh of LeCun et al. 1998, "Efficient BackProp".
func ExampleFunction() {
	tanh := theory.Function{F: func(x float64) float64 { return 1.7159 * math.Tanh(2*x/3) }}
	f, err := theory.Layer{Activation: tanh, Weights: theory.LeCun}.FixedPoint(theory.Normalized)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.4f, variance %.4f, rate %.4f\n", f.Mean, f.Variance, f.Rate)
	// Output:
	// mean 0.0000, variance 0.3824, rate 0.7805
}

// A SELU for activations of variance 2.
func ExampleSolve() {
	p, err := theory.Solve(theory.Moments{Mean: 0, Variance: 2}, theory.LeCun)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("lambda %.6f, alpha %.6f\n", p.Lambda, p.Alpha)
	// Output:
	// lambda 1.060709, alpha 1.971256
}

func ExampleParams_AlphaDropout() {
	a, b, err := theory.SELU.AlphaDropout(0.05, theory.Normalized)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("a = %.4f, b = %.4f\n", a, b)
	// Output:
	// a = 0.9548, b = 0.0839
}

// Is asinh self-normalizing, before any training?
func ExampleJudgeOp() {
	asinh := ops.Elementwise{
		Name:  "Asinh",
		F:     math.Asinh,
		Slope: func(x, y float64) float64 { return 1 / math.Hypot(1, x) },
	}
	verdict, err := theory.JudgeOp(&asinh, theory.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict)
	// Output:
	// not self-normalizing: the variance keeps falling: 0.0347 after 32 layers; the variance of gradients shrinks to 0.0396 over 32 layers
}

// No, but with a factor it is.
func ExampleNormalizeOp() {
	asinh := ops.Elementwise{
		Name:  "Asinh",
		F:     math.Asinh,
		Slope: func(x, y float64) float64 { return 1 / math.Hypot(1, x) },
	}
	scaled, found, err := theory.NormalizeOp(&asinh, theory.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scaled.Name)
	fmt.Println(found)
	// Output:
	// NormalizedAsinh
	// 1.25673 f(x): self-normalizing: (0.00, 1.00) attracts with rate 0.73 per layer; the variance of gradients grows 1.04-fold per layer (3.06 over 32 layers)
}

// A wrong slope is found before it costs a training.
func ExampleJudge() {
	slope := func(x float64) float64 { return 1 - math.Tanh(x) } // forgot the square
	_, err := theory.Judge(math.Tanh, slope, theory.Options{})
	fmt.Println(err)
	// Output:
	// theory: the slope at x = 0.0377 is 0.962318, but the function changes by 0.99858 per unit there: wrong slope
}

// ReLU needs a shift of its input.
func ExampleNormalize() {
	relu := func(x float64) float64 { return max(x, 0) }
	slope := func(x float64) float64 {
		if x > 0 {
			return 1
		}
		return 0
	}
	found, err := theory.Normalize(relu, slope, theory.Options{Kinks: []float64{0}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found)
	// Output:
	// 1.15386 f(x + 1) - 1.25: self-normalizing: (0.00, 1.00) attracts with rate 0.77 per layer; the variance of gradients grows 1.12-fold per layer (37.8 over 32 layers)
}

// How far gradients grow in 32 layers, with and without alpha dropout.
func ExampleNetwork_Signals() {
	layer := theory.Layer{Weights: theory.LeCun, Pooled: true}
	for _, rate := range []float64{0, 0.05} {
		var err error
		if layer.Dropout, err = theory.SELU.Dropout(rate, theory.Normalized); err != nil {
			panic(err)
		}
		signals, err := theory.Deep(layer, 32).Signals(theory.Normalized)
		if err != nil {
			panic(err)
		}
		fmt.Printf("rate %.2f: variance %.2f behind the layers, gradients %.3g in front of them\n", rate, signals[32].Output.Variance, signals[0].Gradient)
	}
	// Output:
	// rate 0.00: variance 1.00 behind the layers, gradients 9.14 in front of them
	// rate 0.05: variance 1.00 behind the layers, gradients 0.092 in front of them
}

// Where the correlation of two rows leads, and how fast.
func ExampleLayer_CorrelationFixedPoint() {
	layer := theory.Layer{Weights: theory.LeCun, Pooled: true}
	f, err := layer.CorrelationFixedPoint(theory.Normalized)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f, a factor of e closer in %.1f layers\n", f.Correlation, f.Depth())
	// Output: 0.00, a factor of e closer in 33.6 layers
}
