package callback

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/train/stats"
	"gorgonia.org/tensor"
)

// Distributions are those of the pre-activations of all layers with weights in one step.
type Distributions struct {
	Step   int // counted from 1
	Layers []LayerDistribution
}

// LayerDistribution compares the pre-activations z of a layer, over all rows of the batch and all units, with normal distributions. The theory of
// self-normalizing networks takes z to be normal, because it is a sum of many terms (Klambauer et al. 2017, section 2; Figure A8).
type LayerDistribution struct {
	Name string
	stats.Normality
	// UnitKolmogorov is the mean over up to 32 units of the Kolmogorov distance of a unit alone, over the rows. With normal weights the units together can
	// look normal where none of them is. For n rows of a normal z it is about 0.6/sqrt(n). It is 0 for images.
	UnitKolmogorov float64
	// Density estimates the density of z at DensityPoints points, evenly spaced from Mean - 4 SD to Mean + 4 SD. It is nil in steps between
	// the first and the last of a history, and if all values are equal.
	Density []float64 `json:",omitempty"`
}

const (
	// DensityPoints is the number of points of a density.
	DensityPoints = 81
	// densityReach is how many standard deviations a density spans on each side of the mean.
	densityReach = 4
	// maxSampled is the number of values of a layer that are looked at: of more, evenly spaced ones.
	maxSampled = 1 << 13
	// densityIntervals is the number of intervals between the steps that are looked at.
	densityIntervals = 10
	// maxUnits is the number of units that are looked at alone.
	maxUnits = 32
)

// DescribeDistribution compares up to 8,192 evenly spaced elements of a float32 or float64 tensor with normal distributions. The error is that of
// values of another kind, or of none, or that are not finite.
func DescribeDistribution(name string, values *tensor.Dense) (LayerDistribution, error) {
	d := LayerDistribution{Name: name}
	x, err := dense.Elements(values)
	if err != nil {
		return d, err
	}
	var sample []float64
	units := 0
	if values.Dims() == 2 {
		units = values.Shape()[1]
	}
	if x.F32 != nil {
		sample, d.UnitKolmogorov = sampled(x.F32), unitKolmogorov(x.F32, units)
	} else {
		sample, d.UnitKolmogorov = sampled(x.F64), unitKolmogorov(x.F64, units)
	}
	if d.Normality, err = stats.DescribeNormality(sample); err != nil || d.SD == 0 {
		return d, err
	}
	low, high := d.Span()
	if density, err := stats.Density(sample, low, high, DensityPoints); err == nil {
		d.Density = density
	}
	return d, nil
}

// Span returns the first and the last point of the density.
func (d LayerDistribution) Span() (low, high float64) {
	return d.Mean - densityReach*d.SD, d.Mean + densityReach*d.SD
}

// sampled returns evenly spaced values. An odd stride visits all columns of a matrix, whose number is often a power of two.
func sampled[T dense.Float](x []T) []float64 {
	stride := 1
	if len(x) > maxSampled {
		stride = (len(x)+maxSampled-1)/maxSampled | 1
	}
	out := make([]float64, 0, len(x)/stride+1)
	for i := 0; i < len(x); i += stride {
		out = append(out, float64(x[i]))
	}
	return out
}

// unitKolmogorov is the mean distance of evenly spaced units, the columns of x.
func unitKolmogorov[T dense.Float](x []T, units int) float64 {
	if units == 0 {
		return 0
	}
	rows, n, sum := len(x)/units, min(units, maxUnits), 0.0
	column := make([]float64, 0, min(rows, maxSampled))
	stride := (rows + maxSampled - 1) / maxSampled
	for k := range n {
		column = column[:0]
		for row := 0; row < rows; row += stride {
			column = append(column, float64(x[row*units+k*units/n]))
		}
		if d, err := stats.DescribeNormality(column); err == nil { // the error is that of the whole layer
			sum += d.Kolmogorov
		}
	}
	return sum / float64(n)
}

// DensityProbes is a callback that adds the distributions of all layers' pre-activations to History.Distributions: in the first step and 10 times more,
// evenly spaced over the run. Like those of [Probes] they belong to the forward pass of the training graph, with the weights before the update. It keeps
// the densities of the first and the last of these steps, for a picture like Figure A8 of Klambauer et al. 2017. It has no state of its own.
type DensityProbes struct{}

var (
	_ StartCallback        = (*DensityProbes)(nil)
	_ SparseUpdateCallback = (*DensityProbes)(nil)
)

// AtStart implements StartCallback.
func (p *DensityProbes) AtStart(_ context.Context, s *State) error {
	if p == nil || s == nil || s.History == nil {
		return errors.New("DensityProbes: there is no run; give them to train.Fit")
	}
	return nil
}

// UpdateDue implements SparseUpdateCallback.
func (p *DensityProbes) UpdateDue(s *State) bool {
	return p != nil && s != nil && s.Graph != nil && s.History != nil && (s.Step-1)%max(1, (s.Steps-1)/densityIntervals) == 0
}

// BeforeUpdate implements UpdateCallback. A layer whose values are not finite numbers is left out.
func (p *DensityProbes) BeforeUpdate(_ context.Context, s *State) error {
	if p == nil || s == nil || s.Graph == nil || s.History == nil {
		return errors.New("DensityProbes: there is no graph; give them to train.Fit")
	}
	all := s.History.Distributions
	if n := len(all); !p.UpdateDue(s) || n > 0 && all[n-1].Step >= s.Step { // with Config.Accumulate a step has several batches
		return nil
	}
	if n := len(all); n > 1 {
		all[n-1] = all[n-1].withoutDensities()
	}
	s.History.Distributions = append(all, DistributionsOf(s.Graph, s.Step))
	return nil
}

// withoutDensities returns a copy without densities; a report may still read the original.
func (d Distributions) withoutDensities() Distributions {
	layers := make([]LayerDistribution, len(d.Layers))
	for i, l := range d.Layers {
		l.Density = nil
		layers[i] = l
	}
	d.Layers = layers
	return d
}

// DistributionsOf returns the distributions of the pre-activations in the last run of a graph: those of layers with weights whose values are finite numbers.
func DistributionsOf(g *graphs.Graph, step int) Distributions {
	d := Distributions{Step: step}
	for _, probe := range g.Probes() {
		if probe.Weight == nil {
			continue
		}
		values, ok := g.Value(probe.PreActivation).(*tensor.Dense)
		if !ok {
			continue
		}
		if l, err := DescribeDistribution(probe.Name, values); err == nil && !math.IsNaN(l.Skewness+l.Kurtosis) && !math.IsInf(l.Skewness+l.Kurtosis, 0) {
			d.Layers = append(d.Layers, l)
		}
	}
	return d
}
