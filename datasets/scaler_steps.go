package datasets

import "slices"

// ScalerStep is a step of a [Scaler]: value becomes (value - Mean) / SD, column by column, and then tanh of it if Tanh is
// set. An SD of 0 makes a column 0.
type ScalerStep struct {
	Mean, SD []float64
	Tanh     bool
}

// Steps returns what the scaler computes, for programs that do it elsewhere. NaN and infinite values become 0 before the
// first step. SD includes the epsilon of the scaler.
func (s *Scaler) Steps() []ScalerStep {
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
