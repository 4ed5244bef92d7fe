package ops

import (
	"sync/atomic"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Noise is the source of the random masks of one graph: mask = f(seed, op, step, element), by the counter-based generator Philox4x32-10
// (Salmon et al. 2011). The same seed gives the same masks for any number of threads, and the step is all you need to resume a training
// run. The backward pass computes the mask again instead of storing it.
type Noise struct {
	seed    uint64
	streams atomic.Uint32
	// clock is the step set by SetStep, and sets counts the calls of SetStep.
	clock, sets atomic.Uint64
}

// NewNoise returns a source of noise at step 0.
func NewNoise(seed uint64) *Noise { return &Noise{seed: seed} }

// SetStep sets the step of the next run of the graph. Each further run without SetStep takes the next step.
func (n *Noise) SetStep(step uint64) {
	if n == nil {
		return
	}
	n.clock.Store(step)
	n.sets.Add(1)
}

// stream is the noise of one op.
type stream struct {
	noise *Noise
	id    uint32
	sets  uint64 // the call of SetStep that step follows
	step  uint64 // the step of the last forward pass
	ran   bool
}

// stream returns the noise of another op. Ops are numbered in the order in which they ask.
func (n *Noise) stream() *stream { return &stream{noise: n, id: n.streams.Add(1) - 1} }

// next moves to the step of a forward pass.
func (s *stream) next() kernel.Philox {
	if sets := s.noise.sets.Load(); !s.ran || sets != s.sets {
		s.step, s.sets, s.ran = s.noise.clock.Load(), sets, true
	} else {
		s.step++
	}
	return s.now()
}

// now is the noise of the last forward pass.
func (s *stream) now() kernel.Philox {
	return kernel.Philox{Seed: s.noise.seed, Stream: s.id, Step: s.step}
}

// Stream is the noise of one op. Use it in one op of one graph.
type Stream struct{ *stream }

// Stream returns the noise of a new op, for a [Def] that draws random numbers: call Next in its forward pass and Now in its backward pass, and put the
// Stream into its ID, so that it equals no other op. Streams are numbered in the order of the calls. For a nil Noise it returns nil.
func (n *Noise) Stream() *Stream {
	if n == nil {
		return nil
	}
	return &Stream{n.stream()}
}

// Next returns the noise of the step that begins. For a nil Stream it is the zero value.
func (s *Stream) Next() kernel.Philox {
	if s == nil || s.stream == nil {
		return kernel.Philox{}
	}
	return s.next()
}

// Now returns the noise of the last Next.
func (s *Stream) Now() kernel.Philox {
	if s == nil || s.stream == nil {
		return kernel.Philox{}
	}
	return s.now()
}
