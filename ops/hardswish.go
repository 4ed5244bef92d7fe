package ops

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

var hardSwish = Elementwise{
	Name:   "HardSwish",
	ID:     own{},
	Fast32: &Loops[float32]{F: kernel.HardSwish[float32], GradAt: kernel.HardSwishGrad[float32]},
	Fast64: &Loops[float64]{F: kernel.HardSwish[float64], GradAt: kernel.HardSwishGrad[float64]},
}

// HardSwish is x times HardSigmoid, elementwise (Howard et al. 2019, section 5.2). The slope is 0 for x < -3, x/3 + 1/2 from -3 to 3 and 1 for x > 3: it
// jumps at the kinks -3 and 3, where it is -1/2 and 3/2. x has any shape.
func HardSwish(x *G.Node) (*G.Node, error) { return hardSwish.Apply(x) }
