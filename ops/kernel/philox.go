package kernel

// Philox is a position in the noise of one op at one step: the generator's key and the upper part of its counter.
type Philox struct {
	Seed   uint64
	Stream uint32 // which op
	Step   uint64 // which step of training
}

// philoxGroup is the number of elements that one group of 16 counters serves.
//
// Element 64 q + 16 l + j takes word l of the block with counter 16 q + j, so that a vector unit makes
// 16 blocks side by side and stores their words without shuffling.
const philoxGroup = 64

// group fills words with the noise of group q, by Philox4x32-10
// (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
func (p Philox) group(words *[philoxGroup]uint32, q int) {
	for j := 0; j < 16; j += 2 { // two counters side by side, because each round of one waits for the round before
		a0, a1, a2, a3 := uint32(16*q+j), p.Stream, uint32(p.Step), uint32(p.Step>>32)
		b0, b1, b2, b3 := a0+1, a1, a2, a3
		k0, k1 := uint32(p.Seed), uint32(p.Seed>>32)
		for range 10 {
			a0, a1, a2, a3 = philoxRound(a0, a1, a2, a3, k0, k1)
			b0, b1, b2, b3 = philoxRound(b0, b1, b2, b3, k0, k1)
			k0 += 0x9E3779B9
			k1 += 0xBB67AE85
		}
		words[j], words[16+j], words[32+j], words[48+j] = a0, a1, a2, a3
		words[j+1], words[17+j], words[33+j], words[49+j] = b0, b1, b2, b3
	}
}

func philoxRound(c0, c1, c2, c3, k0, k1 uint32) (uint32, uint32, uint32, uint32) {
	p0, p1 := 0xD2511F53*uint64(c0), 0xCD9E8D57*uint64(c2)
	return uint32(p1>>32) ^ c1 ^ k0, uint32(p1), uint32(p0>>32) ^ c3 ^ k1, uint32(p0)
}
