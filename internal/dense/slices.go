package dense

import "gorgonia.org/tensor"

// Len returns the number of elements.
func (s Slices) Len() int { return len(s.F32) + len(s.F64) }

// Dtype returns tensor.Float32 or tensor.Float64.
func (s Slices) Dtype() tensor.Dtype {
	if s.F32 != nil {
		return tensor.Float32
	}
	return tensor.Float64
}

// At returns element i.
func (s Slices) At(i int) float64 {
	if s.F32 != nil {
		return float64(s.F32[i])
	}
	return s.F64[i]
}

// Set sets element i.
func (s Slices) Set(i int, x float64) {
	if s.F32 != nil {
		s.F32[i] = float32(x)
	} else {
		s.F64[i] = x
	}
}

// Clear sets all elements to 0.
func (s Slices) Clear() {
	clear(s.F32)
	clear(s.F64)
}

// SameMemory reports whether two values begin at the same address in memory.
func (s Slices) SameMemory(o Slices) bool {
	return len(s.F32) > 0 && len(o.F32) > 0 && &s.F32[0] == &o.F32[0] || len(s.F64) > 0 && len(o.F64) > 0 && &s.F64[0] == &o.F64[0]
}
