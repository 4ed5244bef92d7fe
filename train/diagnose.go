package train

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// ErrDiverged is the cause of the error of a training whose loss or weights are no longer finite numbers.
var ErrDiverged = errors.New("the training has diverged")

const divergedAdvice = "lower the learning rate, and look for huge or missing features"

// diagnose says where a loss that is not finite comes from.
func diagnose(m *machine, loss float64) error {
	if !finite(m.x) {
		return errors.Errorf("the loss is %v: the features of this batch are not all finite numbers", loss)
	}
	return errors.Wrap(ErrDiverged, origin(m, loss))
}

func origin(m *machine, loss float64) string {
	for _, l := range m.Layers {
		for _, p := range l.Params {
			if !finite(p.Value) {
				return fmt.Sprintf("the loss is %v: parameter %q of layer %q has diverged; %s", loss, p.Name, l.Name, divergedAdvice)
			}
		}
	}
	for _, l := range m.Layers {
		if out, ok := l.Output.Value().(*tensor.Dense); ok && l.Output != m.Output && !finite(out) {
			return fmt.Sprintf("the loss is %v: the output of layer %q is the first that is not finite; %s", loss, l.Name, divergedAdvice)
		}
	}
	if len(m.Layers) > 0 {
		return fmt.Sprintf("the loss is %v: the output of layer %q is out of range; %s", loss, m.Layers[len(m.Layers)-1].Name, divergedAdvice)
	}
	return fmt.Sprintf("the loss is %v; %s", loss, divergedAdvice)
}

// checkFinite returns an error that names the first parameter with an element that is not a finite number.
func checkFinite(p *nn.Params) error {
	for _, x := range p.All() {
		if !finite(x.Value) {
			return errors.Wrapf(ErrDiverged, "parameter %q in the last step; lower the learning rate", x.Name)
		}
	}
	return nil
}

func finite(t *tensor.Dense) bool {
	switch x := t.Data().(type) {
	case []float32:
		return allFinite(x)
	case []float64:
		return allFinite(x)
	}
	return true
}

func allFinite[T float32 | float64](x []T) bool {
	for _, v := range x {
		if !finiteNumber(float64(v)) {
			return false
		}
	}
	return true
}

func finiteNumber(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
