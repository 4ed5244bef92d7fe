package metric

import "fmt"

// Kind is the kind of the outputs and labels of a [Result]. The zero value is not a valid kind.
type Kind int

const (
	// Binary outputs are tasks: each is a probability, or another score, with a label per row that is positive above 0.5.
	Binary Kind = iota + 1
	// Classes are outputs that hold the probability of one class each. A row has one label, the index of its class.
	Classes
	// Values are the outputs of a regression. Each has a label per row.
	Values
	// Distributions are like Classes, but the label of a row consists of a probability for each class. They sum to 1. Metrics that need a
	// single class use the most probable one.
	Distributions
)

// String returns a word for error messages and tables.
func (k Kind) String() string {
	switch k {
	case Binary:
		return "binary labels"
	case Classes:
		return "classes"
	case Values:
		return "regression"
	case Distributions:
		return "distributions over classes"
	}
	return fmt.Sprintf("unknown kind %d", int(k))
}

// rowLabels reports whether each row has one weight. Otherwise each label has one.
func (k Kind) rowLabels() bool { return k == Classes || k == Distributions }
