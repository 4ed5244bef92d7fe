package nn

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// Func is a layer without parameters that applies a function, such as Func(ops.ReLU).
type Func func(x *G.Node) (*G.Node, error)

// Forward applies the function.
func (f Func) Forward(_ *Binder, x *G.Node) (*G.Node, error) {
	if f == nil || x == nil {
		return nil, errors.New("Func: the function or the input is nil")
	}
	return f(x)
}
