package callback

import (
	"context"
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// NaNWatch is a callback that ends the run when a weight, an activation or a gradient is NaN or infinite. It looks between the backward
// pass and the update of the weights, so that a gradient that is not finite spoils no weight, and what is saved at the end of the run
// are the weights of the step before. The cause of its error is ErrDiverged; it names the step, the layer, the parameter and what is
// wrong with it. Without a NaNWatch a run ends, too, but only when the loss is not finite, or weights are to be saved.
type NaNWatch struct {
	// Every is the number of steps from one look to the next. 0 means 1.
	Every int

	norm32 kernel.Norm[float32]
	norm64 kernel.Norm[float64]
}

var _ SparseUpdateCallback = (*NaNWatch)(nil)

// UpdateDue implements SparseUpdateCallback.
func (w *NaNWatch) UpdateDue(s *State) bool { return w.Every <= 1 || s.Step%w.Every == 0 }

// BeforeUpdate implements UpdateCallback.
func (w *NaNWatch) BeforeUpdate(_ context.Context, s *State) error {
	if w.Every < 0 {
		return errors.Errorf("NaNWatch: every %d steps", w.Every)
	}
	g := s.Graph
	if g == nil {
		return errors.New("NaNWatch: there is no graph; give it to train.Fit")
	}
	if x, ok := g.Value(g.X).(*tensor.Dense); ok && !w.finite(x) {
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

// finite is the function of that name, faster: a sum of squares that is finite needs no look at the elements.
func (w *NaNWatch) finite(t *tensor.Dense) bool {
	sum := 0.0
	switch x := t.Data().(type) {
	case []float32:
		sum = w.norm32.Squared(nil, x)
	case []float64:
		sum = w.norm64.Squared(nil, x)
	}
	return finiteNumber(sum) || Finite(t)
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
