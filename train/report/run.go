package report

import (
	"time"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Run is the content of a page. Every field may be empty; the page leaves out missing parts.
type Run struct {
	Title string
	// Synthetic means that the data are made up, a stand-in for real ones. The page says so at its top.
	Synthetic bool
	// Config holds the settings, in the order of the page.
	Config []Setting
	// Notes are sentences about the data.
	Notes []string
	// Model describes the network, for example with graphs.Graph.Summary.
	Model string
	// Params is the number of trainable weights.
	Params int
	// Validation names the validation data of the history. Empty means "validation".
	Validation string
	// LearningRate is that of the optimizer, which the factors of the history multiply. 0 means that it is not known.
	LearningRate float64
	// Networks are the names of the networks of an ensemble, in the order in which a recorder sees their trainings. Finished are those
	// whose training has ended, all but the one of History.
	Networks []string
	Finished []Network
	// Stage names the work of the program while it trains no network, such as "reading data". It is empty when it is done.
	Stage string
	// Folders are paths of folders that the page leaves out of its texts, because they are nobody else's business: with /home/me,
	// /home/me/data.csv becomes data.csv.
	Folders []string
	// Began is the start of the training, and Seconds its duration so far.
	Began   time.Time
	Seconds float64
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
	// Histograms are those of weights and activations.
	Histograms []Histogram

	// A recorder fills these in: no training has begun, the network of the ensemble, counted from 1, the seconds that its training
	// has taken, it has ended although steps may remain, the live page is closed.
	waiting bool
	network int
	taken   float64
	ended   bool
	closed  bool
}

// Network is one of an ensemble whose training has ended.
type Network struct {
	Name    string
	Seconds float64
	// History is that of its training. The page does not need its Moments.
	History *callback.History
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

// Result is the evaluation of a network on one set of labelled rows, with names. Its Kind determines the tables and charts.
type Result struct {
	// Name is the name of the rows, such as "test".
	Name string
	// Names are the names of the outputs: tasks or classes. A missing name is replaced by the index of the output.
	Names []string
	*metric.Result
}
