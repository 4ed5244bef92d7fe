package report

import (
	"time"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Run is the content of a page. Every field may be empty; the page leaves out missing parts.
type Run struct {
	Title string
	// Config holds the settings, in the order of the page.
	Config []Setting
	// Banner is a sentence that the reader must not miss, such as that the data are made up. It stands above all numbers.
	Banner string
	// Phase names the current work of an unfinished run, such as "reading data" or "network 3 of 5". The page of a run with a phase is not done.
	Phase string
	// Notes are sentences about the data.
	Notes []string
	// Model describes the network, for example with graphs.Graph.Summary.
	Model string
	// Params is the number of trainable weights.
	Params int
	// Validation names the validation data of the history. Empty means "validation".
	Validation string
	// Began is the start of the training, and Seconds its duration so far.
	Began   time.Time
	Seconds float64
	// LearningRate is the rate that the factors of the history multiply. A recorder fills in that of the optimizer. 0 means unknown: the
	// page then shows the factors.
	LearningRate float64
	// Networks are those of an ensemble that have been trained, in their order. History is that of the most recent one.
	Networks []Network
	// Progress reports how far the training has come.
	Progress Progress
	// Failure explains why the training ended early.
	Failure string
	// History is the history of the training. Its Moments are drawn if there are any; see callback.Probes.
	History *callback.History
	// Losses are the training losses step by step, in order.
	Losses []Losses
	// SELU holds the names of the layers with SELU units, to which the theorem of self-normalization applies. Nil means all layers.
	SELU []string
	// Results are evaluations on labelled data, the most important first.
	Results []Result
	// Contributions explain predictions.
	Contributions []Contributions
	// Histograms are those of weights and activations.
	Histograms []Histogram

	trained float64 // seconds since the training of the network began
	live    bool    // for a page that is watched
	over    bool    // the watcher was closed
	ended   bool    // although steps remain, as after early stopping
}

// Network is a network of an ensemble.
type Network struct {
	// Name tells it from the others, such as "seed 3".
	Name    string
	History *callback.History
	// Seconds is the duration of its training.
	Seconds float64
}

// Setting is a line of the configuration.
type Setting struct{ Name, Value string }

// Progress counts the finished steps and epochs, and the totals. A Steps of 0 means unknown.
type Progress struct {
	Step, Steps   int
	Epoch, Epochs int
	Loss          float64 // of the last step
}

// Losses summarizes the training losses of the steps First to Last, counted from 1.
type Losses struct {
	First, Last    int
	Mean, Min, Max float64
}

// Result is the evaluation of a network on one set of labelled rows, with names. Its Kind determines the tables and charts. The result of a
// network with several outputs, which has Parts, becomes a section for each output.
type Result struct {
	// Name is the name of the rows, such as "test".
	Name string
	// Names are the names of the outputs: tasks or classes. A missing name is replaced by the index of the output.
	Names []string
	*metric.Result

	note string // stands before the tables
}
