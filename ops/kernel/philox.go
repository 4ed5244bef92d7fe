package kernel

import "math/bits"

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

// block returns the four words of Philox4x32-10 at a block number
// (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
func (p Philox) block(number uint32) [4]uint32 {
	c0, c1, c2, c3 := number, p.Stream, uint32(p.Step), uint32(p.Step>>32)
	k0, k1 := uint32(p.Seed), uint32(p.Seed>>32)
	for range 10 {
		hi0, lo0 := bits.Mul32(0xD2511F53, c0)
		hi1, lo1 := bits.Mul32(0xCD9E8D57, c2)
		c0, c1, c2, c3 = hi1^c1^k0, lo1, hi0^c3^k1, lo0
		k0 += 0x9E3779B9
		k1 += 0xBB67AE85
	}
	return [4]uint32{c0, c1, c2, c3}
}

// group fills words with the noise of group q.
func (p Philox) group(words *[philoxGroup]uint32, q int) {
	for j := range 16 {
		b := p.block(uint32(16*q + j))
		words[j], words[16+j], words[32+j], words[48+j] = b[0], b[1], b[2], b[3]
	}
}
