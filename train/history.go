package train

import "github.com/selfnorm/selfnorm/graphs"

// History is what happened in a training.
type History struct {
	// Metric is the name of the metric of the validation data, and Metrics are those of Config.Metrics.
	Metric  string
	Metrics []string `json:",omitempty"`
	Epochs  []Epoch
	// Best is the number of the epoch whose weights were kept, 0 if it is the last one as usual.
	Best int
	// Moments are what probes saw of the layers, in the order of the steps.
	Moments []Moments `json:",omitempty"`
	// Warnings are sentences about what keeps the network from normalizing itself, each once.
	Warnings []string `json:",omitempty"`
}

// Epoch is one pass over the data.
type Epoch struct {
	Number int
	// Step is the number of steps of the run at the end of the epoch, and Seconds the time since its start.
	Step    int
	Seconds float64
	// Loss is the mean over the batches of the training loss, with dropout on.
	Loss float64
	// ValidationLoss and ValidationMetric are 0 without validation data, and ValidationMetrics, in the order of
	// History.Metrics, is empty.
	ValidationLoss, ValidationMetric float64
	ValidationMetrics                []float64 `json:",omitempty"`
	// Rate is the factor of the learning rate at the last step.
	Rate float64
}

// Moments are the statistics of all probed layers in one step.
type Moments struct {
	Step   int // counted from 1
	Layers []LayerMoments
}

// LayerMoments are the statistics of one layer.
type LayerMoments = graphs.LayerMoments
