package descriptor

import (
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
)

// estateBlock holds the extremes of the electrotopological states of the atoms (Hall, Mohney and Kier 1991, "The
// electrotopological state", J. Chem. Inf. Comput. Sci. 31, 76), surface areas binned by state, and states binned by
// surface area, with RDKit's edges.
var estateBlock = block{
	append([]string{"MaxEStateIndex", "MinEStateIndex", "MaxAbsEStateIndex", "MinAbsEStateIndex"},
		binNames([]string{"EState_VSA", "VSA_EState"}, 11, 10)...),
	func(p *profile, values []float64) {
		states := estates(p.m, p.parts, &p.walk, &p.space)
		if len(states) == 0 {
			return
		}
		values[0], values[1] = slices.Max(states), slices.Min(states)
		values[2], values[3] = 0, math.Inf(1)
		for _, s := range states {
			values[2], values[3] = max(values[2], math.Abs(s)), min(values[3], math.Abs(s))
		}
		addToBins(values[4:15], estateEdges, states, p.surface)
		addToBins(values[15:25], areaEdges, p.surface, states)
	},
}

// estates returns the electrotopological state of each atom: its intrinsic state, changed by the differences to those
// of all atoms it is connected with, divided by the square of the number of atoms on the shortest path.
func estates(m *chem.Mol, parts [][]int32, walk *topology.Walker, s *space) []float64 {
	intrinsic, states := intrinsicStates(m, s), s.zeros(len(m.Atoms()))
	for _, part := range parts {
		if len(part) > maxAllPairs {
			sampledStates(walk, part, intrinsic, states)
			continue
		}
		for _, i := range part {
			own, state := intrinsic[i], intrinsic[i]
			for _, r := range walk.From(int(i), len(part)) {
				state += influence(own-intrinsic[r.Atom], r.Distance)
			}
			states[i] = state
		}
	}
	return states
}

// intrinsicStates returns the states of the atoms before others influence them.
func intrinsicStates(m *chem.Mol, s *space) []float64 {
	intrinsic := s.zeros(len(m.Atoms()))
	for i := range m.Atoms() {
		if d := m.Degree(i); d > 0 {
			a := &m.Atoms()[i]
			n := float64(element.Period(a.Number))
			intrinsic[i] = (4/(n*n)*float64(int(element.Table[a.Number].Outer)-int(a.Hs)) + 1) / float64(d)
		}
	}
	return intrinsic
}

// influence is the change of a state by an atom at that distance.
func influence(difference float64, distance int32) float64 {
	r := float64(distance + 1)
	return difference / (r * r)
}

// sampledStates estimates the states within a part of the molecule: near atoms count exactly, the others with the mean of
// all, at the distances of a sample.
func sampledStates(walk *topology.Walker, part []int32, intrinsic, states []float64) {
	near := make([]int, len(intrinsic)) // the distance up to which atoms count exactly
	mean := 0.0
	for _, i := range part {
		mean += intrinsic[i] / float64(len(part))
		states[i] = intrinsic[i]
		around, distance := walk.Nearest(int(i), nearest)
		for _, r := range around {
			states[i] += influence(intrinsic[i]-intrinsic[r.Atom], r.Distance)
		}
		near[i] = distance
	}
	weight := float64(len(part)) / sampleSize
	for k := range sampleSize {
		far := int(part[sampled(k, len(part))])
		for _, r := range walk.From(far, len(part)) {
			if i := r.Atom; int(r.Distance) > near[i] {
				states[i] += weight * influence(intrinsic[i]-mean, r.Distance)
			}
		}
	}
}
