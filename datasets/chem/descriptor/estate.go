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
		states := estates(p.m)
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
func estates(m *chem.Mol) []float64 {
	intrinsic, states := make([]float64, len(m.Atoms())), make([]float64, len(m.Atoms()))
	for i := range m.Atoms() {
		if d := m.Degree(i); d > 0 {
			a := &m.Atoms()[i]
			n := float64(element.Period(a.Number))
			intrinsic[i] = (4/(n*n)*float64(int(element.Table[a.Number].Outer)-int(a.Hs)) + 1) / float64(d)
		}
	}
	walk := topology.NewWalker(m)
	for i := range m.Atoms() {
		states[i] += intrinsic[i]
		walk.From(i, len(m.Atoms()), func(j int32, distance int) {
			r := float64(distance + 1)
			states[i] += (intrinsic[i] - intrinsic[j]) / (r * r)
		})
	}
	return states
}
