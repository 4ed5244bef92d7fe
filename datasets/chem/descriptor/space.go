package descriptor

// space lends numbers for the time of one molecule, from memory that serves one molecule after another.
type space struct {
	all, free []float64
	used      int
}

// reset takes back what was lent.
func (s *space) reset() {
	if s.used > len(s.all) {
		s.all = make([]float64, s.used+s.used/2)
	}
	s.free, s.used = s.all, 0
}

// zeros returns n zeros.
func (s *space) zeros(n int) []float64 {
	s.used += n
	if n > len(s.free) {
		return make([]float64, n)
	}
	lent := s.free[:n:n]
	s.free = s.free[n:]
	clear(lent)
	return lent
}
