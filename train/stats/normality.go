package stats

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Normality compares a sample with normal distributions.
type Normality struct {
	N int
	// Mean and SD are those of the sample, with the divisor n. Skewness is the mean cube of the standardized values, and Kurtosis the mean of their
	// fourth powers minus 3 (excess kurtosis): both are 0 for a normal distribution. They are 0 if all values are equal.
	Mean, SD, Skewness, Kurtosis float64
	// Kolmogorov is the greatest distance between the distribution function of the sample and that of the normal distribution with its mean and variance,
	// and Standard that to the standard normal distribution: 0 to 1. A sample of n independent standard normal values has a Standard of
	// about 0.87/sqrt(n) on average, and a smaller Kolmogorov, because its mean and variance are fitted.
	Kolmogorov, Standard float64
}

// DescribeNormality compares a sample with the normal distribution. It returns an error for an empty sample, for a value that is not finite, and
// for values so large that float64 cannot hold their squares.
func DescribeNormality(x []float64) (Normality, error) {
	s, err := describe(x)
	if err != nil {
		return Normality{}, errors.Wrap(err, "stats")
	}
	n := Normality{N: len(x), Mean: s.Mean}
	sum := [5]float64{}
	for _, v := range x {
		d := v - n.Mean
		sum[2] += d * d
	}
	count := float64(len(x))
	if n.SD = math.Sqrt(sum[2] / count); math.IsInf(n.SD, 0) {
		return Normality{}, errors.Errorf("stats: the variance of %d values is too large", len(x))
	}
	if n.SD > 0 {
		for _, v := range x {
			z := (v - n.Mean) / n.SD
			sum[3] += z * z * z
			sum[4] += z * z * z * z
		}
		n.Skewness, n.Kurtosis = sum[3]/count, sum[4]/count-3
	}
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	n.Kolmogorov, n.Standard = kolmogorov(sorted, n.Mean, n.SD), kolmogorov(sorted, 0, 1)
	return n, nil
}

// kolmogorov is the greatest distance between the distribution function of sorted values and that of a normal distribution.
func kolmogorov(sorted []float64, mean, sd float64) (most float64) {
	n := float64(len(sorted))
	for i, v := range sorted {
		p := 0.5 // where sd is 0 all values are the mean
		if sd > 0 {
			p = math.Erfc((mean-v)/sd/math.Sqrt2) / 2
		}
		most = max(most, p-float64(i)/n, float64(i+1)/n-p)
	}
	return most
}

// maxDensity is the number of points that Density accepts.
const maxDensity = 1 << 12

// Density estimates the density of a sample at points evenly spaced from low to high, with both ends: a Gaussian kernel whose width is
// Silverman's (1986, Eq. 3.31), 0.9 n^(-1/5) times the smaller of the standard deviation and the interquartile range/1.34. It counts the values in bins
// of an eighth of that width or less. Values outside of low to high count where their kernels reach in. There are 2 to 4,096 points; the errors
// are those of [DescribeNormality], and one for a sample whose values are all equal.
func Density(x []float64, low, high float64, points int) ([]float64, error) {
	if points < 2 || points > maxDensity || !(low < high) || math.IsInf(high-low, 0) {
		return nil, errors.Errorf("stats: %d points of a density from %v to %v", points, low, high)
	}
	s, err := describe(x)
	if err != nil {
		return nil, errors.Wrap(err, "stats")
	}
	width := kernelWidth(x, s.SD)
	if !(width > 0) || math.IsInf(width, 0) {
		return nil, errors.Errorf("stats: the density of %d equal values", len(x))
	}
	const reach = 6 // kernel widths
	step := (high - low) / float64(points-1)
	fine := int(min(math.Ceil(8*step/width), 64)) // bins per step
	fine = max(fine, 1)
	first, bin := low-reach*width, step/float64(fine)
	bins := make([]float64, int(min((high-low+2*reach*width)/bin, 1<<20))+2)
	for _, v := range x {
		// A value counts in the two bins beside it, in proportion to how close they are.
		if at := (v - first) / bin; at >= 0 && at < float64(len(bins)-1) {
			i := int(at)
			share := at - float64(i)
			bins[i] += 1 - share
			bins[i+1] += share
		}
	}
	out := make([]float64, points)
	scale := 1 / (float64(len(x)) * width * math.Sqrt(2*math.Pi))
	for k := range out {
		at := low + float64(k)*step
		from, to := int((at-reach*width-first)/bin), int((at+reach*width-first)/bin)+1
		for i := max(from, 0); i <= min(to, len(bins)-1); i++ {
			if bins[i] > 0 {
				z := (first + float64(i)*bin - at) / width
				out[k] += scale * bins[i] * math.Exp(-z*z/2)
			}
		}
	}
	return out, nil
}

// kernelWidth is Silverman's rule.
func kernelWidth(x []float64, sd float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	spread := sd
	if quartiles := (sorted[3*(len(x)-1)/4] - sorted[(len(x)-1)/4]) / 1.34; quartiles > 0 {
		spread = min(sd, quartiles)
	}
	return 0.9 * spread * math.Pow(float64(len(x)), -0.2)
}
