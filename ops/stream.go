package ops

import "github.com/selfnorm/selfnorm/ops/kernel"

// Stream is the noise of one op. Make one with [Noise.NewStream] where you make the op, use it as the op's [Def.ID], and call Next in its
// forward pass and Now in the backward pass: both see the same noise. Give the backward pass [Output] as an operand, so that it runs last.
type Stream struct{ s *stream }

// NewStream returns the noise of a new op. Ops are numbered in the order in which they ask, so build a graph in the same order to get the
// same noise. For a nil Noise it returns nil, whose noise is that of seed 0 at step 0.
func (n *Noise) NewStream() *Stream {
	if n == nil {
		return nil
	}
	return &Stream{n.stream()}
}

// Next moves to the next step, or to that of Noise.SetStep, and returns its noise.
func (s *Stream) Next() kernel.Philox {
	if s == nil || s.s == nil {
		return kernel.Philox{}
	}
	return s.s.next()
}

// Now returns the noise of the last call of Next.
func (s *Stream) Now() kernel.Philox {
	if s == nil || s.s == nil {
		return kernel.Philox{}
	}
	return s.s.now()
}
