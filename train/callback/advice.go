package callback

import (
	"fmt"
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/nn"
)

// Bounds of the warnings.
const (
	// At the first step omega and tau must be in the domain of Theorem 1 of Klambauer et al. 2017, up to sampling noise.
	omegaBound, tauLow, tauHigh = 0.1, 0.95, 1.1
	// samplingSDs is the number of standard deviations of sampling noise within which there is no warning.
	samplingSDs = 5

	// Later a layer must stay where Theorems 2 and 3 bring the moments back, with more room for few units (see noiseOf) ...
	meanBound, varianceLow, varianceHigh = 1, 0.05, 16
	// ... with weights whose fixed point lies there, at omega = 0, and that do not amplify a mean.
	driftOmega, driftTauLow, driftTauHigh = 1, 0.6, 1.8
	// Layers of fewer units or weights are not judged: the theorems are about sums of many terms, and the tau of such layers is far
	// from normal.
	fewestUnits, fewestWeights = 8, 32
	// startFactor is how far a variance that starts out of bounds must move before it counts.
	startFactor = 4
	// patience is the number of probes in a row that a layer must be out of bounds before the warning.
	patience = 3

	// maxAlphaRate is the greatest rate of alpha dropout without a warning; the paper uses 0.05 and 0.10.
	maxAlphaRate = 0.2
)

// The kinds of warnings. Each is given once.
const (
	adviceInputs  = "inputs"
	adviceWeights = "weights"
	adviceDropout = "dropout"
	adviceRate    = "rate"
	adviceLeft    = "left"
	adviceFinite  = "finite"
)

// advisor finds and reports the reasons why a network of SELU units does not normalize itself. Its exported fields are the state of a run.
type advisor struct {
	Given  []string           // kinds of the warnings given
	Start  map[string]float64 // variance of each layer at its first probe
	Streak map[string]int     // how often in a row each layer was out of bounds
	Inputs inputSums

	nets map[*graphs.Graph]*seluNet
}

func (a *advisor) warn(s *State, kind, format string, args ...any) {
	if !a.given(kind) {
		a.Given = append(a.Given, kind)
		s.Warn(fmt.Sprintf(format, args...))
	}
}

func (a *advisor) given(kind string) bool { return slices.Contains(a.Given, kind) }

// net returns the layers to watch in a graph, nil if it does not normalize itself.
func (a *advisor) net(g *graphs.Graph, probes []graphs.Probe) *seluNet {
	if n, ok := a.nets[g]; ok {
		return n
	}
	if a.nets == nil {
		a.nets = map[*graphs.Graph]*seluNet{}
	}
	a.nets[g] = newSELUNet(g, probes)
	return a.nets[g]
}

// judgesInputs reports whether the inputs of a graph must be standardized.
func (a *advisor) judgesInputs(g *graphs.Graph, probes []graphs.Probe) bool {
	n := a.net(g, probes)
	return n != nil && n.input != nil
}

// start checks the network before the first update.
func (a *advisor) start(s *State, net *seluNet, now Moments) {
	for _, d := range net.ordinary {
		a.warn(s, adviceDropout, "ordinary dropout (layer %q, rate %g) multiplies the variance of SELU activations by about %.3g; "+
			"use nn.AlphaDropout, which keeps mean 0 and variance 1, with a rate of 0.05 to 0.1", d.name, d.rate, 1/(1-d.rate))
	}
	for _, d := range net.alpha {
		if d.rate > maxAlphaRate {
			a.warn(s, adviceRate, "alpha dropout (layer %q) has a rate of %g; rates of 0.05 to 0.1 work best, and above %g "+
				"little is left of the signal of a deep network; lower it", d.name, d.rate, maxAlphaRate)
		}
	}
	var bad []layerAt
	for _, l := range net.layers {
		if m := now.Layers[l.probe]; !startsLeCun(m, l.inputs, l.units) && !trained(s.Params, m.Name, l.lecun) {
			bad = append(bad, l)
		}
	}
	if len(bad) == 0 {
		return
	}
	m := now.Layers[bad[0].probe]
	a.warn(s, adviceWeights, "the weights of %s do not start as LeCun normal ones: omega = %.3g and tau = %.3g (means over the units "+
		"of the sums of w and w^2) instead of 0 and 1%s; leave WeightInit nil or set it to nn.LeCunNormal", layerNames(m.Name, len(bad)), m.Omega, m.Tau, guessInit(m.Tau, bad[0]))
}

// trained reports whether a layer whose weights are not LeCun normal ones has been trained before: only then are its biases not all equal,
// and without biases its weights started so if they do by default.
func trained(params *nn.Params, layer string, lecun bool) bool {
	bias := params.Get(layer + ".bias")
	if bias == nil {
		return lecun
	}
	v, err := dense.Elements(bias.Value)
	if err != nil {
		return false
	}
	return varied(v.F32) || varied(v.F64)
}

func varied[T dense.Float](x []T) bool {
	return slices.ContainsFunc(x, func(v T) bool { return v != x[0] })
}

// startsLeCun reports whether omega and tau of a layer are in the domain of the theorem, up to the noise of drawing a weight
// matrix: over m units with n inputs the mean of tau has standard deviation sqrt(2/(n m)), and that of omega sqrt(1/m).
func startsLeCun(m LayerMoments, inputs, units int) bool {
	noise := samplingSDs * math.Sqrt(2/float64(inputs*units))
	return m.Tau >= tauLow-noise && m.Tau <= tauHigh+noise && math.Abs(m.Omega) <= omegaBound+samplingSDs/math.Sqrt(float64(units))
}

// guessInit names the initialization that would give tau.
func guessInit(tau float64, l layerAt) string {
	near := func(want float64) bool { return math.Abs(tau-want) < 0.1*want }
	switch glorot := 2 * float64(l.inputs) / float64(l.inputs+l.units); {
	case near(2):
		return ", as after He initialization, which is for ReLU"
	case near(glorot):
		return ", as after Glorot initialization"
	}
	return ""
}

// during checks the layers in the course of a training.
func (a *advisor) during(s *State, net *seluNet, now Moments) {
	if a.given(adviceInputs) || a.given(adviceWeights) || a.given(adviceDropout) || a.given(adviceLeft) {
		return // the cause is known
	}
	if a.Streak == nil || a.Start == nil {
		a.Streak, a.Start = map[string]int{}, map[string]float64{}
	}
	var bad []layerAt
	for _, l := range net.layers {
		m := now.Layers[l.probe]
		start, known := a.Start[m.Name]
		if !known {
			start = m.Variance
			a.Start[m.Name] = start
		}
		if !left(m, l, start) {
			delete(a.Streak, m.Name)
		} else if a.Streak[m.Name]++; a.Streak[m.Name] >= patience {
			bad = append(bad, l)
		}
	}
	if len(bad) == 0 {
		return
	}
	m := now.Layers[bad[0].probe]
	noise := noiseOf(bad[0].units)
	a.warn(s, adviceLeft, "%s no longer normalizes itself (step %d): activations of mean %.3g and variance %.3g, weights of omega = %.3g "+
		"and tau = %.3g, want means within +-%.3g, variances of %.3g to %.3g, omega within +-%d, tau of %g to %g; harmless as long as the "+
		"loss behaves, otherwise lower the learning rate or stop earlier", layerNames(m.Name, len(bad)), s.Step, m.Mean, m.Variance, m.Omega,
		m.Tau, meanBound*noise, varianceLow/noise, varianceHigh*noise, driftOmega, driftTauLow, driftTauHigh)
}

// noiseOf is a factor for what varies with the draw of the weights: the second moment of n units has a relative standard
// deviation of about sqrt(2/n).
func noiseOf(units int) float64 { return 1 + samplingSDs*math.Sqrt(2/float64(units)) }

// left reports whether a layer is where the theorems do not bring its moments back. The weights of a layer that
// reads the network's inputs may grow: they adapt to the scale of single features.
//
// A variance that was beyond or near the lower bound, or beyond the upper one, from the start comes from the inputs, such as those of hundreds of categories: it counts only if
// the training moves it startFactor times farther.
func left(m LayerMoments, l layerAt, start float64) bool {
	noise := noiseOf(l.units)
	low, high := varianceLow/noise, varianceHigh*noise
	if start < low*startFactor {
		low = math.Min(low, start/startFactor)
	}
	if start > high {
		high = start * startFactor
	}
	if math.Abs(m.Mean) > meanBound*noise || m.Variance < low || m.Variance > high {
		return true
	}
	omega := math.Max(driftOmega, omegaBound+samplingSDs/math.Sqrt(float64(l.units)))
	drawn := samplingSDs * math.Sqrt(2/float64(l.inputs*l.units))
	return l.hidden && (math.Abs(m.Omega) > omega || m.Tau < driftTauLow-drawn || m.Tau > driftTauHigh+drawn)
}

func layerNames(name string, n int) string {
	switch n {
	case 1:
		return fmt.Sprintf("layer %q", name)
	case 2:
		return fmt.Sprintf("layer %q (and 1 more)", name)
	}
	return fmt.Sprintf("layer %q (and %d more)", name, n-1)
}
