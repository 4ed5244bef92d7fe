package descriptor

import (
	"fmt"
	"math"
	"sort"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Edges of the bins of surface area by property; a value on an edge belongs to the bin above it.
var (
	peoeEdges   = []float64{-.3, -.25, -.2, -.15, -.1, -.05, 0, .05, .1, .15, .2, .25, .3}
	mrEdges     = []float64{1.29, 1.82, 2.24, 2.45, 2.75, 3.05, 3.63, 3.8, 4.0}
	logPEdges   = []float64{-0.4, -0.2, 0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6}
	estateEdges = []float64{-0.390, 0.290, 0.717, 1.165, 1.540, 1.807, 2.05, 4.69, 9.17, 15.0}
	areaEdges   = []float64{4.78, 5.00, 5.410, 5.740, 6.00, 6.07, 6.45, 7.00, 11.0}
)

// surfaceBlock holds the approximate van der Waals surface area and how much of it belongs to atoms whose charge,
// refractivity or log P lies in each of a series of bins. Labute 2000, "A widely applicable set of descriptors",
// J. Mol. Graph. Model. 18, 464.
var surfaceBlock = block{
	append([]string{"LabuteASA"}, binNames([]string{"PEOE_VSA", "SMR_VSA", "SlogP_VSA"}, 14, 10, 12)...),
	func(p *profile, values []float64) {
		values[0] = p.labute
		addToBins(values[1:15], peoeEdges, p.charges, p.surface)
		addToBins(values[15:25], mrEdges, p.crippen.r, p.surface)
		addToBins(values[25:37], logPEdges, p.crippen.logP, p.surface)
	},
}

// binNames numbers the bins of each family from 1.
func binNames(families []string, sizes ...int) []string {
	var names []string
	for k, family := range families {
		for bin := range sizes[k] {
			names = append(names, fmt.Sprintf("%s%d", family, bin+1))
		}
	}
	return names
}

// addToBins adds each amount to the bin that the property of the same atom falls into; there is one bin more than there
// are edges. NaN goes to the last one.
func addToBins(values, edges, property, amount []float64) {
	for i, x := range property {
		bin := sort.Search(len(edges), func(k int) bool { return x < edges[k] })
		values[bin] += amount[i]
	}
}

// labuteSurface returns the approximate van der Waals surface of each atom, in Å², and their sum with a share for the
// hydrogens. As in RDKit each atom touches one hydrogen sphere, no matter how many hydrogens it has.
func labuteSurface(m *chem.Mol, s *space) (atoms []float64, total float64) {
	hidden := s.zeros(len(m.Atoms())) // parts of the spheres inside those of neighbours
	for k := range m.Bonds() {
		b := &m.Bonds()[k]
		ri, rj := bondRadius[m.Atoms()[b.Begin].Number], bondRadius[m.Atoms()[b.End].Number]
		length := ri + rj
		switch {
		case b.Aromatic:
			length -= 0.1
		case b.Order == 2:
			length -= 0.2
		case b.Order == 3:
			length -= 0.3
		}
		hidden[b.Begin] += overlap(ri, rj, length)
		hidden[b.End] += overlap(rj, ri, length)
	}
	const rh = 0.33
	onHydrogens := 0.0
	for i := range m.Atoms() {
		ri := bondRadius[m.Atoms()[i].Number]
		hidden[i] += overlap(ri, rh, ri+rh)
		onHydrogens += overlap(rh, ri, ri+rh)
	}
	for i := range m.Atoms() {
		r := bondRadius[m.Atoms()[i].Number]
		hidden[i] = math.Pi * r * (4*r - hidden[i])
		total += hidden[i]
	}
	if onHydrogens == 0 { // no atom has a radius
		return hidden, total
	}
	return hidden, total + math.Pi*rh*(4*rh-onHydrogens)
}

// overlap is the part of a sphere of radius r that another one at the given distance hides, divided by πr.
func overlap(r, other, distance float64) float64 {
	distance = min(max(math.Abs(r-other), distance), r+other)
	return other*other - (r-distance)*(r-distance)/distance
}
