package ops

import G "gorgonia.org/gorgonia"

// Mean is the mean of x over the given axes, which disappear; see [Sum]. Without axes it is the mean of all elements, a scalar. x has any
// shape.
func Mean(x *G.Node, axes ...int) (*G.Node, error) { return Apply(MeanDef(axes...), x) }

// MeanDef is the op of [Mean], as a step of a gradient.
func MeanDef(axes ...int) Def {
	return reduction("Mean", axes, func(terms int) float64 { return 1 / float64(terms) })
}
