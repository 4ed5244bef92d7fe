package train

import (
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
)

// average is the moving average of the weights of a run. Its methods do nothing on nil.
type average struct {
	*optim.Average
	weights []G.Value
}

func newAverage(decay float64, weights []G.Value, w *kernel.Workers) (*average, error) {
	a, err := optim.NewAverage(decay)
	if err != nil {
		return nil, err
	}
	a.UseWorkers(w)
	return &average{a, weights}, a.Start(weights)
}

// update takes the weights of a step.
func (a *average) update() error {
	if a == nil {
		return nil
	}
	return a.Update(a.weights)
}

// swap exchanges the weights of the network and the average.
func (a *average) swap() error {
	if a == nil {
		return nil
	}
	return a.Swap(a.weights)
}
