package theory

// ParametricSELU is the activation of nn.ParametricSELU with a share w for all units: x + (selu(x) - x) w. Its moment map says when such units still
// normalize themselves. For z with mean 0 and variance 1 its mean is 0, as those of x and of SELU are, and its variance is 1 - 2 w (1 - w) (1 - rho), where
// rho = E[selu'(z)] = 0.985 is the covariance of z and selu(z) (Stein's lemma). So mean 0 and variance 1 are a fixed point for w = 0 and w = 1 alone; between
// them the variance falls by 0.74 % at most, at w = 1/2, and beyond them it rises. With LeCun weights the fixed point of a share below 1 attracts less than
// that of SELU, and for w = 0, the identity, not at all.
func ParametricSELU(share float64) Function {
	return Function{
		F: func(x float64) float64 { return x + (SELU.At(x)-x)*share },
		Slope: func(x float64) float64 {
			return 1 + (SELU.slopeAt(x)-1)*share
		},
		Kinks: []float64{0},
	}
}
