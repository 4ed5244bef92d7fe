package descriptor

import (
	"fmt"
	"math"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/element"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/topology"
)

const (
	autocorrLags       = 8
	autocorrProperties = 6
	autocorrKinds      = 4
	numAutocorr        = autocorrLags * autocorrProperties * autocorrKinds
)

// AutocorrelationNames returns the names of the values of Autocorrelation2D: AUTOCORR2D_1 to AUTOCORR2D_192, RDKit's.
func AutocorrelationNames() []string {
	names := make([]string, numAutocorr)
	for k := range names {
		names[k] = fmt.Sprintf("AUTOCORR2D_%d", k+1)
	}
	return names
}

// Autocorrelation2D returns 192 values that measure how properties of atoms k bonds apart correlate, for k = 1 to 8: the
// autocorrelation of Moreau and Broto (logarithmic), the same of absolute deviations from the mean, Moran's and Geary's
// coefficients, 48 each; within them mass, van der Waals volume, electronegativity, polarizability, ionization
// potential (all relative to carbon) and intrinsic state, 8 each. They are RDKit's CalcAUTOCORR2D: rounded to three
// decimals, and 0 where no atoms are k bonds apart or all atoms have the same property. Todeschini and Consonni 2009,
// "Molecular Compute for Chemoinformatics".
func Autocorrelation2D(m *chem.Mol) []float64 {
	values := make([]float64, numAutocorr)
	weights, means, squares := autocorrWeights(m)
	var sums [autocorrLags]autocorrSums
	var pairs [autocorrLags]int
	deviations := make([]autocorrVector, len(weights))
	for i := range weights {
		for p := range deviations[i] {
			deviations[i][p] = weights[i][p] - means[p]
		}
	}
	walk := topology.NewWalker(m)
	for i := range m.Atoms() {
		for _, r := range walk.From(i, autocorrLags) {
			if int(r.Atom) < i {
				continue
			}
			lag := r.Distance - 1
			pairs[lag]++
			sums[lag].add(&weights[i], &weights[r.Atom], &deviations[i], &deviations[r.Atom])
		}
	}
	n := float64(len(m.Atoms()))
	for p := range autocorrProperties {
		for lag, count := range pairs {
			if count == 0 || squares[p] <= 0 {
				continue
			}
			at, pairs := p*autocorrLags+lag, float64(count)
			values[at] = round3(math.Log1p(sums[lag][0][p]))
			values[at+48] = round3(sums[lag][1][p])
			values[at+96] = round3(sums[lag][2][p] / squares[p] / pairs * n)
			values[at+144] = round3(sums[lag][3][p] / squares[p] / pairs * (n - 1) / 2)
		}
	}
	return values
}

func round3(x float64) float64 { return math.Round(1000*x) / 1000 }

type autocorrVector [autocorrProperties]float64

// autocorrSums are sums over pairs of atoms at one distance.
type autocorrSums [autocorrKinds]autocorrVector

// add adds a pair of atoms with the properties a and b, whose deviations from the means are da and db.
func (s *autocorrSums) add(a, b, da, db *autocorrVector) {
	for p := range autocorrProperties {
		difference, deviations := a[p]-b[p], da[p]*db[p]
		s[0][p] += a[p] * b[p]
		s[1][p] += math.Abs(deviations)
		s[2][p] += deviations
		s[3][p] += difference * difference
	}
}

// autocorrWeights returns the properties of the atoms, their means and the sums of the squared deviations.
func autocorrWeights(m *chem.Mol) (weights []autocorrVector, means, squares autocorrVector) {
	n := float64(len(m.Atoms()))
	weights = make([]autocorrVector, len(m.Atoms()))
	for i := range m.Atoms() {
		w := autocorrVector{}
		if number := m.Atoms()[i].Number; number > 0 && number <= maxDragon {
			d := &dragonWeights[number]
			w = autocorrVector{d.mass, d.volume, d.electronegativity, d.polarizability, d.ionization}
		}
		w[5] = intrinsicState(m, i)
		weights[i] = w
		for p := range w {
			means[p] += w[p] / n
		}
	}
	for i := range weights {
		for p, w := range weights[i] {
			squares[p] += (w - means[p]) * (w - means[p])
		}
	}
	for p := range squares {
		if squares[p] < 1e-20*n*(1+means[p]*means[p]) {
			squares[p] = 0 // all the same but for the rounding of the mean
		}
	}
	return weights, means, squares
}

// intrinsicState is the intrinsic state of atom i in this family, to three decimals: hydrogens, whether they are atoms of
// the graph or not, count against the number of neighbours; 1 where that leaves none and for hydrogens.
func intrinsicState(m *chem.Mol, i int) float64 {
	a := &m.Atoms()[i]
	hydrogens := int(a.Hs)
	for _, nb := range m.Neighbors(i) {
		if m.Atoms()[nb.Atom].Number == 1 {
			hydrogens++
		}
	}
	d := m.Degree(i) - hydrogens
	if a.Number <= 1 || m.Degree(i) == 0 || d <= 0 {
		return 1
	}
	n := float64(element.Period(a.Number))
	return math.Round(1000*(4/(n*n)*float64(int(element.Table[a.Number].Outer)-hydrogens)+1)/float64(d)) / 1000
}
