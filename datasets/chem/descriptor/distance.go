package descriptor

import (
	"math"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// distanceBlock holds two indices over distances in which a bond is the shorter the higher its order: Balaban's J
// (1982, Chem. Phys. Lett. 89, 399) and the complexity of Bertz (1981, J. Am. Chem. Soc. 103, 3599).
var distanceBlock = block{
	[]string{"BalabanJ", "BertzCT"},
	func(p *profile, values []float64) {
		sums, classes := p.lengths.distanceClasses(p.m, p.parts, &p.space)
		values[0] = balabanJ(p.m, sums)
		values[1] = p.bertz.complexity(p.m, classes)
	},
}

// unreachable is RDKit's distance between atoms of different fragments.
const unreachable = 1e8

// keyDistances is the number of smallest distances that tell atoms apart.
const keyDistances = 100

// distanceClasses returns for each atom the sum of its distances to all atoms, and a number that atoms share if their
// 100 smallest distances are the same.
func (l *lengths) distanceClasses(m *chem.Mol, parts [][]int32, s *space) (sums []float64, classes []int32) {
	n := len(m.Atoms())
	sums = s.zeros(n)
	l.reset(m)
	for _, part := range parts {
		sampled := len(part) > maxAllPairs
		most := len(part)
		if sampled {
			most = keyDistances
		}
		for _, i := range part {
			var total int
			if n <= quickAtoms {
				total = l.quickFrom(i)
			} else {
				total = l.listFrom(i, most)
			}
			sums[i] = float64(total) / 12
			class, ok := l.known[string(l.key)]
			if !ok {
				class = int32(len(l.known))
				l.known[string(l.key)] = class
			}
			l.classes[i] = class
		}
		if sampled {
			l.sampledSums(part, sums)
		}
		for _, i := range part {
			sums[i] += float64(n-len(part)) * unreachable
		}
	}
	return sums, l.classes
}

// listFrom returns the sum of the distances from an atom to the atoms nearest to it, and makes a key of the smallest distances.
func (l *lengths) listFrom(i int32, most int) (total int) {
	distances, _ := l.from(i, most)
	for _, d := range distances {
		total += int(d)
	}
	l.key = l.key[:0]
	for _, d := range distances[:min(keyDistances, len(distances))] {
		l.key = append(l.key, byte(d), byte(d>>8), byte(d>>16))
	}
	return total
}

// sampledSums estimates the sums of the distances within a part of the molecule.
func (l *lengths) sampledSums(part []int32, sums []float64) {
	for _, i := range part {
		sums[i] = 0
	}
	weight := float64(len(part)) / sampleSize
	for k := range sampleSize {
		distances, atoms := l.from(part[sampled(k, len(part))], len(part))
		for at, i := range atoms {
			sums[i] += weight * float64(distances[at]) / 12
		}
	}
}

func balabanJ(m *chem.Mol, sums []float64) float64 {
	cycles := len(m.Bonds()) - len(m.Atoms()) + 1
	if cycles+1 == 0 {
		return 0
	}
	sum := 0.0
	for _, b := range m.Bonds() {
		sum += 1 / math.Sqrt(sums[b.Begin]*sums[b.End])
	}
	return float64(len(m.Bonds())) / float64(cycles+1) * sum
}
