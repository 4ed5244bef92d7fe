package report

import (
	"github.com/selfnorm/selfnorm/train/callback"
)

const (
	// minDepth is the smallest number of layers for which profiles are shown.
	minDepth = 3
	// maxProfiles is the number of probed steps for which profiles are shown.
	maxProfiles = 5
)

// depthGroup are profiles: mean and variance of the activations, and the variance of the gradients, from layer to layer, from the first probe to the last. In a network that normalizes
// itself they stay near 0 and 1 through its depth. It is nil for networks of few layers.
func depthGroup(r *Run) *group {
	if r.History == nil || len(r.History.Moments) == 0 {
		return nil
	}
	probes := spread(r.History.Moments, maxProfiles)
	g := &group{ID: "depth", Depth: true}
	for i, m := range probes {
		g.Legend = append(g.Legend, entry{Key: stepName(m), Color: i})
	}
	for _, q := range profiles {
		c := chart{ID: "depth-" + q.id, Title: q.title, X: axis{Name: "layer", Whole: true}, Y: axis{Name: q.id, Log: q.log}}
		for _, m := range probes {
			if y := r.profile(m, q.of); len(y) >= minDepth && (!q.weights || varies(y)) {
				keep := thin(y, linePoints)
				s := series{Key: stepName(m), Style: markers, X: make([]number, len(keep)), Y: numbers(y, keep)}
				for k, i := range keep {
					s.X[k] = number(i + 1)
				}
				c.Series = append(c.Series, s)
			}
		}
		if q.box != nil {
			c.Boxes = []box{*q.box}
		}
		g.add(c)
	}
	if len(g.Charts) == 0 {
		return nil
	}
	return g
}

// profile are the values of the layers of SELU units.
func (r *Run) profile(m callback.Moments, of func(callback.LayerMoments) float64) (y []float64) {
	for _, l := range m.Layers {
		if r.selu(l.Name) {
			y = append(y, of(l))
		}
	}
	return y
}

// spread returns at most n elements, evenly spaced, with the first and the last.
func spread[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*(len(all)-1)/(n-1)]
	}
	return out
}

func stepName(m callback.Moments) string { return "step " + grouped(m.Step) }
