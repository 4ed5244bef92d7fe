package theory

import (
	"fmt"
	"math"
	"strings"
)

const (
	neutral  = 1e-9 // a rate this close to 1 is 1
	arrived  = 0.1  // the gap of a start that came close to a fixed point
	farMean  = 0.1  // standard deviations of Target
	leastVar = 0.8  // of the variance of Target
	mostVar  = 1.5
)

// decide returns the verdict and its reason.
func (v *Verdict) decide() (bool, string) {
	if !v.HasFixed {
		return false, "not self-normalizing: " + v.drift() + v.gradients()
	}
	f, t := v.Fixed[0], v.Options.Target
	place := fmt.Sprintf("(%s, %s)", number(f.Mean), number(f.Variance))
	near := math.Abs(f.Mean-t.Mean) <= farMean*math.Sqrt(t.Variance) && f.Variance >= leastVar*t.Variance && f.Variance <= mostVar*t.Variance
	attracts := fmt.Sprintf("%s attracts with rate %.2f per layer", place, f.Rate)
	worst, far := v.farthest(f.Moments)
	switch {
	case f.Variance == 0:
		return false, fmt.Sprintf("not self-normalizing: mean and variance shrink to %s, by the factor %.2f per layer", place, f.Rate) + v.gradients()
	case math.Abs(f.Rate-1) <= neutral:
		return false, fmt.Sprintf("not self-normalizing: %s is kept but does not attract", place) + v.gradients() + v.others()
	case f.Rate > 1:
		return false, fmt.Sprintf("not self-normalizing: the fixed point %s repels, with rate %.2f per layer", place, f.Rate) + v.gradients() + v.others()
	case !near:
		return false, fmt.Sprintf("not self-normalizing at (%s, %s): %s", number(t.Mean), number(t.Variance), attracts) + v.gradients() + v.others()
	case far && worst.Err != nil:
		return false, fmt.Sprintf("not self-normalizing: %s, but from (%s, %s) the moments are lost after (%s, %s)", attracts, number(worst.Start.Mean), number(worst.Start.Variance),
			number(worst.End.Mean), number(worst.End.Variance)) + v.gradients() + v.others()
	case far:
		return false, fmt.Sprintf("not self-normalizing in %d layers: %s, but from (%s, %s) they lead to (%s, %s)", v.Options.Layers, attracts,
			number(worst.Start.Mean), number(worst.Start.Variance), number(worst.End.Mean), number(worst.End.Variance)) + v.gradients() + v.others()
	}
	return true, "self-normalizing: " + attracts + v.gradients()
}

// farthest returns the journey that ends farthest from a fixed point, and whether that is too far.
func (v *Verdict) farthest(fixed Moments) (worst Journey, far bool) {
	most := -1.0
	for _, j := range v.Journeys {
		g := gap(j.End, fixed)
		if j.Err != nil || math.IsNaN(g) {
			g = math.Inf(1)
		}
		if g > most {
			most, worst = g, j
		}
	}
	return worst, most > arrived
}

// drift describes the moments that reach no fixed point.
func (v *Verdict) drift() string {
	start, end, layers := v.Path[0], v.Path[len(v.Path)-1], len(v.Path)-1
	after := fmt.Sprintf("%s after %s", number(end.Variance), plural(layers))
	at := "variance " + after
	switch {
	case v.PathErr != nil && end.Variance > 1e100:
		return "mean and variance grow without bound: " + at
	case v.PathErr != nil:
		return fmt.Sprintf("%s, and then the function grows so fast, or changes so much, that there are no moments", at)
	case end.Variance < start.Variance/2:
		return "the variance keeps falling: " + after
	case end.Variance > 2*start.Variance:
		return "the variance keeps growing: " + after
	}
	return fmt.Sprintf("no fixed point is reached: mean %s and %s", number(end.Mean), at)
}

// gradients describes the growth of gradients, or "" if that is not known.
func (v *Verdict) gradients() string {
	factor := func(x float64) string {
		if x < 1 {
			return fmt.Sprintf("shrinks to %.3g", x)
		}
		return fmt.Sprintf("grows %.3g-fold", x)
	}
	layers := len(v.Path) - 1
	switch {
	case math.IsNaN(v.TotalGrowth) || layers == 0:
		return ""
	case v.TotalGrowth == 0:
		return "; gradients vanish"
	case math.IsNaN(v.Growth):
		return fmt.Sprintf("; the variance of gradients %s over %s", factor(v.TotalGrowth), plural(layers))
	case math.Abs(v.Growth-1) < 5e-4:
		return "; gradients keep their variance"
	}
	return fmt.Sprintf("; the variance of gradients %s per layer (%.3g over %s)", factor(v.Growth), v.TotalGrowth, plural(layers))
}

// others lists the further fixed points that attract.
func (v *Verdict) others() string {
	var b strings.Builder
	for _, f := range v.Fixed[min(1, len(v.Fixed)):] {
		if f.Rate < 1-neutral {
			fmt.Fprintf(&b, "; other inputs lead to (%s, %s), with rate %.2f", number(f.Mean), number(f.Variance), f.Rate)
		}
	}
	return b.String()
}

func plural(layers int) string {
	if layers == 1 {
		return "1 layer"
	}
	return fmt.Sprintf("%d layers", layers)
}

// number writes x with two decimals, or with three digits if it is small or large. The mean of a fixed point is seldom exactly 0.
func number(x float64) string {
	switch a := math.Abs(x); {
	case a < 1e-9:
		return "0.00"
	case a < 0.1 || a >= 1e4:
		return fmt.Sprintf("%.3g", x)
	}
	return fmt.Sprintf("%.2f", x)
}
