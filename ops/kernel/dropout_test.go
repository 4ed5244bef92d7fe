package kernel

import (
	"math"
	"testing"
)

// philoxKnown are the known answers for philox4x32-10 that come with Random123 (Salmon et al. 2011).
var philoxKnown = []struct {
	counter [4]uint32
	key     [2]uint32
	words   [4]uint32
}{
	{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
	{
		[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff},
		[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
	},
	{
		[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0}, // digits of pi
		[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
	},
}

// TestPhiloxKnownAnswers looks at the words through masks: a word is kept by a limit of its own value and dropped by one more.
func TestPhiloxKnownAnswers(t *testing.T) {
	eachVariant(t, "answers", func(t *testing.T) {
		for _, known := range philoxKnown {
			noise := Philox{
				Seed: uint64(known.key[1])<<32 | uint64(known.key[0]), Stream: known.counter[1],
				Step: uint64(known.counter[3])<<32 | uint64(known.counter[2]),
			}
			group, j := int(known.counter[0]/16), int(known.counter[0]%16)
			if group > math.MaxInt/philoxGroup {
				continue // no slice of a 32-bit machine is as long
			}
			for l, word := range known.words {
				for _, drops := range []int{0, 1} {
					x, y := make([]float32, philoxGroup), make([]float32, philoxGroup)
					d := Dropping{Rate: (float64(word) + float64(drops)) / (1 << 32), Shift: 1, Dropped: -1}
					drop(y, x, d, noise, group*philoxGroup)
					if want := float32(1 - 2*drops); y[16*l+j] != want {
						t.Errorf("counter %x, key %x: word %d is not %x", known.counter, known.key, l, word)
					}
				}
			}
		}
	})
}

// TestDropRates: the fraction of dropped elements is the rate, and the masks of other streams, steps and seeds differ.
func TestDropRates(t *testing.T) {
	const n = 1 << 16
	x := make([]float32, n)
	noises := []Philox{{}, {Seed: 1}, {Seed: 1 << 32}, {Stream: 1}, {Step: 1}, {Step: 1 << 32}}
	eachVariant(t, "rates", func(t *testing.T) {
		for _, rate := range []float64{0, 0.05, 0.5, 0.95} {
			masks := map[[4]uint64]bool{}
			for _, noise := range noises {
				y := make([]float32, n)
				Drop(nil, y, x, Dropping{Rate: rate, Dropped: 1}, noise)
				sum, first := 0.0, [4]uint64{}
				for i, v := range y {
					sum += float64(v)
					if i < 256 && v == 1 {
						first[i/64] |= 1 << (i % 64)
					}
				}
				masks[first] = true
				if got := sum / n; math.Abs(got-rate) > 5*math.Sqrt(rate*(1-rate)/n) {
					t.Errorf("rate %v, noise %v: %v were dropped", rate, noise, got)
				}
			}
			if rate > 0 && len(masks) != len(noises) {
				t.Errorf("rate %v: %d different masks of %d", rate, len(masks), len(noises))
			}
		}
	})
}

// TestDropGrad: the gradient is Scale where Drop kept the element and 0 where it dropped it.
func TestDropGrad(t *testing.T) {
	eachVariant(t, "gradient", func(t *testing.T) {
		x, y, grad := make([]float32, 1000), make([]float32, 1000), make([]float32, 1000)
		for i := range x {
			x[i] = 1
		}
		Drop(nil, y, x, testDropping, testNoise)
		DropGrad(nil, grad, x, testDropping, testNoise)
		scale, shift, dropped := float32(testDropping.Scale), float32(testDropping.Shift), float32(testDropping.Dropped)
		for i := range x {
			if kept := y[i] != dropped; kept && (y[i] != scale+shift || grad[i] != scale) || !kept && grad[i] != 0 {
				t.Errorf("element %d: %v with gradient %v", i, y[i], grad[i])
			}
		}
	})
}
