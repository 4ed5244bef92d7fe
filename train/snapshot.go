package train

import (
	"encoding/json"

	"gorgonia.org/tensor"
)

// Stateful is an optimizer or callback whose state a checkpoint keeps. Restored into a fresh one with the same settings,
// the training goes on as if it had not been interrupted.
type Stateful interface {
	// Snapshot returns the state. Its tensors may be the live ones: they are written before the next step.
	Snapshot() (Snapshot, error)
	// Restore copies a state in. It returns an error if the state is not of this kind.
	Restore(s Snapshot) error
}

// Snapshot is the state of a Stateful.
type Snapshot struct {
	// Values are the small things, as JSON.
	Values json.RawMessage
	// Tensors are the large ones, by name.
	Tensors map[string]*tensor.Dense
}
