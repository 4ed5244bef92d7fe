package nn

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// BatchNorm normalizes the columns of its input, with the statistics of the batch in training graphs and with running statistics in
// evaluation graphs (Ioffe and Szegedy 2015). Its parameters are gamma and beta; its state is mean and variance. A training batch needs at
// least two rows. If parameters and state are all frozen, the layer also uses its running statistics in training, and leaves them
// unchanged.
type BatchNorm struct {
	// Eps is added to the variance. 0 means 1e-5.
	Eps float64
	// Momentum is the weight of the newest batch in the running statistics. 0 means 0.1.
	Momentum float64
}

// Forward adds the layer to the graph of x, a matrix.
func (n BatchNorm) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("BatchNorm", b, x); err != nil {
		return nil, err
	}
	if n.Eps == 0 {
		n.Eps = 1e-5
	}
	if n.Momentum == 0 {
		n.Momentum = 0.1
	}
	d := x.Shape()[1]
	gamma, err := b.Param("gamma", Ones, d)
	if err != nil {
		return nil, err
	}
	beta, err := b.Param("beta", Zeros, d)
	if err != nil {
		return nil, err
	}
	mean, meanNode, err := b.State("mean", Zeros, d)
	if err != nil {
		return nil, err
	}
	variance, varianceNode, err := b.State("variance", Ones, d)
	if err != nil {
		return nil, err
	}
	if b.Training && !b.AllFrozen("gamma", "beta", "mean", "variance") {
		return ops.BatchNorm(x, gamma, beta, n.Eps, ops.NewRunning(mean, variance, n.Momentum))
	}
	return ops.BatchNormEval(x, gamma, beta, meanNode, varianceNode, n.Eps)
}
