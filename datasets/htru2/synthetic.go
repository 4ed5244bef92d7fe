package htru2

import (
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets"
)

// Synthetic generates 3,000 artificial candidates, one in eleven of them a pulsar. Noise and bright pulsars look roughly as in the real
// data; pulsars lie anywhere between the two, so a few are indistinguishable from noise. Use it to test programs; results on it mean
// nothing for pulsars.
func Synthetic(seed uint64) (*datasets.Set, error) {
	const rows = 3000
	rng := rand.New(rand.NewPCG(seed, 0x4712))
	x, labels := make([]float32, 0, rows*len(columns)), make([]float32, rows)
	for r := range labels {
		brightness := 0.0
		if r%11 == 0 {
			labels[r] = 1
			brightness = math.Sqrt(rng.Float64())
		}
		x = append(x, candidate(rng, brightness)...)
	}
	rng.Shuffle(rows, func(i, j int) {
		labels[i], labels[j] = labels[j], labels[i]
		for c := range columns {
			a, b := i*len(columns)+c, j*len(columns)+c
			x[a], x[b] = x[b], x[a]
		}
	})
	set, err := newSet(x, labels, "SYNTHETIC stand-in for HTRU2: 3,000 made-up candidates")
	if err != nil {
		return nil, err
	}
	set.Synthetic = true
	return set, nil
}

// candidate draws the statistics of a candidate; brightness goes from 0, noise, to 1.
func candidate(rng *rand.Rand, brightness float64) []float32 {
	b := brightness
	around := func(noise, pulsar, spread float64) float32 {
		return float32(noise + b*(pulsar-noise) + spread*rng.NormFloat64())
	}
	kurtosis := 0.2 + 4*b*b + 0.3*rng.NormFloat64()
	return []float32{
		around(116, 45, 17),
		around(47, 35, 6),
		float32(kurtosis),
		float32(0.3 + 1.6*math.Max(0, kurtosis)*b*3 + math.Abs(rng.NormFloat64())),
		float32(math.Exp(1 + 2.5*b + 0.9*rng.NormFloat64())),
		around(23, 60, 14),
		around(8.9, 2, 3.5),
		around(113, 15, 80),
	}
}
