package train

import (
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/metric"
)

// The types that training needs, so that most programs need only this package.
type (
	// Data is a set of examples. *datasets.Set is one, and Matrix another.
	Data = data.Data
	// Matrix is data in memory: a matrix, or images.
	Matrix = data.Matrix
	// Named is data in memory with several inputs and outputs, its Features and Targets.
	Named   = data.Named
	Feature = data.Feature
	Target  = data.Target
	// Callback is called during training; package callback has several, and the interfaces for your own.
	Callback = callback.Callback
	// State is the state of a run, for its callbacks.
	State = callback.State
	// History is the record of a training.
	History = callback.History
	// Epoch is one pass over the data.
	Epoch = callback.Epoch
	// Predictions are the outputs of a network for a number of rows.
	Predictions = metric.Predictions
	// Result holds predictions for labelled rows.
	Result = metric.Result
)

var (
	// ErrStop is returned by a callback to end the training. Fit then returns without an error.
	ErrStop = callback.ErrStop
	// ErrDiverged is the cause of the error if the loss or the weights are no longer finite.
	ErrDiverged = callback.ErrDiverged
)

// Subset returns the data of the given rows, in that order, without copying them. Rows may repeat; one that is out of range is an
// error.
func Subset(d Data, rows []int) (Data, error) { return data.Subset(d, rows) }
