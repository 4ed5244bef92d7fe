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
		sums, classes := distanceClasses(p.m)
		values[0] = balabanJ(p.m, sums)
		values[1] = bertzCT(p.m, classes)
	},
}

// unreachable is RDKit's distance between atoms of different fragments.
const unreachable = 1e8

// keyDistances is the number of smallest distances that tell atoms apart.
const keyDistances = 100

// distanceClasses returns for each atom the sum of its distances to all atoms, and a number that atoms share if their
// 100 smallest distances are the same.
func distanceClasses(m *chem.Mol) (sums []float64, classes []int32) {
	n := len(m.Atoms())
	sums, classes = make([]float64, n), make([]int32, n)
	known := map[string]int32{}
	lengths := newLengths(m)
	var key []byte
	for _, part := range m.Components() {
		sampled := len(part) > maxAllPairs
		most := len(part)
		if sampled {
			most = keyDistances
		}
		for _, i := range part {
			distances, _ := lengths.from(i, most)
			total, smallest := 0, distances[:min(keyDistances, len(distances))]
			for _, d := range distances {
				total += int(d)
			}
			sums[i] = float64(total) / 12
			key = key[:0]
			for _, d := range smallest {
				key = append(key, byte(d), byte(d>>8), byte(d>>16))
			}
			class, ok := known[string(key)]
			if !ok {
				class = int32(len(known))
				known[string(key)] = class
			}
			classes[i] = class
		}
		if sampled {
			lengths.sampledSums(part, sums)
		}
		for _, i := range part {
			sums[i] += float64(n-len(part)) * unreachable
		}
	}
	return sums, classes
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
