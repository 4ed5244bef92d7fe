package theory

import (
	"context"
	"time"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Global is the claim that activations normalize themselves from far away: from each mean and variance of Start they are in Target after some number
// of layers and stay there, whatever omega and tau the weights have in each layer. The zero value is a theorem that joins and extends
// those of the paper: from mu in [-1, 1] and nu in [0.02, 16] into the domain of Theorem 1, with omega and tau of Theorem 1.
type Global struct {
	// Start and Target are rectangles of means mu and variances nu, with |mu| up to 1e6 and nu from 1e-9 to 1e9. The zero values mean mu in
	// [-1, 1], nu in [0.02, 16], and mu in [-0.1, 0.1], nu in [0.8, 1.5].
	Start, Target Region
	// Omega and Tau hold the sum and the sum of squares of a unit's weights, |omega| up to 1e6, tau from 1e-9 to 1e9. Each layer may have
	// others. If Tau is [0, 0], they are [-0.1, 0.1] and [0.95, 1.1].
	Omega, Tau interval.Interval
	// Layers is the largest number of layers allowed, at most 1,000. 0 means 64.
	Layers int
	// Strips is the number of strips of equal ratio into which the range of nu is cut, at most 4,096. A rectangle in each strip encloses the moments
	// that can be reached there: more strips follow their shape more closely, and so prove fewer layers. 0 means 256.
	Strips int
}

const (
	defaultLayers, mostLayers = 64, 1000
	defaultStrips, mostStrips = 256, 4096
)

// ProveGlobal proves g for the SELU of p. It follows an enclosure of all means and variances that can be reached, layer by layer, until it lies in the target,
// and proves that the map takes the target into itself. AllVariables has no effect. It returns a [*ProofError] if either fails, with the
// layers so far in the certificate, and the error of ctx if that ends first.
func (p Prover) ProveGlobal(ctx context.Context, g Global) (GlobalCertificate, error) {
	begin := time.Now()
	if ctx == nil {
		return GlobalCertificate{}, errors.New("theory: the context is nil")
	}
	p, err := p.withDefaults()
	if err != nil {
		return GlobalCertificate{}, err
	}
	if g, err = g.withDefaults(); err != nil {
		return GlobalCertificate{}, err
	}
	c := GlobalCertificate{Lambda: p.Lambda, Alpha: p.Alpha, Global: g}
	if err = p.stays(ctx, &c); err == nil {
		err = p.reaches(ctx, &c)
	}
	errors.As(err, &c.Failure)
	c.Elapsed = time.Since(begin)
	return c, errors.WithStack(err)
}

func (g Global) withDefaults() (Global, error) {
	if g.Start == (Region{}) {
		g.Start = Region{between("-1", "1"), between("0.02", "16")}
	}
	if g.Target == (Region{}) {
		g.Target = Region{inside("-0.1", "0.1"), inside("0.8", "1.5")}
	}
	if g.Tau == (interval.Interval{}) {
		g.Omega, g.Tau = between("-0.1", "0.1"), between("0.95", "1.1")
	}
	if g.Layers == 0 {
		g.Layers = defaultLayers
	}
	if g.Strips == 0 {
		g.Strips = defaultStrips
	}
	for i, r := range []Region{g.Start, g.Target, {g.Omega, g.Tau}} {
		if !r.possible() {
			return g, errors.Errorf("theory: %s: %v and %v: want bounds in ascending order, means and omega up to %g, variances and tau from %g to %g",
				[]string{"start", "target", "omega and tau"}[i], r.Mu, r.Nu, mostMu, leastNu, mostNu)
		}
	}
	if g.Layers < 0 || g.Layers > mostLayers || g.Strips < 0 || g.Strips > mostStrips {
		return g, errors.Errorf("theory: %d layers, %d strips: want at most %d layers and %d strips", g.Layers, g.Strips, mostLayers, mostStrips)
	}
	return g, nil
}

// inside returns numbers that certainly lie between lo and hi.
func inside(lo, hi string) interval.Interval {
	return interval.Interval{Lo: decimal(lo).Hi, Hi: decimal(hi).Lo}
}
