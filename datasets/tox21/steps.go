package tox21

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/batch"
)

// Steps returns the scaling from raw values to inputs of a network, for programs that compute the features elsewhere: counts of
// substructures and values, in the order of Names. A column that needs one step less has mean 0 and standard deviation 1 in the last step.
// It returns an error if the families differ in any other way, which is possible for families from a file.
func (f *Featurizer) Steps() ([]batch.Scaling, error) {
	count := 0
	for _, fit := range f.fitted() {
		count = max(count, len(fit.Scaler.Steps()))
	}
	all := make([]batch.Scaling, count)
	for i, fit := range f.fitted() {
		steps := fit.Scaler.Steps()
		for k := range all {
			step := identity(fit.cols())
			if k < len(steps) {
				step = steps[k]
			}
			if i > 0 && step.Tanh != all[k].Tanh {
				return nil, errors.Errorf("tox21: features %q are scaled in another way than %q", fit.Kind, f.families[0].Kind)
			}
			all[k].Tanh = step.Tanh
			all[k].Mean, all[k].SD = append(all[k].Mean, step.Mean...), append(all[k].SD, step.SD...)
		}
	}
	return all, nil
}

func identity(cols int) batch.Scaling {
	s := batch.Scaling{Mean: make([]float64, cols), SD: make([]float64, cols)}
	for c := range s.SD {
		s.SD[c] = 1
	}
	return s
}
