package callback

import (
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/graphs"
)

// History is the record of a training.
type History struct {
	// Metric is the name of the metric of the validation data, and Metrics are those of Config.Metrics.
	Metric  string
	Metrics []string `json:",omitempty"`
	// Outputs are the names of the outputs of a network with several, nil for a network with one.
	Outputs []string `json:",omitempty"`
	Epochs  []Epoch
	// Best is the number of the epoch whose weights were kept; 0 means those of the last epoch, the default.
	Best int
	// ResumedAt is the step of the checkpoint from which the run last continued, or 0 if it was not interrupted.
	ResumedAt int `json:",omitempty"`
	// Moments are the statistics of the layers that Probes kept, in the order of the steps.
	Moments []Moments `json:",omitempty"`
	// Warnings are the reasons why the network does not normalize itself, and other warnings of the run, each once.
	Warnings []string `json:",omitempty"`
	// Distributions are those of the layers' pre-activations that DensityProbes kept, in the order of the steps.
	Distributions []Distributions `json:",omitempty"`
}

// Last returns the last validated epoch, or nil if there is none.
func (h *History) Last() *Epoch {
	if h == nil {
		return nil
	}
	for i := len(h.Epochs) - 1; i >= 0; i-- {
		if h.Epochs[i].Validated {
			return &h.Epochs[i]
		}
	}
	return nil
}

// Epoch is one pass over the data.
type Epoch struct {
	Number int
	// Step is the number of steps of the run at the end of the epoch, and Seconds the time since its start.
	Step    int
	Seconds float64
	// Loss is the mean over the batches of the training loss, with dropout on.
	Loss float64
	// Validated reports whether the validation data were evaluated after this epoch.
	Validated bool `json:",omitempty"`
	// ValidationLoss and ValidationMetric are 0 without a validation, and ValidationMetrics, in the order of
	// History.Metrics, is empty.
	ValidationLoss, ValidationMetric float64
	ValidationMetrics                []float64 `json:",omitempty"`
	// Training holds the same for the training rows, without dropout, if Config.TrainingMetrics is set.
	Training *Judgement `json:",omitempty"`
	// Outputs holds the losses of the outputs of a network with several, nil for a network with one.
	Outputs *OutputLosses `json:",omitempty"`
	// Rate is the factor of the learning rate at the last step.
	Rate float64
}

// OutputLosses are the losses of the outputs of a network with several, in the order of History.Outputs. The loss of the network is their sum,
// each times the weight of the output. Validation is nil without a validation.
type OutputLosses struct {
	Training   []float64
	Validation []float64 `json:",omitempty"`
}

// outputLoss returns an element of losses, NaN if there is none.
func outputLoss(losses []float64, i int) float64 {
	if i < 0 || i >= len(losses) {
		return math.NaN()
	}
	return losses[i]
}

// OutputLoss returns the training loss of output i of a network with several in this epoch, and the validation loss. Values that do not exist are NaN.
func (e *Epoch) OutputLoss(i int) (training, validation float64) {
	if e == nil || e.Outputs == nil {
		return math.NaN(), math.NaN()
	}
	return outputLoss(e.Outputs.Training, i), outputLoss(e.Outputs.Validation, i)
}

// Judgement is the loss of a network on some rows and the values of Config.Metric and Config.Metrics. Losses are those of the outputs, in the
// order of History.Outputs.
type Judgement struct {
	Loss, Metric float64
	Metrics      []float64 `json:",omitempty"`
	Losses       []float64 `json:",omitempty"`
}

// Moments are the statistics of all probed layers in one step.
type Moments struct {
	Step   int // counted from 1
	Layers []LayerMoments
}

// HasGradients reports whether the variances of gradients are among them: they are there if Probes.Gradients is set, and not all are 0.
func (m *Moments) HasGradients() bool {
	return m != nil && slices.ContainsFunc(m.Layers, func(l LayerMoments) bool {
		return l.PreGradientVariance != 0 || l.GradientVariance != 0 || l.WeightGradientVariance != 0
	})
}

// LayerMoments are the statistics of one layer.
type LayerMoments = graphs.LayerMoments
