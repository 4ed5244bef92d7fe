package batch

// Scaling is one step of feature scaling, column by column: x becomes (x - Mean) / SD, and then its tanh if Tanh is set. An SD of 0 makes
// a column 0. NaN and infinite values become 0 before the first step.
type Scaling struct {
	Mean, SD []float64
	Tanh     bool
}
