package datasets

import "slices"

// ScalerStep is one step of a [Scaler]: each value becomes (value - Mean) / SD of its column, and then, if Tanh is set, the tanh
// of that. An SD of 0 makes a column 0.
type ScalerStep struct {
	Mean, SD []float64
	Tanh     bool
}

// Steps returns the computation of the scaler, for programs that repeat it elsewhere. NaN and infinite values become 0 before
// the first step. SD includes the epsilon of the scaler. A scaler that was not fitted has no steps.
func (s *Scaler) Steps() []ScalerStep {
	if s == nil {
		return nil
	}
	var steps []ScalerStep
	epsilon := s.epsilon
	for i, st := range s.stages {
		sd := slices.Clone(st.SD)
		for c := range sd {
			if sd[c] != 0 {
				sd[c] += epsilon
			}
		}
		steps = append(steps, ScalerStep{Mean: slices.Clone(st.Mean), SD: sd, Tanh: i == 0 && s.scaling != Standardize})
		epsilon = 0
	}
	return steps
}
