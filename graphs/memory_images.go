package graphs

import (
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// convolutionBuffers returns the bytes that a convolution or one of its gradients needs while it runs.
func convolutionBuffers(n *G.Node, def ops.Def, threads int) int {
	in := childrenOf(n)
	if len(def.Attrs) != 2 || len(in) < 2 {
		return 0
	}
	images, filters := in[0], in[1] // of the convolution
	switch def.Name {
	case "Conv2DGradInput":
		images = n
	case "Conv2DGradWeights":
		images, filters = in[1], n
	}
	stride, _ := def.Attrs[0].(int)
	padding, _ := def.Attrs[1].(int)
	x, w := images.Shape(), filters.Shape()
	if x.Dims() != 4 || w.Dims() != 4 {
		return 0
	}
	s := kernel.ConvShape{
		Batch: x[0], Channels: x[1], Height: x[2], Width: x[3], Filters: w[0], KernelHeight: w[2], KernelWidth: w[3],
		Stride: min(stride, max(x[2], x[3])+2*padding), Padding: padding,
	}
	if n.Dtype() == tensor.Float32 {
		return passMemory(&kernel.Conv2D[float32]{ConvShape: s}, def.Name, threads)
	}
	return passMemory(&kernel.Conv2D[float64]{ConvShape: s}, def.Name, threads)
}

// passMemory returns the memory of the pass that the op is.
func passMemory[T kernel.Float](c *kernel.Conv2D[T], name string, threads int) int {
	switch name {
	case "Conv2DGradInput":
		return c.GradInputMemory(threads)
	case "Conv2DGradWeights":
		return c.GradWeightsMemory(threads)
	}
	return c.ForwardMemory(threads)
}
