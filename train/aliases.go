package train

import (
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/metric"
)

// The types that a training has to do with, so that most programs need this package alone.
type (
	// Data is a set of examples. *datasets.Set is one, and Matrix another.
	Data = data.Data
	// Matrix is data in memory.
	Matrix = data.Matrix
	// Callback is called during a training; package callback has some, and the interfaces for yours.
	Callback = callback.Callback
	// State is what a callback sees.
	State = callback.State
	// History is what happened in a training.
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
	// ErrDiverged is the cause of the error of a training whose loss or weights are no longer finite numbers.
	ErrDiverged = callback.ErrDiverged
)

// Subset returns the data of the given rows, in that order. Nothing is copied. Rows may repeat; one that is out of range is an
// error.
func Subset(d Data, rows []int) (Data, error) { return data.Subset(d, rows) }
