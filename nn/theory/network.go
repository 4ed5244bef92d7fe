package theory

import (
	"math"

	"github.com/pkg/errors"
)

// Network is a stack of fully connected layers with random weights, in the order of the forward pass.
type Network struct {
	// Inputs is the number of features. 0 means as many as units of the first layer.
	Inputs int
	Layers []NetworkLayer
}

// NetworkLayer is a layer of a network.
type NetworkLayer struct {
	Layer
	// Units is the number of units. 0 means as many as inputs.
	Units int
}

// Deep is a network of equal layers, at most 65,536.
func Deep(l Layer, layers int) Network {
	n := Network{}
	for range max(0, min(layers, maxIterations)) {
		n.Layers = append(n.Layers, NetworkLayer{Layer: l})
	}
	return n
}

// Signal holds mean and variance of a layer, forward, and mean squares of its gradients, backward.
type Signal struct {
	// Z, Activation and Output are the moments of the pre-activations, of the activations and of what the dropout behind them leaves. At the
	// inputs they are equal.
	Z, Activation, Output Moments
	// PreGradient, Gradient and OutputGradient are the mean squares of the gradients of the loss with respect to a pre-activation, an
	// activation and an output, relative to that of an output of the last layer. Their mean is 0.
	PreGradient, Gradient, OutputGradient float64
	// WeightGradient is the mean square of the gradients with respect to the weights of the layer, for the loss of one row; 0 at the inputs.
	WeightGradient float64
}

// Signals follows mean and variance of the activations forward, from the moments of the inputs, and the mean square of the gradients
// backward, from 1 at the outputs of the last layer. The result begins with the inputs and has one element more than there are layers.
//
// A layer of n units with weights of variance tau/n' for n' inputs passes gradients back with n/n' tau times their mean square,
// its dropout and its activation multiply it by Dropout.Gradient and E f'(z)^2. That assumes wide layers with weights drawn independently, and a gradient
// at the outputs that does not depend on them. Layers need an activation that is [Differentiable]; without one, for widths below 0 and for
// numbers that overflow the cause of the error is [ErrDomain].
func (n Network) Signals(start Moments) ([]Signal, error) {
	if err := start.check("the network's input"); err != nil {
		return nil, err
	}
	widths, err := n.widths()
	if err != nil {
		return nil, err
	}
	all := []Signal{{Z: start, Activation: start, Output: start}}
	for i, l := range n.Layers {
		s, err := l.signal(all[i].Output)
		if err != nil {
			return nil, errors.Wrapf(err, "theory: layer %d", i+1)
		}
		all = append(all, s)
	}
	n.backward(all, widths)
	for i, s := range all {
		if !finite(s.PreGradient, s.Gradient, s.OutputGradient, s.WeightGradient) {
			return nil, errors.Wrapf(ErrDomain, "theory: the gradients at layer %d overflow", i)
		}
	}
	return all, nil
}

// signal is the forward part of that of a layer, whose inputs have the moments m.
func (l NetworkLayer) signal(m Moments) (s Signal, err error) {
	if s.Z, err = l.input(m); err != nil {
		return s, err
	}
	if s.Activation, err = l.activation().Moments(s.Z); err != nil {
		return s, err
	}
	if s.Output, err = l.dropped(s.Activation); err != nil {
		return s, err
	}
	slopes, err := slopesOf(l.activation(), s.Z)
	s.PreGradient = slopes.Second // times Gradient, in backward
	return s, err
}

// backward fills in the gradients. widths begins with the inputs.
func (n Network) backward(all []Signal, widths []float64) {
	gradient := 1.0
	for i := len(all) - 1; i >= 1; i-- {
		s, l := &all[i], n.Layers[i-1]
		s.OutputGradient = gradient
		s.Gradient = gradient * l.Dropout.Gradient()
		s.PreGradient *= s.Gradient
		below := all[i-1].Output
		s.WeightGradient = s.PreGradient * (below.Variance + below.Mean*below.Mean)
		gradient = s.PreGradient * l.Tau * widths[i] / widths[i-1]
	}
	all[0].PreGradient, all[0].Gradient, all[0].OutputGradient = gradient, gradient, gradient
}

// widths returns the number of inputs, and those of the units of each layer. Where only ratios matter, all may be 0.
func (n Network) widths() ([]float64, error) {
	first := n.Inputs
	for _, l := range n.Layers {
		if first == 0 {
			first = l.Units
		}
	}
	all := []float64{float64(max(1, first))}
	if n.Inputs < 0 {
		return nil, errors.Wrapf(ErrDomain, "theory: %d inputs", n.Inputs)
	}
	for i, l := range n.Layers {
		switch {
		case l.Units < 0:
			return nil, errors.Wrapf(ErrDomain, "theory: layer %d has %d units", i+1, l.Units)
		case l.Units == 0:
			all = append(all, all[i])
		default:
			all = append(all, float64(l.Units))
		}
	}
	return all, nil
}

// RowSignal holds correlations of two rows in a layer of a network.
type RowSignal struct {
	// Correlation is that of the outputs of the two rows, behind the dropout, over the units.
	Correlation float64
	// Gradient is the correlation of the gradients with respect to these outputs, relative to that at the outputs of the last layer.
	Gradient float64
}

// Rows follows the correlation of two rows with the given moments forward, from that of the inputs, and the correlation of their gradients
// backward, from 1 at the outputs of the last layer. The result begins with the inputs. The rows have different dropout masks.
func (n Network) Rows(start Moments, correlation float64) ([]RowSignal, error) {
	if err := start.check("the network's input"); err != nil {
		return nil, err
	}
	all, factors := []RowSignal{{Correlation: correlation}}, []float64{math.NaN()}
	m := start
	for i, l := range n.Layers {
		c, err := l.Correlation(m, all[i].Correlation)
		if err != nil {
			return nil, errors.Wrapf(err, "theory: layer %d", i+1)
		}
		factor, err := l.GradientCorrelation(m, all[i].Correlation)
		if err != nil {
			return nil, errors.Wrapf(err, "theory: layer %d", i+1)
		}
		if m, err = l.Map(m); err != nil {
			return nil, errors.Wrapf(err, "theory: layer %d", i+1)
		}
		all, factors = append(all, RowSignal{Correlation: c}), append(factors, factor)
	}
	all[len(all)-1].Gradient = 1
	for i := len(all) - 1; i >= 1; i-- {
		all[i-1].Gradient = all[i].Gradient * factors[i]
	}
	return all, nil
}
