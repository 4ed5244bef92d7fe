package callback

import (
	"context"
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// NaNWatch is a callback that ends the run when a weight, an activation or a gradient is NaN or infinite. It checks between the backward
// pass and the update of the weights, so that a gradient that is not finite spoils no weight and the network keeps the weights of the
// previous step. Its error has the cause ErrDiverged, names the step, the layer and the parameter, and describes the fault. Without a
// NaNWatch a run ends only when its loss is not finite, or when it saves weights that are not.
type NaNWatch struct {
	// Every is the number of steps from one check to the next. 0 means 1.
	Every int

	norm32 kernel.Norm[float32]
	norm64 kernel.Norm[float64]
}

var (
	_ StartCallback        = (*NaNWatch)(nil)
	_ SparseUpdateCallback = (*NaNWatch)(nil)
)

// AtStart implements StartCallback.
func (w *NaNWatch) AtStart(context.Context, *State) error {
	if w == nil {
		return errors.New("NaNWatch: it is nil")
	}
	if w.Every < 0 {
		return errors.Errorf("NaNWatch: every %d steps", w.Every)
	}
	return nil
}

// UpdateDue implements SparseUpdateCallback.
func (w *NaNWatch) UpdateDue(s *State) bool {
	return w != nil && s != nil && (w.Every <= 1 || s.Step%w.Every == 0)
}

// BeforeUpdate implements UpdateCallback.
func (w *NaNWatch) BeforeUpdate(_ context.Context, s *State) error {
	if w == nil || s == nil || s.Graph == nil {
		return errors.New("NaNWatch: there is no graph; give it to train.Fit")
	}
	g := s.Graph
	for _, in := range g.Inputs {
		switch x := g.Value(in).(type) {
		case *tensor.Dense:
			if w.finite(x) {
				continue
			}
		case *tensor.CS:
			if finiteData(x.Data()) {
				continue
			}
		default:
			continue
		}
		if len(g.Inputs) > 1 {
			return errors.Errorf("NaNWatch: the features of the input %q of this batch are not all finite numbers", in.Name())
		}
		return errors.New("NaNWatch: the features of this batch are not all finite numbers")
	}
	fault := w.weights(g)
	if fault == "" {
		fault = w.activations(g)
	}
	if fault == "" {
		fault = w.gradients(g)
	}
	if fault == "" {
		return nil
	}
	return errors.Wrapf(ErrDiverged, "NaNWatch: %s; %s", fault, DivergedAdvice)
}

// weights describes the first parameter that is not finite, or returns "".
func (w *NaNWatch) weights(g *graphs.Graph) string {
	for _, p := range g.Params {
		if !w.finite(p.Value) {
			return fmt.Sprintf("parameter %q%s, as the step before left it, has %s", p.Name, ofLayer(g, p.Name), notFinite(p.Value))
		}
	}
	return ""
}

// activations describes the first layer of the forward pass whose pre-activations or output are not finite.
func (w *NaNWatch) activations(g *graphs.Graph) string {
	for _, l := range g.Layers {
		for _, n := range []struct {
			node *G.Node
			name string
		}{{l.PreActivation, "pre-activations"}, {l.Output, "activations"}} {
			if n.node == nil {
				continue
			}
			if t, ok := g.Value(n.node).(*tensor.Dense); ok && !w.finite(t) {
				return fmt.Sprintf("the %s of layer %q have %s", n.name, l.Name, notFinite(t))
			}
		}
	}
	return ""
}

// gradients describes the first gradient of the backward pass that is not finite.
func (w *NaNWatch) gradients(g *graphs.Graph) string {
	for i, p := range slices.Backward(g.Params) {
		if g.Grads[i] == nil {
			continue
		}
		if t, ok := g.Grads[i].Value().(*tensor.Dense); ok && !w.finite(t) {
			return fmt.Sprintf("the gradient of parameter %q%s has %s; no weight was changed in this step", p.Name, ofLayer(g, p.Name), notFinite(t))
		}
	}
	return ""
}

// finite is a faster Finite: if the sum of squares is finite, so are all elements.
func (w *NaNWatch) finite(t *tensor.Dense) bool {
	x, err := dense.Elements(t)
	switch {
	case err != nil:
		return true
	case x.F32 != nil:
		return finiteNumber(w.norm32.Squared(nil, x.F32)) || Finite(t)
	}
	return finiteNumber(w.norm64.Squared(nil, x.F64)) || Finite(t)
}

// ofLayer names the layer that a parameter belongs to.
func ofLayer(g *graphs.Graph, parameter string) string {
	for _, l := range g.Layers {
		for _, p := range l.Params {
			if p.Name == parameter {
				return fmt.Sprintf(" of layer %q", l.Name)
			}
		}
	}
	return ""
}
