package callback

import "github.com/selfnorm/selfnorm/graphs"

// History is the record of a training.
type History struct {
	// Metric is the name of the metric of the validation data, and Metrics are those of Config.Metrics.
	Metric  string
	Metrics []string `json:",omitempty"`
	Epochs  []Epoch
	// Best is the number of the epoch whose weights were kept; 0 means those of the last epoch, the default.
	Best int
	// ResumedAt is the step of the checkpoint from which the run last continued, or 0 if it was not interrupted.
	ResumedAt int `json:",omitempty"`
	// Moments are the statistics of the layers that Probes kept, in the order of the steps.
	Moments []Moments `json:",omitempty"`
	// Warnings are the reasons why the network does not normalize itself, and other warnings of the run, each once.
	Warnings []string `json:",omitempty"`
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
	// Rate is the factor of the learning rate at the last step.
	Rate float64
}

// Judgement is the loss of a network on some rows and the values of Config.Metric and Config.Metrics.
type Judgement struct {
	Loss, Metric float64
	Metrics      []float64 `json:",omitempty"`
}

// Moments are the statistics of all probed layers in one step.
type Moments struct {
	Step   int // counted from 1
	Layers []LayerMoments
}

// LayerMoments are the statistics of one layer.
type LayerMoments = graphs.LayerMoments
