package predict

import "sync"

// slots are those that no call uses.
type slots struct {
	mu   sync.Mutex
	idle []*slot // the last one used is used again first
}

// take returns an idle slot, or a new one.
func (s *slots) take() *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.idle)
	if n == 0 {
		return &slot{}
	}
	last := s.idle[n-1]
	s.idle = s.idle[:n-1]
	return last
}

// put takes a slot back.
func (s *slots) put(x *slot) {
	x.source = source{} // keeps nothing of the caller's alive
	s.mu.Lock()
	s.idle = append(s.idle, x)
	s.mu.Unlock()
}

// reset ends the machines of all slots, and forgets them.
func (s *slots) reset() {
	for _, x := range s.idle {
		x.reset()
	}
	s.idle = nil
}

// programs returns the number of programs of all slots.
func (s *slots) programs() (n int) {
	for _, x := range s.idle {
		n += len(x.programs)
	}
	return n
}
