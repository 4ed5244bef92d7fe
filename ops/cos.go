package ops

import (
	"math"

	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Cos is the cosine of x, in radians, elementwise. x has any shape.
func Cos(x *G.Node) (*G.Node, error) {
	return Apply(unaryDef("Cos", cosine[float32], cosine[float64], Step{binaryDef("CosGrad", cosineGrad[float32], cosineGrad[float64]), []Arg{Upstream, Input(0)}}), x)
}

func cosine[T kernel.Float](_ *kernel.Workers, dst, x []T) {
	for i, v := range x {
		dst[i] = T(math.Cos(float64(v)))
	}
}

// cosineGrad sets dst to the gradient of x: -g sin(x).
func cosineGrad[T kernel.Float](_ *kernel.Workers, dst, g, x []T) {
	for i, v := range x {
		dst[i] = -g[i] * T(math.Sin(float64(v)))
	}
}
