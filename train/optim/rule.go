package optim

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// Rule is the formula of an optimizer and its settings: how one step changes a parameter, given its gradient. It holds no state. The
// Optimizer keeps the buffers and passes them to each update.
//
// The methods of a rule must not change it, so that runs can share it. If a rule is a struct of numbers, as in this package, checkpoints
// can describe its settings; see Describe.
type Rule interface {
	// Name identifies the kind of state in checkpoints, such as "adam". It consists of letters, digits, '-' and '_'.
	Name() string
	// Check returns an error that names all settings that are out of range.
	Check() error
	// Buffers returns the names of the buffers that each parameter needs, such as "m" and "v", made of the same characters as Name. A
	// buffer has the size of its parameter and starts at 0.
	Buffers() []string
	// Update32 and Update64 update one parameter in place. The learning rate is the rule's own times s.RateFactor. They are called once per
	// step for each parameter, in any order.
	Update32(s Step, x Operands[float32]) error
	Update64(s Step, x Operands[float64]) error
}

// Rated is a Rule that has a learning rate, as all rules of this package do.
type Rated interface {
	Rule
	// LearningRate returns the rate that RateFactor multiplies, with the default filled in.
	LearningRate() float64
}

// LearningRate returns the learning rate of a rule that is Rated. It is 0 for others, and if the rule cannot tell.
func LearningRate(rule Rule) (rate float64) {
	defer func() {
		if recover() != nil { // for example a nil pointer
			rate = 0
		}
	}()
	if r, ok := rule.(Rated); ok {
		return r.LearningRate()
	}
	return 0
}

// Step describes the current step to a Rule.
type Step struct {
	// Workers are the threads to use; nil is the caller's thread alone. Results must not depend on their number.
	Workers *kernel.Workers
	// Number counts steps from 1.
	Number int
	// RateFactor multiplies the rule's learning rate: the factor of the schedule times that of the parameter's group.
	RateFactor float64
	// NoDecay means that weight decay does not apply to this parameter.
	NoDecay bool
}

// decay returns the weight decay that applies.
func (s Step) decay(x float64) float64 {
	if s.NoDecay {
		return 0
	}
	return x
}

// Operands are a parameter, its gradient and its buffers, as flat slices.
type Operands[T kernel.Float] struct {
	Value, Grad []T
	// Buffers are in the order of Rule.Buffers.
	Buffers [][]T
	// Rows is nil for a dense gradient. Otherwise the gradient is row-sparse: only the rows with these indices, each once, belong to it. It
	// still has the size of the parameter, with zeros elsewhere, so a rule reads and writes the same places of all slices and no others.
	// Only a RowRule gets such gradients.
	Rows []int
	// Width is the number of elements per row, if Rows is not nil.
	Width int
}

// Check returns an error unless s is valid and x is a parameter with a dense gradient and the given number of buffers, all of the same
// size. Rules call it before they update.
func (x Operands[T]) Check(s Step, buffers int) error {
	if x.Rows != nil {
		return errors.New("a row-sparse gradient, want a dense one")
	}
	return x.CheckRows(s, buffers)
}

// CheckRows is Check for rules that take row-sparse gradients, too.
func (x Operands[T]) CheckRows(s Step, buffers int) error {
	if s.Number < 1 || !(s.RateFactor >= 0) || !finite(s.RateFactor) {
		return errors.Errorf("step %d with rate factor %v", s.Number, s.RateFactor)
	}
	if len(x.Grad) != len(x.Value) || len(x.Buffers) != buffers {
		return errors.Errorf("a gradient of %d elements and %d buffers, want %d and %d", len(x.Grad), len(x.Buffers), len(x.Value), buffers)
	}
	if x.Rows != nil && (x.Width < 1 || x.Width > len(x.Value)) {
		return errors.Errorf("rows of %d elements of a parameter of %d", x.Width, len(x.Value))
	}
	for _, r := range x.Rows {
		if r < 0 || r >= len(x.Value)/x.Width {
			return errors.Errorf("row %d of %d", r, len(x.Value)/x.Width)
		}
	}
	for k, b := range x.Buffers {
		if len(b) != len(x.Value) {
			return errors.Errorf("buffer %d has %d elements, want %d", k, len(b), len(x.Value))
		}
	}
	return nil
}

// RowRule is a Rule that reports whether it takes row-sparse gradients. For a Rule without this method, a row-sparse gradient is an error;
// see AllRows.
type RowRule interface {
	Rule
	TakesRows() bool
}

// RowGrad is a gorgonia.ValueGrad whose gradient may be row-sparse. Rows are the rows of the gradient that may differ from zero, each once;
// nil means all of them. The gradient itself has the shape of the parameter in either case; ops.RowsOf gives the rows of its node.
type RowGrad interface{ Rows() []int }

// Preparer is a Rule that works on the gradients of all parameters before the first of them is updated, as ClipNorm does.
type Preparer interface {
	Rule
	// Prepare may measure and scale the gradients. An error ends the step before any parameter has changed.
	Prepare(g *Gradients) error
}
