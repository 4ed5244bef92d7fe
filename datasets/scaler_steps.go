package datasets

import (
	"slices"

	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Steps returns the computation of the scaler, for programs that repeat it elsewhere. NaN and infinite values become 0 before
// the first step. SD includes the epsilon of the scaler. A scaler that was not fitted has no steps.
func (s *Scaler) Steps() []batch.Scaling {
	if s == nil {
		return nil
	}
	var steps []batch.Scaling
	epsilon := s.epsilon
	for i, st := range s.stages {
		sd := slices.Clone(st.SD)
		for c := range sd {
			if sd[c] != 0 {
				sd[c] += epsilon
			}
		}
		var clip []bool
		if s.scaling == RobustClip {
			clip = slices.Repeat([]bool{true}, len(sd))
		}
		steps = append(steps, batch.Scaling{Mean: slices.Clone(st.Mean), SD: sd, Tanh: i == 0 && s.scaling.squashes(), Clip: clip})
		epsilon = 0
	}
	return steps
}
