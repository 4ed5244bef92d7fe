package graphs

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// LayerMoments holds the statistics of one layer over a batch: mean and population variance, over all rows and units, of its
// pre-activations and activations (and all pixels: the units of a convolution are its filters); and mean, minimum and maximum over its units of omega = sum of w and tau = sum of w^2
// (Klambauer et al. 2017, section 2). A layer without weights has omega = tau = 0.
type LayerMoments struct {
	Name                                 string
	PreMean, PreVariance, Mean, Variance float64
	Omega, Tau                           float64
	OmegaMin, OmegaMax, TauMin, TauMax   float64
	// Variances of the gradients of the loss, over all rows and units, with respect to the pre-activations, the activations and the weights.
	// They are 0 unless a GradientProbe has read them.
	PreGradientVariance, GradientVariance, WeightGradientVariance float64
}

// columnMoments holds mean and population variance of each column of a matrix, or channel of images. It reuses its buffers.
type columnMoments struct {
	rows               int
	mean, variance     []float64
	mean32, variance32 []float32
}

// of computes the moments of the columns of a matrix, or of the channels of images, over all pixels.
func (c *columnMoments) of(v G.Value, w *kernel.Workers) error {
	t, ok := v.(*tensor.Dense)
	if ok && t.Dims() == 4 {
		s := t.Shape()
		return c.strided(t, s[1], s[0], s[2]*s[3])
	}
	if !ok || t.Dims() != 2 {
		return errors.New("there is no value yet; run the graph first")
	}
	rows, cols := t.Shape()[0], t.Shape()[1]
	c.rows, c.mean, c.variance = rows, slices.Grow(c.mean[:0], cols)[:cols], slices.Grow(c.variance[:0], cols)[:cols]
	switch x := t.Data().(type) {
	case []float32:
		c.mean32, c.variance32 = slices.Grow(c.mean32[:0], cols)[:cols], slices.Grow(c.variance32[:0], cols)[:cols]
		kernel.ColumnMoments(w, c.mean32, c.variance32, x, cols)
		for j := range cols {
			c.mean[j], c.variance[j] = float64(c.mean32[j]), float64(c.variance32[j])
			if v := c.variance[j]; math.IsInf(v, 0) || math.IsNaN(v) { // the squares overflow float32
				c.slow(j, func(row int) float64 { return float64(x[row*cols+j]) })
			}
		}
	case []float64:
		kernel.ColumnMoments(w, c.mean, c.variance, x, cols)
	default:
		return errors.Errorf("dtype %v, want float32 or float64", t.Dtype())
	}
	return nil
}

// ofWeights computes the moments of the weights of each unit: the columns of a matrix, or filters (units, channels, height, width).
func (c *columnMoments) ofWeights(v G.Value, w *kernel.Workers) error {
	if t, ok := v.(*tensor.Dense); ok && t.Dims() == 4 {
		s := t.Shape()
		return c.strided(t, s[0], 1, s[1]*s[2]*s[3])
	}
	return c.of(v, w)
}

// strided computes the moments of units that hold plane elements side by side, blocks times.
func (c *columnMoments) strided(t *tensor.Dense, units, blocks, plane int) error {
	at, err := elementsOf(t)
	if err != nil {
		return err
	}
	c.rows, c.mean, c.variance = blocks*plane, slices.Grow(c.mean[:0], units)[:units], slices.Grow(c.variance[:0], units)[:units]
	for u := range units {
		c.slow(u, func(row int) float64 { return at((row/plane*units+u)*plane + row%plane) })
	}
	return nil
}

// elementsOf returns a function for the elements of a tensor as float64.
func elementsOf(t *tensor.Dense) (func(i int) float64, error) {
	switch x := t.Data().(type) {
	case []float32:
		return func(i int) float64 { return float64(x[i]) }, nil
	case []float64:
		return func(i int) float64 { return x[i] }, nil
	}
	return nil, errors.Errorf("dtype %v, want float32 or float64", t.Dtype())
}

// slow computes the moments of column j in float64.
func (c *columnMoments) slow(j int, at func(row int) float64) {
	sum, squares := 0.0, 0.0
	for row := range c.rows {
		sum += at(row)
	}
	c.mean[j] = sum / float64(c.rows)
	for row := range c.rows {
		d := at(row) - c.mean[j]
		squares += d * d
	}
	c.variance[j] = squares / float64(c.rows)
}

// pooled returns mean and variance over all elements. The variance is the variance within the columns plus the variance of their means.
func (c *columnMoments) pooled() (mean, variance float64) {
	n := float64(len(c.mean))
	for _, m := range c.mean {
		mean += m / n
	}
	for j, m := range c.mean {
		variance += (c.variance[j] + (m-mean)*(m-mean)) / n
	}
	return mean, variance
}

// weights sets omega and tau. Column j holds the weights of unit j.
func (c *columnMoments) weights(m *LayerMoments) {
	n, units := float64(c.rows), float64(len(c.mean))
	m.OmegaMin, m.OmegaMax, m.TauMin, m.TauMax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for j, mean := range c.mean {
		omega, tau := n*mean, n*(c.variance[j]+mean*mean)
		m.Omega += omega / units
		m.Tau += tau / units
		m.OmegaMin, m.OmegaMax = math.Min(m.OmegaMin, omega), math.Max(m.OmegaMax, omega)
		m.TauMin, m.TauMax = math.Min(m.TauMin, tau), math.Max(m.TauMax, tau)
	}
}

// Finite reports whether all statistics are finite numbers.
func (m *LayerMoments) Finite() bool {
	if m == nil {
		return false
	}
	for _, v := range []float64{m.PreMean, m.PreVariance, m.Mean, m.Variance, m.Omega, m.Tau, m.OmegaMin, m.OmegaMax, m.TauMin, m.TauMax, m.PreGradientVariance, m.GradientVariance, m.WeightGradientVariance} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
