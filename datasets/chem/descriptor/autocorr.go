package descriptor

import (
	"fmt"
	"math"
	"sync"

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
	c := autocorrs.Get().(*autocorr)
	defer autocorrs.Put(c)
	c.reset(m)
	values := make([]float64, numAutocorr)
	n := float64(len(c.weights))
	for p := range autocorrProperties {
		for lag, count := range c.pairs {
			if count == 0 || c.squares[p] <= 0 {
				continue
			}
			at, pairs, sums := p*autocorrLags+lag, float64(count), &c.sums[lag]
			values[at] = round3(math.Log1p(sums[0][p]))
			values[at+48] = round3(sums[1][p])
			values[at+96] = round3(sums[2][p] / c.squares[p] / pairs * n)
			values[at+144] = round3(sums[3][p] / c.squares[p] / pairs * (n - 1) / 2)
		}
	}
	return values
}

// autocorr holds the sums over the pairs of atoms. Its memory serves one molecule after another.
type autocorr struct {
	walk       topology.Walker
	weights    []autocorrVector // the properties of the atoms
	deviations []autocorrVector // from the means
	squares    autocorrVector   // sums of the squared deviations
	sums       [autocorrLags]autocorrSums
	pairs      [autocorrLags]int
}

var autocorrs = sync.Pool{New: func() any { return new(autocorr) }}

// reset adds up the pairs of another molecule.
func (c *autocorr) reset(m *chem.Mol) {
	c.weigh(m)
	c.walk.Reset(m)
	c.sums, c.pairs = [autocorrLags]autocorrSums{}, [autocorrLags]int{}
	for i := range c.weights {
		for _, r := range c.walk.From(i, autocorrLags) {
			if int(r.Atom) > i {
				c.pairs[r.Distance-1]++
				c.sums[r.Distance-1].add(&c.weights[i], &c.weights[r.Atom], &c.deviations[i], &c.deviations[r.Atom])
			}
		}
	}
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

// weigh sets the properties of the atoms and what follows from them alone.
func (c *autocorr) weigh(m *chem.Mol) {
	n, means := float64(len(m.Atoms())), autocorrVector{}
	c.weights, c.deviations, c.squares = c.weights[:0], c.deviations[:0], autocorrVector{}
	for i := range m.Atoms() {
		w := autocorrVector{}
		if number := m.Atoms()[i].Number; number > 0 && number <= maxDragon {
			d := &dragonWeights[number]
			w = autocorrVector{d.mass, d.volume, d.electronegativity, d.polarizability, d.ionization}
		}
		w[5] = intrinsicState(m, i)
		c.weights = append(c.weights, w)
		for p := range w {
			means[p] += w[p] / n
		}
	}
	for _, w := range c.weights {
		for p := range w {
			w[p] -= means[p]
			c.squares[p] += w[p] * w[p]
		}
		c.deviations = append(c.deviations, w)
	}
	for p := range c.squares {
		if c.squares[p] < 1e-20*n*(1+means[p]*means[p]) {
			c.squares[p] = 0 // all the same but for the rounding of the mean
		}
	}
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
