package theory

import "github.com/pkg/errors"

// Growth is the factor by which the layer multiplies the mean square of the gradients of the loss on their way back, from its outputs to its
// inputs, where m are the moments of its inputs: tau E f'(z)^2 (Poole et al. 2016, Schoenholz et al. 2017), times that of its dropout.
// It holds for random weights, where gradients have mean 0, and for as many inputs as units; otherwise multiply it by units/inputs. A gradient
// neither grows nor shrinks if it is 1. For an activation that is not [Differentiable] the cause of the error is [ErrDomain].
//
// Without dropout it is also the factor by which the squared distance of two rows that hardly differ grows, forward: chi_1 of Schoenholz et al.
func (l Layer) Growth(m Moments) (float64, error) {
	s, err := l.slopes(m)
	if err != nil {
		return 0, err
	}
	growth := l.Tau * s.Second * l.Dropout.Gradient()
	if !finite(growth) {
		return 0, errors.Wrapf(ErrDomain, "theory: gradients grow %v-fold in a layer with inputs of mean %v and variance %v", growth, m.Mean, m.Variance)
	}
	return growth, nil
}

// slopes returns those of z, where m are the moments of the inputs.
func (l Layer) slopes(m Moments) (Slopes, error) {
	z, err := l.input(m)
	if err != nil {
		return Slopes{}, err
	}
	return slopesOf(l.activation(), z)
}
